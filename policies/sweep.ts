import { responseLogGroupsArns } from "../landscape/arns";
import type { Landscape } from "../landscape/model";
import { accountId } from "../landscape/names";
import { type PolicyDocument, policyDocument, services } from "./document";
import { bucketDenies } from "./logs/bucket";
import { administerKey } from "./logs/key";

/** A VPC was made somewhere: it is looked at without waiting for the clock. */
export const newVpc = {
  source: ["aws.ec2"],
  "detail-type": ["AWS API Call via CloudTrail"],
  detail: { eventName: ["CreateVpc", "CreateDefaultVpc"], errorCode: [{ exists: false }] },
} as const;

/** Lists of places; who reads and writes them, the hub's own policies say. */
export const sweepsBucketPolicy = (landscape: Landscape): PolicyDocument =>
  policyDocument(bucketDenies(landscape, "sweeps"));

/** Records, lists of places and the functions' logs lie under one key of the hub's. */
export const sweepKeyPolicy = (landscape: Landscape): PolicyDocument =>
  policyDocument([
    administerKey(landscape, landscape.hub),
    {
      // Source: "Authorizing use of a customer managed key" (Amazon DynamoDB developer guide).
      Sid: "ThroughTableAndBucket",
      Effect: "Allow",
      Principal: "*",
      Action: [
        "kms:CreateGrant",
        "kms:Decrypt",
        "kms:DescribeKey",
        "kms:Encrypt",
        "kms:GenerateDataKey*",
        "kms:ReEncrypt*",
      ],
      Resource: ["*"],
      Condition: {
        StringEquals: {
          "kms:CallerAccount": accountId(landscape.hub),
          "kms:ViaService": ["dynamodb", "s3"].map(
            (service) => `${service}.${landscape.homeRegion}.${landscape.partition.dnsSuffix}`,
          ),
        },
      },
    },
    {
      // Source: "Encrypt log data in CloudWatch Logs using AWS KMS" (Amazon CloudWatch Logs user guide).
      Sid: "Logs",
      Effect: "Allow",
      Principal: services(`logs.${landscape.homeRegion}.${landscape.partition.dnsSuffix}`),
      Action: ["kms:Decrypt*", "kms:DescribeKey", "kms:Encrypt*", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
      Resource: ["*"],
      Condition: { ArnLike: { "kms:EncryptionContext:aws:logs:arn": responseLogGroupsArns(landscape) } },
    },
  ]);
