import { arn } from "./arn";
import { sessionLogName } from "./forensic-names";
import type { Landscape } from "./model";
import { accountId, bucketName, custodyName } from "./names";

/** ARNs of evidence, of what analyses it, and of the custody of both: in the forensics account. */
const inForensics = (landscape: Landscape, service: string, region: string, resource: string): string =>
  arn(landscape, service, region, accountId(landscape.accounts.forensics), resource);

/** Keys of the account, in every region; which of them is meant, a condition on its alias says. */
export const forensicKeysArn = (landscape: Landscape, region = "*"): string =>
  inForensics(landscape, "kms", region, "key/*");

/** A key of the account by its alias; a template of machines names it so, since its id is known to nobody before. */
export const forensicAliasArn = (landscape: Landscape, region: string, alias: string): string =>
  inForensics(landscape, "kms", region, alias);

/** Buckets of evidence, one a region. */
export const evidenceBucketsArn = (landscape: Landscape): string =>
  arn(landscape, "s3", "", "", bucketName(landscape, "evidence", "*"));

export const custodyFunctionArn = (landscape: Landscape): string =>
  inForensics(landscape, "lambda", landscape.homeRegion, `function:${custodyName(landscape)}`);

export const custodyTableArn = (landscape: Landscape): string =>
  inForensics(landscape, "dynamodb", landscape.homeRegion, `table/${custodyName(landscape)}`);

export const custodyLogGroupArn = (landscape: Landscape): string =>
  inForensics(landscape, "logs", landscape.homeRegion, `log-group:/aws/lambda/${custodyName(landscape)}`);

/** What is done on machines of analysts, region by region. */
export const sessionLogArn = (landscape: Landscape, region = "*"): string =>
  inForensics(landscape, "logs", region, `log-group:${sessionLogName(landscape)}`);

/** Machines of the account, in every region. */
export const forensicInstancesArn = (landscape: Landscape): string =>
  inForensics(landscape, "ec2", "*", "instance/*");
