import type { Account, Landscape } from "./model";
import {
  accountId,
  type BucketKind,
  bucketName,
  iamPath,
  keyAliasName,
  keyOwner,
  type LogKind,
  type RoleUse,
  roleName,
  trailName,
} from "./names";

/** Every ARN of the kit, and the only place that spells one. */
const arn = (landscape: Landscape, service: string, region: string, account: string, resource: string) =>
  `arn:${landscape.partition.name}:${service}:${region}:${account}:${resource}`;

export const bucketArn = (landscape: Landscape, kind: BucketKind): string =>
  arn(landscape, "s3", "", "", bucketName(landscape, kind));

/** An organization trail belongs to the management account, whoever created it. */
export const trailArn = (landscape: Landscape, region = landscape.homeRegion): string =>
  arn(
    landscape,
    "cloudtrail",
    region,
    accountId(landscape.accounts.management),
    `trail/${trailName(landscape)}`,
  );

export const accountRootArn = (landscape: Landscape, account: Account): string =>
  arn(landscape, "iam", "", accountId(account), "root");

/** Keys cross stacks by alias, since their ids are known only after they were made. */
export const keyAliasArn = (landscape: Landscape, use: LogKind): string =>
  arn(
    landscape,
    "kms",
    landscape.homeRegion,
    accountId(keyOwner(landscape, use)),
    keyAliasName(landscape, use),
  );

/** The role that Terraform assumes in an account; Organizations and Control Tower make it without a path. */
export const deployRoleArn = (landscape: Landscape, account: Account): string =>
  arn(landscape, "iam", "", accountId(account), `role/${landscape.deployRole}`);

export const roleArn = (landscape: Landscape, use: RoleUse, account: string): string =>
  arn(landscape, "iam", "", account, `role${iamPath(landscape)}${roleName(landscape, use)}`);

/** Who calls when CloudWatch Logs delivers flow logs or DNS query logs, in any region and account. */
export const logDeliverySourceArn = (landscape: Landscape): string => arn(landscape, "logs", "*", "*", "*");

/** Every GuardDuty detector of an account. */
export const detectorsArn = (landscape: Landscape, account: Account): string =>
  arn(landscape, "guardduty", "*", accountId(account), "detector/*");

/** Prefix of every object's ARN in a bucket. */
export const objectArns = (landscape: Landscape, kind: BucketKind): string =>
  `${bucketArn(landscape, kind)}/`;
