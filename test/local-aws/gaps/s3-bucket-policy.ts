import type { FrontContext } from "../front";
import { errorAnswer } from "../protocol";
import { askBucket } from "../s3";
import { type Gap, isCall } from "./gap";

export const bucketPolicies = ({ memory }: FrontContext) =>
  memory("bucket-policies", () => new Map<string, string>());

export const s3BucketPolicy: Gap = {
  id: "s3-bucket-policy",
  kind: "held",
  resources: ["aws_s3_bucket_policy"],
  because:
    "the emulator evaluates bucket policies without their conditions, so that a TLS-only deny shuts everybody out",
  concerns: isCall("s3", "PutBucketPolicy", "GetBucketPolicy", "DeleteBucketPolicy"),
  answer: async (call, context) => {
    const policies = bucketPolicies(context);
    const bucket = call.bucket ?? "";
    // The emulator tells whether the bucket exists, and in which words it doesn't.
    const probe = await askBucket(call, context, "versioning");
    if (probe.status !== 200) return probe;
    switch (call.operation) {
      case "PutBucketPolicy":
        policies.set(bucket, call.body.toString());
        return { status: 204, headers: {}, body: "" };
      case "GetBucketPolicy": {
        const policy = policies.get(bucket);
        return policy === undefined
          ? errorAnswer(call, 404, "NoSuchBucketPolicy", "The bucket policy does not exist")
          : { status: 200, headers: { "content-type": "application/json" }, body: policy };
      }
      default:
        policies.delete(bucket);
        return { status: 204, headers: {}, body: "" };
    }
  },
};
