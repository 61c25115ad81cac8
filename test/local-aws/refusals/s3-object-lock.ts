import { simulate } from "../../../cli/access/simulate";
import type { FrontContext } from "../front";
import { bucketPolicies } from "../gaps/s3-bucket-policy";
import { retentionOf } from "../gaps/s3-object-retention";
import { parsePolicy } from "../principals";
import { type AwsCall, dig, parseXmlRoot, text } from "../protocol";
import { readBucket } from "../s3";
import { type Refusal, type Refused, refused } from "./refusal";

const locked = refused(403, "AccessDenied", "Access Denied because object protected by object lock.");

export const s3ObjectLock: Refusal = {
  id: "s3-object-lock",
  because:
    "a lock needs versioning, is not weakened once it holds, and is bypassed only by whom the bucket policy lets",
  source:
    'Amazon S3 user guide, "Locking objects with Object Lock"; errors as recorded on AWS in localstack/localstack tests',
  inspect: async (call, context) => {
    if (call.service !== "s3" || call.bucket === undefined) return undefined;
    switch (call.operation) {
      case "PutObjectLockConfiguration":
        return (await versioning(call, context)) === "Enabled"
          ? undefined
          : refused(
              409,
              "InvalidBucketState",
              "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration",
            );
      case "PutBucketVersioning":
        return suspension(call, context);
      case "PutObjectRetention":
        return (await shortens(call, context)) ? locked : bypass(call, context);
      case "DeleteObject":
      case "DeleteObjects":
        return bypass(call, context);
      default:
        return undefined;
    }
  },
};

const versioning = async (call: AwsCall, context: FrontContext) =>
  text(dig(await readBucket(call, context, "versioning"), "Status"));

async function suspension(call: AwsCall, context: FrontContext): Promise<Refused | undefined> {
  if (text(dig(parseXmlRoot(call.body), "Status")) === "Enabled") return undefined;
  const lock = await readBucket(call, context, "object-lock");
  return dig(lock, "ObjectLockEnabled") === "Enabled"
    ? refused(
        409,
        "InvalidBucketState",
        "An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.",
      )
    : undefined;
}

async function shortens(call: AwsCall, context: FrontContext): Promise<boolean> {
  const current = await retentionOf(call, context);
  if (!current || Date.parse(current.until) <= Date.now()) return false;
  const wanted = parseXmlRoot(call.body);
  const wantedUntil = Date.parse(text(dig(wanted, "RetainUntilDate")) ?? "");
  const weaker =
    Number.isNaN(wantedUntil) ||
    wantedUntil < Date.parse(current.until) ||
    current.mode !== dig(wanted, "Mode");
  if (!weaker) return false;
  return current.mode === "COMPLIANCE" || !bypassAsked(call);
}

const bypassAsked = (call: AwsCall) =>
  String(call.headers["x-amz-bypass-governance-retention"]).toLowerCase() === "true";

/** The right to bypass governance is a permission, and the emulator asks no policy for it. */
async function bypass(call: AwsCall, context: FrontContext): Promise<Refused | undefined> {
  const policy = bucketPolicies(context).get(call.bucket ?? "");
  if (!bypassAsked(call) || policy === undefined) return undefined;
  const caller = await context.callers.of(call);
  const { verdict } = await simulate({
    principal: caller.principalArn,
    action: "s3:BypassGovernanceRetention",
    resource: `arn:aws:s3:::${call.bucket}/${call.key ?? "*"}`.replace(/\*$/, "any"),
    account: caller.account,
    // The endpoint is plain HTTP; the question is who may bypass, not over what.
    context: { "aws:SecureTransport": "true", "aws:PrincipalIsAWSService": "false" },
    resourcePolicy: parsePolicy(policy),
    identityPolicies: [
      { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "s3:*", Resource: "*" }] },
    ],
  });
  return verdict === "denied" ? refused(403, "AccessDenied", "Access Denied") : undefined;
}
