import { GetKeyPolicyCommand } from "@aws-sdk/client-kms";
import { simulate } from "../../../cli/access/simulate";
import type { FrontContext } from "../front";
import { bucketPolicies } from "../gaps/s3-bucket-policy";
import { organizationState } from "../organization-state";
import { organizationId, parsePolicy } from "../principals";
import type { AwsCall } from "../protocol";
import { type Refusal, type Refused, refused } from "./refusal";

const service = "cloudtrail.amazonaws.com";

/** CloudTrail checks at creation whether it could deliver, and so refuses a trail whose log would stay empty. */
export const cloudtrailCreateTrail: Refusal = {
  id: "cloudtrail-create-trail",
  because:
    "CloudTrail creates no trail that it could not deliver to bucket and key, nor one for an organization without trusted access",
  source:
    'AWS CloudTrail user guide, "Amazon S3 bucket policy for CloudTrail" and "Configure AWS KMS key policies for ' +
    'CloudTrail"; aws/aws-cdk#22267; hashicorp/terraform-provider-aws#31401',
  inspect: async (call, context) => {
    if (call.service !== "cloudtrail" || !["CreateTrail", "UpdateTrail"].includes(call.operation))
      return undefined;
    const { account } = await context.callers.of(call);
    const trailName = String(call.parameters.Name).replace(/^.*:trail\//, "");
    const trail = `arn:aws:cloudtrail:${call.region}:${account}:trail/${trailName}`;
    return (
      (await organizationRefusal(call, account, context)) ??
      (await bucketRefusal(call, account, trail, context)) ??
      (await keyRefusal(call, account, trail, context))
    );
  },
};

async function organizationRefusal(
  call: AwsCall,
  account: string,
  context: FrontContext,
): Promise<Refused | undefined> {
  if (call.parameters.IsOrganizationTrail !== true) return undefined;
  const { trustedAccess, delegated } = organizationState(context);
  if (account !== context.managementAccount && !delegated.get(service)?.has(account)) {
    return refused(
      400,
      "NotOrganizationMasterAccountException",
      "The request could not be processed because the account is neither the management account nor a delegated administrator.",
    );
  }
  return trustedAccess.has(service)
    ? undefined
    : refused(
        400,
        "CloudTrailAccessNotEnabledException",
        "The request could not be processed because your organization hasn't enabled CloudTrail service access. " +
          "Enable service access for CloudTrail, and then try again.",
      );
}

async function bucketRefusal(
  call: AwsCall,
  account: string,
  trail: string,
  context: FrontContext,
): Promise<Refused | undefined> {
  const bucket = String(call.parameters.S3BucketName ?? "");
  if (bucket === "") return undefined;
  const policy = parsePolicy(bucketPolicies(context).get(bucket) ?? "");
  const prefix = call.parameters.S3KeyPrefix ? `${String(call.parameters.S3KeyPrefix)}/` : "";
  const folders = [
    account,
    ...(call.parameters.IsOrganizationTrail === true ? [await organizationId(context)] : []),
  ];
  const needed = [
    { action: "s3:GetBucketAcl", resource: `arn:aws:s3:::${bucket}` },
    ...folders.map((folder) => ({
      action: "s3:PutObject",
      resource: `arn:aws:s3:::${bucket}/${prefix}AWSLogs/${folder}/CloudTrail/probe`,
    })),
  ];
  for (const { action, resource } of needed) {
    const { verdict } = await simulate({
      principal: service,
      action,
      resource,
      account,
      context: {
        ...serviceContext(trail, account),
        ...(action === "s3:PutObject" && { "s3:x-amz-acl": "bucket-owner-full-control" }),
      },
      resourcePolicy: policy,
    });
    if (verdict !== "allowed") {
      return refused(
        400,
        "InsufficientS3BucketPolicyException",
        `Incorrect S3 bucket policy is detected for bucket: ${bucket}`,
      );
    }
  }
  return undefined;
}

async function keyRefusal(
  call: AwsCall,
  account: string,
  trail: string,
  context: FrontContext,
): Promise<Refused | undefined> {
  const key = call.parameters.KmsKeyId;
  if (typeof key !== "string" || key === "") return undefined;
  const insufficient = refused(
    400,
    "InsufficientEncryptionPolicyException",
    `Insufficient permissions to access S3 bucket ${String(call.parameters.S3BucketName)} or KMS key ${key}.`,
  );
  const [, , , region = call.region, owner = account] = key.split(":");
  const policy = await context.accounts
    .kms(owner, region)
    .send(new GetKeyPolicyCommand({ KeyId: key, PolicyName: "default" }))
    .then(
      ({ Policy = "" }) => parsePolicy(Policy),
      () => undefined,
    );
  if (policy === undefined) return insufficient;
  for (const action of ["kms:GenerateDataKey", "kms:DescribeKey"]) {
    const { verdict } = await simulate({
      principal: service,
      action,
      resource: `arn:aws:kms:${region}:${owner}:key/00000000-0000-0000-0000-000000000000`,
      account: owner,
      context: {
        ...serviceContext(trail, account),
        ...(action === "kms:GenerateDataKey" && { "kms:EncryptionContext:aws:cloudtrail:arn": trail }),
      },
      resourcePolicy: policy,
    });
    if (verdict !== "allowed") return insufficient;
  }
  return undefined;
}

const serviceContext = (trail: string, account: string) => ({
  "aws:SourceArn": trail,
  "aws:SourceAccount": account,
  "aws:PrincipalIsAWSService": "true",
  "aws:SecureTransport": "true",
});
