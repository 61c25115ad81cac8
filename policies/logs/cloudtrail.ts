import { bucketArn, trailArn } from "../../landscape/arns";
import type { Landscape } from "../../landscape/model";
import { accountId, organizationId } from "../../landscape/names";
import { type Statement, services } from "../document";
import { administerKey, decryptForInvestigation } from "./key";

const cloudtrail = services("cloudtrail.amazonaws.com");

/**
 * CloudTrail writes under the management account's id and under the organization's; leaving out either makes
 * CreateTrail fail with InsufficientS3BucketPolicyException. Source: "Creating a trail for an organization with the
 * AWS CLI" (AWS CloudTrail user guide).
 */
export function cloudtrailDelivery(landscape: Landscape): Statement[] {
  const bucket = bucketArn(landscape, "cloudtrail");
  const fromTrail = { "aws:SourceArn": trailArn(landscape) };
  return [
    {
      Sid: "CloudTrailChecksAcl",
      Effect: "Allow",
      Principal: cloudtrail,
      Action: ["s3:GetBucketAcl"],
      Resource: [bucket],
      Condition: { StringEquals: fromTrail },
    },
    {
      Sid: "CloudTrailDelivers",
      Effect: "Allow",
      Principal: cloudtrail,
      Action: ["s3:PutObject"],
      Resource: [
        `${bucket}/AWSLogs/${accountId(landscape.accounts.management)}/*`,
        `${bucket}/AWSLogs/${organizationId(landscape)}/*`,
      ],
      Condition: { StringEquals: { ...fromTrail, "s3:x-amz-acl": "bucket-owner-full-control" } },
    },
  ];
}

/**
 * Key of the trail. The encryption context ties each use to a trail of this organization.
 * Source: "Configure AWS KMS key policies for CloudTrail" (AWS CloudTrail user guide).
 */
export function cloudtrailKey(landscape: Landscape): Statement[] {
  const trail = trailArn(landscape);
  return [
    administerKey(landscape, landscape.accounts.management),
    {
      Sid: "CloudTrailEncrypts",
      Effect: "Allow",
      Principal: cloudtrail,
      Action: ["kms:GenerateDataKey*"],
      Resource: ["*"],
      Condition: {
        StringEquals: { "aws:SourceArn": trail },
        StringLike: { "kms:EncryptionContext:aws:cloudtrail:arn": trailArn(landscape, "*") },
      },
    },
    {
      Sid: "CloudTrailDescribes",
      Effect: "Allow",
      Principal: cloudtrail,
      Action: ["kms:DescribeKey"],
      Resource: ["*"],
      Condition: { StringEquals: { "aws:SourceArn": trail } },
    },
    decryptForInvestigation(landscape, { Null: { "kms:EncryptionContext:aws:cloudtrail:arn": "false" } }),
  ];
}
