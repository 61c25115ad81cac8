import { type OrganizationsClient, paginateListAccounts } from "@aws-sdk/client-organizations";

export interface LiveAccount {
  readonly id: string;
  readonly email: string;
}

/** Accounts that there are now, by id: not the landscape's list, which may lack some. */
export async function liveAccounts(organizations: OrganizationsClient): Promise<LiveAccount[]> {
  const accounts: LiveAccount[] = [];
  for await (const { Accounts = [] } of paginateListAccounts({ client: organizations }, {})) {
    accounts.push(
      ...Accounts.filter(({ Status }) => Status === "ACTIVE").map(({ Id = "", Email = "" }) => ({
        id: Id,
        email: Email,
      })),
    );
  }
  return accounts.sort((one, other) => (one.id < other.id ? -1 : 1));
}
