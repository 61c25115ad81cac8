import { simulate } from "../../../cli/access/simulate";
import type { FrontContext } from "../front";
import { bucketPolicies } from "../gaps/s3-bucket-policy";
import { parsePolicy } from "../principals";
import { type AwsCall, dig, parseXmlRoot, text } from "../protocol";
import { readBucket } from "../s3";
import { type Refusal, refused } from "./refusal";

/**
 * AWS refuses some of these when the logging is set and lets others fail silently, so that no log ever arrives. The
 * front refuses all of them: a silent failure is what a test must not pass.
 */
export const s3AccessLogging: Refusal = {
  id: "s3-access-logging",
  because:
    "server access logs reach only a bucket that lets S3's log delivery write, without default retention or KMS",
  source:
    'Amazon S3 user guide, "Enabling Amazon S3 server access logging" and "Troubleshoot server access logging"',
  inspect: async (call, context) => {
    if (call.service !== "s3" || call.operation !== "PutBucketLogging") return undefined;
    const enabled = dig(parseXmlRoot(call.body), "LoggingEnabled");
    const target = text(dig(enabled, "TargetBucket"));
    if (target === undefined) return undefined;
    const fault = await faultOf(call, target, text(dig(enabled, "TargetPrefix")) ?? "", context);
    return fault === undefined ? undefined : refused(400, "InvalidTargetBucketForLogging", fault);
  },
};

async function faultOf(
  call: AwsCall,
  target: string,
  prefix: string,
  context: FrontContext,
): Promise<string | undefined> {
  const configuration = (name: string) => readBucket(call, context, name, target);
  if ((await configuration("versioning")) === undefined)
    return "The target bucket for logging does not exist";
  if (target === call.bucket) return "The target bucket logs to itself";
  const lock = await configuration("object-lock");
  if (dig(lock, "Rule") !== undefined) {
    return "The target bucket has a default retention period (Object Lock)";
  }
  if (JSON.stringify((await configuration("encryption")) ?? {}).includes("aws:kms")) {
    return "The target bucket has a default encryption with AWS KMS";
  }
  const { account } = await context.callers.of(call);
  const { verdict } = await simulate({
    principal: "logging.s3.amazonaws.com",
    action: "s3:PutObject",
    resource: `arn:aws:s3:::${target}/${prefix}2026-01-01-00-00-00-0000000000000000`,
    account,
    context: {
      "aws:SourceArn": `arn:aws:s3:::${call.bucket}`,
      "aws:SourceAccount": account,
      "aws:PrincipalIsAWSService": "true",
      "aws:SecureTransport": "true",
    },
    resourcePolicy: parsePolicy(bucketPolicies(context).get(target) ?? ""),
  });
  return verdict === "allowed"
    ? undefined
    : "You must give the log-delivery service permission to write to the target bucket";
}
