import { type AccessRequest, administratorAccess, decide } from "../../cli/access/decide";
import { type Deployment, synthesizedDeployment } from "../../cli/access/deployment";
import { type Decision, simulate } from "../../cli/access/simulate";
import { roleArn } from "../../landscape/arns";
import type { RoleUse } from "../../landscape/names";
import { exampleLandscape } from "../support/landscapes";

/** Accounts of the example. */
export const management = "111111111111";
export const hub = "222222222222";
export const forensics = "444444444444";
export const member = "555555555555";

export const landscape = exampleLandscape();

let example: Deployment | undefined;

/** The example as synthesized. */
export function exampleDeployment(): Deployment {
  example ??= synthesizedDeployment(landscape);
  return example;
}

/** A role of the kit in an account. */
export const kitRole = (use: RoleUse, account = member): string => roleArn(landscape, use, account);

/** Lets everybody do everything: a resource policy that is no obstacle. */
export const openToAll = {
  Version: "2012-10-17",
  Statement: [{ Sid: "OpenToAll", Effect: "Allow", Principal: "*", Action: "*", Resource: "*" }],
};

/** Leaves it to the account's own policies: what a key, or a role that trusts its account, has. */
export const leftToAccount = (account: string) => ({
  Version: "2012-10-17",
  Statement: [
    {
      Sid: "LeftToAccount",
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${account}:root` },
      Action: "*",
      Resource: "*",
    },
  ],
});

/**
 * A resource policy that admits the request: across accounts, for keys, and for roles AWS and the simulator would
 * deny for want of one, which proves nothing about the role.
 */
function admission({ action, account, principal }: AccessRequest) {
  const own = principal.split(":")[4] ?? "";
  if (account !== undefined && account !== own) return { resourcePolicy: openToAll };
  return /^(kms:|sts:(AssumeRole|AssumeRoot|TagSession|SetSourceIdentity)$)/.test(action)
    ? { resourcePolicy: leftToAccount(own) }
    : {};
}

/** Decides with AdministratorAccess attached to the principal, and with no resource policy in the way. */
export const decideForAdministrator = (deployment: Deployment, request: AccessRequest): Promise<Decision> =>
  decide(deployment, {
    ...request,
    also: [administratorAccess],
    ...admission(request),
  });

/** Decides the same for an administrator whom nothing binds: a request that is denied to him proves nothing. */
export const decideUnbound = ({
  principal,
  action,
  resource,
  account,
  context,
}: AccessRequest): Promise<Decision> =>
  simulate({
    principal,
    action,
    resource,
    account: account ?? principal.split(":")[4] ?? "",
    ...(context && { context }),
    identityPolicies: [administratorAccess],
    resourcePolicy: openToAll,
  });

/** Counts of decisions, by what decided; printed at the end of a proof. */
export class Tally {
  private readonly counts = new Map<string, number>();

  add(decision: Decision): void {
    const by = decision.verdict === "allowed" ? "allowed" : (decision.stoppedBy[0] ?? decision.verdict);
    this.counts.set(by, (this.counts.get(by) ?? 0) + 1);
  }

  get total(): number {
    return [...this.counts.values()].reduce((sum, count) => sum + count, 0);
  }

  toString(): string {
    return [...this.counts].map(([by, count]) => `${count} by ${by}`).join(", ");
  }
}
