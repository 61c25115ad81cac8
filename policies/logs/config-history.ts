import { bucketArn, configRolesArn } from "../../landscape/arns";
import type { Landscape } from "../../landscape/model";
import { organizationId } from "../../landscape/names";
import type { Condition, Statement } from "../document";
import { administerKey, decryptForInvestigation } from "./key";

/**
 * Config delivers as a role of the kit in each account, and not as itself: for a bucket of a whole organization AWS
 * wants a role, since its own service names accounts one by one. Source: "Permissions for the Amazon S3 bucket for the
 * AWS Config delivery channel" (AWS Config developer guide).
 */
const byConfigRoles = (landscape: Landscape): Condition => ({
  StringEquals: { "aws:PrincipalOrgID": organizationId(landscape) },
  ArnLike: { "aws:PrincipalArn": configRolesArn(landscape) },
});

/** The one access list with which Config writes: the bucket's owner owns what comes. */
export const deliveredToOwner = (condition: Condition = {}): Condition => ({
  ...condition,
  StringEquals: { ...condition.StringEquals, "s3:x-amz-acl": "bucket-owner-full-control" },
});

export function configDelivery(landscape: Landscape): Statement[] {
  const bucket = bucketArn(landscape, "config-history");
  return [
    {
      Sid: "ConfigChecksBucket",
      Effect: "Allow",
      Principal: { AWS: ["*"] },
      Action: ["s3:GetBucketAcl", "s3:ListBucket"],
      Resource: [bucket],
      Condition: byConfigRoles(landscape),
    },
    {
      Sid: "ConfigDelivers",
      Effect: "Allow",
      Principal: { AWS: ["*"] },
      // Across accounts AWS wants the right to set an access list too, or refuses the delivery channel.
      Action: ["s3:PutObject", "s3:PutObjectAcl"],
      Resource: [`${bucket}/AWSLogs/*`],
      Condition: deliveredToOwner(byConfigRoles(landscape)),
    },
  ];
}

/** Source: "Permissions for the KMS key for the AWS Config delivery channel" (AWS Config developer guide). */
export const configKey = (landscape: Landscape): Statement[] => [
  administerKey(landscape, landscape.accounts.logArchive),
  {
    Sid: "ConfigEncrypts",
    Effect: "Allow",
    Principal: { AWS: ["*"] },
    Action: ["kms:Decrypt", "kms:GenerateDataKey"],
    Resource: ["*"],
    Condition: byConfigRoles(landscape),
  },
  decryptForInvestigation(landscape),
];
