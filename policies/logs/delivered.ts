import { bucketArn, logDeliverySourceArn } from "../../landscape/arns";
import type { Landscape } from "../../landscape/model";
import { type LogKind, organizationId } from "../../landscape/names";
import { type Condition, type Statement, services } from "../document";
import { administerKey, decryptForInvestigation } from "./key";

const logDelivery = services("delivery.logs.amazonaws.com");

/**
 * VPC flow logs and Resolver query logs of every account of the organization, existing and to come: accounts are not
 * listed. AWS's own page lists account ids in `aws:SourceAccount`; that this principal carries `aws:SourceOrgID` to
 * S3 is taken from AWS's resource control policy examples, and for KMS it awaits a test on AWS (docs/verified.md).
 *
 * No condition on `s3:x-amz-acl`: with ownership enforced, delivery may send no ACL header, and ownership is the
 * bucket's either way. Source: "Amazon S3 bucket permissions for flow logs" (Amazon VPC user guide).
 */
const fromThisOrganization = (landscape: Landscape): Condition => ({
  StringEquals: { "aws:SourceOrgID": organizationId(landscape) },
  ArnLike: { "aws:SourceArn": logDeliverySourceArn(landscape) },
});

export function deliveredLogs(landscape: Landscape, kind: LogKind): Statement[] {
  const bucket = bucketArn(landscape, kind);
  return [
    {
      Sid: "LogDeliveryChecksBucket",
      Effect: "Allow",
      Principal: logDelivery,
      Action: ["s3:GetBucketAcl", "s3:ListBucket"],
      Resource: [bucket],
      Condition: fromThisOrganization(landscape),
    },
    {
      Sid: "LogDeliveryDelivers",
      Effect: "Allow",
      Principal: logDelivery,
      Action: ["s3:PutObject"],
      Resource: [`${bucket}/*`],
      Condition: fromThisOrganization(landscape),
    },
  ];
}

/** Source: "Required bucket policy and key policy for SSE-KMS" (Amazon CloudWatch Logs user guide). */
export function deliveredLogsKey(landscape: Landscape): Statement[] {
  return [
    administerKey(landscape, landscape.accounts.logArchive),
    {
      Sid: "LogDeliveryEncrypts",
      Effect: "Allow",
      Principal: logDelivery,
      Action: ["kms:GenerateDataKey*", "kms:Encrypt", "kms:ReEncrypt*", "kms:Decrypt", "kms:DescribeKey"],
      Resource: ["*"],
      Condition: fromThisOrganization(landscape),
    },
    decryptForInvestigation(landscape),
  ];
}
