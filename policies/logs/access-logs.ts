import { bucketArn } from "../../landscape/arns";
import type { Landscape } from "../../landscape/model";
import { accountId, logKindsOf } from "../../landscape/names";
import { type Statement, services } from "../document";

/** Source: "Enabling Amazon S3 server access logging" (Amazon S3 user guide). */
export function accessLogsDelivery(landscape: Landscape): Statement[] {
  return [
    {
      Sid: "S3DeliversAccessLogs",
      Effect: "Allow",
      Principal: services("logging.s3.amazonaws.com"),
      Action: ["s3:PutObject"],
      Resource: logKindsOf(landscape).map((kind) => `${bucketArn(landscape, "access-logs")}/${kind}/*`),
      Condition: {
        StringEquals: { "aws:SourceAccount": accountId(landscape.accounts.logArchive) },
        ArnLike: { "aws:SourceArn": logKindsOf(landscape).map((kind) => bucketArn(landscape, kind)) },
      },
    },
  ];
}
