import { bucketArn } from "../../landscape/arns";
import type { Landscape } from "../../landscape/model";
import { accountId, type BucketKind, bucketOwner } from "../../landscape/names";
import { type Statement, services } from "../document";

/**
 * Server access logs of some buckets of an account and region, in one bucket there, each below its own name. Source:
 * "Enabling Amazon S3 server access logging" (Amazon S3 user guide).
 */
export function accessLogsDelivery(
  landscape: Landscape,
  target: BucketKind,
  sources: readonly BucketKind[],
  region?: string,
): Statement[] {
  return [
    {
      Sid: "S3DeliversAccessLogs",
      Effect: "Allow",
      Principal: services("logging.s3.amazonaws.com"),
      Action: ["s3:PutObject"],
      Resource: sources.map((kind) => `${bucketArn(landscape, target, region)}/${kind}/*`),
      Condition: {
        StringEquals: { "aws:SourceAccount": accountId(bucketOwner(landscape, target)) },
        ArnLike: { "aws:SourceArn": sources.map((kind) => bucketArn(landscape, kind, region)) },
      },
    },
  ];
}
