import type { Account, CoreRole, Landscape } from "./model";

/** Every name the kit gives to something in AWS, and nothing else. Lengths are those that AWS allows. */

/** Objects of one kind of log lie in one bucket. `access-logs` holds the buckets' own server access logs. */
export const logKinds = ["cloudtrail", "flow-logs", "dns-queries", "findings"] as const;
export type LogKind = (typeof logKinds)[number];
export type BucketKind = LogKind | "access-logs" | "state";

export const namePrefix = (landscape: Landscape): string => `${landscape.organization.name}-ir`;

/** Account that owns a bucket: the log archive, but for Terraform's state. */
export function bucketOwner(landscape: Landscape, kind: BucketKind): Account {
  const role: CoreRole =
    kind === "state" && landscape.backend.type === "s3" ? landscape.backend.account : "logArchive";
  return landscape.accounts[role];
}

/** Account id and region are part of the name, since bucket names are unique in the whole partition. */
export function bucketName(landscape: Landscape, kind: BucketKind): string {
  const owner = bucketOwner(landscape, kind);
  return `${namePrefix(landscape)}-${kind}-${accountId(owner)}-${landscape.homeRegion}`;
}

/**
 * Account that owns the key of a kind of log. CloudTrail's stands beside the trail, in the management account:
 * CloudTrail wants the ARN of a key, which no other stack could know before it is made (ADR 0004).
 */
export const keyOwner = (landscape: Landscape, use: LogKind): Account =>
  landscape.accounts[use === "cloudtrail" ? "management" : "logArchive"];

export const keyAliasName = (landscape: Landscape, use: LogKind): string =>
  `alias/${namePrefix(landscape)}/${use}`;

export const trailName = (landscape: Landscape): string => `${namePrefix(landscape)}-organization`;

export type BaselineScope = "global" | "regional";

/** The same name for StackSet and stack: what is deployed is the same text. */
export const baselineName = (landscape: Landscape, scope: BaselineScope): string =>
  `${namePrefix(landscape)}-baseline-${scope}`;

/** SSM parameter by which a reader tells which baseline stands in an account and region. */
export const baselineMarkerName = (landscape: Landscape): string => `/${namePrefix(landscape)}/baseline`;

export type RoleUse = "quarantine" | "auto-inventory";

/** Roles have the same name in the hub's account and in the spokes'; the account tells which is which. */
export const roleName = (landscape: Landscape, use: RoleUse): string => `${namePrefix(landscape)}-${use}`;

/** Path of the kit's IAM roles and policies, by which guardrails recognize them. */
export const iamPath = (landscape: Landscape): string => `/${namePrefix(landscape)}/`;

export const quarantinePolicyName = (landscape: Landscape): string =>
  `${namePrefix(landscape)}-quarantine-deny-all`;

/** A text as part of a Terraform name; two texts can come out alike, which the cross-checks refuse. */
export const terraformName = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]+/g, "_");

/** The account's id; asking for one that bootstrap has yet to create is an error of the program. */
export function accountId(account: Account): string {
  if (account.id === undefined) throw new Error(`account ${account.name} has no id yet`);
  return account.id;
}

export function organizationId(landscape: Landscape): string {
  if (landscape.organization.id === undefined) throw new Error("the organization has no id yet");
  return landscape.organization.id;
}
