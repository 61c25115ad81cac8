import { type AccessRequest, administratorAccess, decide } from "../../../cli/access/decide";
import type { Deployment } from "../../../cli/access/deployment";

/** A request whose answer must be the one that is expected, as long as nothing is broken. */
export interface Probe {
  readonly name: string;
  readonly expected: "allowed" | "refused";
  readonly request: AccessRequest;
}

/** What somebody must not be able to do, who is administrator where he stands. */
export const refused = (name: string, request: AccessRequest): Probe => ({
  name,
  expected: "refused",
  request: { ...request, also: [administratorAccess, ...(request.also ?? [])] },
});

/** Whether a probe comes out as expected. */
export async function holds(deployment: Deployment, { expected, request }: Probe): Promise<boolean> {
  const { verdict } = await decide(deployment, request);
  return expected === "allowed" ? verdict === "allowed" : verdict === "denied" || verdict === "unmatched";
}

/** An administrator of an account, whatever the account's own policies allow. */
export const admin = (account: string) => `arn:aws:iam::${account}:role/administrator`;

export const instance = (account: string) => `arn:aws:ec2:eu-west-1:${account}:instance/i-0123456789abcdef0`;
