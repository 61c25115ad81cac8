import type { FrontContext } from "../front";
import { askBucket } from "../s3";
import { type Gap, isCall } from "./gap";

const configurations = ({ memory }: FrontContext) =>
  memory("bucket-logging", () => new Map<string, string>());

const none =
  '<?xml version="1.0" encoding="UTF-8"?><BucketLoggingStatus xmlns="http://s3.amazonaws.com/doc/2006-03-01/" />';

export const s3BucketLogging: Gap = {
  id: "s3-bucket-logging",
  kind: "held",
  resources: ["aws_s3_bucket_logging"],
  because: "the emulator looks for the permission of log delivery in a bucket policy, which the front holds",
  concerns: isCall("s3", "PutBucketLogging", "GetBucketLogging"),
  answer: async (call, context) => {
    const held = configurations(context);
    const bucket = call.bucket ?? "";
    const probe = await askBucket(call, context, "versioning");
    if (probe.status !== 200) return probe;
    const headers = { "content-type": "application/xml" };
    if (call.operation === "GetBucketLogging")
      return { status: 200, headers, body: held.get(bucket) ?? none };
    held.set(bucket, call.body.toString());
    return { status: 200, headers, body: "" };
  },
};
