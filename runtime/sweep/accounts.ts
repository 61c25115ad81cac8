import { type OrganizationsClient, paginateListAccounts } from "@aws-sdk/client-organizations";
import { utc } from "../shared/clock";

export interface LiveAccount {
  readonly id: string;
  readonly email: string;
  /** When it joined the organization; absent where AWS does not say. */
  readonly joined?: string;
}

/**
 * Accounts that there are now, by id: not the landscape's list, which may lack some. `State` takes the place of
 * `Status`, which AWS no longer returns ("Account", AWS Organizations API reference).
 *
 * @throws Error where there is none: an organization has an account, so that AWS was misunderstood
 */
export async function liveAccounts(organizations: OrganizationsClient): Promise<LiveAccount[]> {
  const accounts: LiveAccount[] = [];
  for await (const { Accounts = [] } of paginateListAccounts({ client: organizations }, {})) {
    accounts.push(
      ...Accounts.filter(({ State, Status }) => (State ?? Status) === "ACTIVE").map(
        ({ Id = "", Email = "", JoinedTimestamp }) => ({
          id: Id,
          email: Email,
          ...(JoinedTimestamp && { joined: utc(JoinedTimestamp) }),
        }),
      ),
    );
  }
  if (accounts.length === 0) throw new Error("Organizations names no active account");
  return accounts.sort((one, other) => (one.id < other.id ? -1 : 1));
}
