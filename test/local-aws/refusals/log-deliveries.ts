import { GetKeyPolicyCommand } from "@aws-sdk/client-kms";
import { simulate } from "../../../cli/access/simulate";
import type { FrontContext } from "../front";
import { bucketPolicies } from "../gaps/s3-bucket-policy";
import { organizationId, parsePolicy } from "../principals";
import type { AwsCall } from "../protocol";
import { type Refusal, refused } from "./refusal";

interface Delivery {
  readonly service: string;
  readonly bucket: string;
  readonly key: string;
  readonly context: Readonly<Record<string, string>>;
}

const asService = { "aws:PrincipalIsAWSService": "true", "aws:SecureTransport": "true" };

/** Bucket and folder of an ARN such as `arn:aws:s3:::logs/folder/`. */
function place(arn: string): { readonly bucket: string; readonly folder: string } {
  const [bucket = "", ...folders] = arn.replace(/^arn:[^:]+:s3:::/, "").split("/");
  const folder = folders.filter((name) => name !== "").join("/");
  return { bucket, folder: folder === "" ? "" : `${folder}/` };
}

/** Whether a service may write into a bucket by the bucket's own policy; one without a policy leaves it to AWS. */
async function mayDeliver(
  { service, bucket, key, context }: Delivery,
  front: FrontContext,
): Promise<boolean> {
  const text = bucketPolicies(front).get(bucket);
  if (text === undefined) return true;
  const { verdict } = await simulate({
    principal: service,
    action: "s3:PutObject",
    resource: `arn:aws:s3:::${bucket}/${key}`,
    account: context["aws:SourceAccount"] ?? "",
    context: { ...asService, ...context },
    resourcePolicy: parsePolicy(text),
  });
  return verdict === "allowed";
}

/** Flow logs and query logs are delivered by CloudWatch Logs, for an account of an organization. */
async function delivered(
  call: AwsCall,
  context: FrontContext,
  arn: string,
  inFolder: (account: string) => string,
) {
  const { bucket, folder } = place(arn);
  if (!bucketPolicies(context).has(bucket)) return true;
  const { account } = await context.callers.of(call);
  return mayDeliver(
    {
      service: "delivery.logs.amazonaws.com",
      bucket,
      key: `${folder}AWSLogs/${inFolder(account)}/probe`,
      context: {
        "aws:SourceAccount": account,
        "aws:SourceOrgID": await organizationId(context),
        "aws:SourceArn": `arn:aws:logs:${call.region}:${account}:*`,
      },
    },
    context,
  );
}

export const flowLogDelivery: Refusal = {
  id: "flow-log-delivery",
  because: "a flow log is made only where it can be delivered",
  source:
    '"Amazon S3 bucket permissions for flow logs" (Amazon VPC user guide); awsdocs/amazon-vpc-user-guide#28: Access Denied ' +
    "for LogDestination",
  inspect: async (call, context) => {
    const destination = String(call.parameters.LogDestination ?? "");
    if (call.service !== "ec2" || call.operation !== "CreateFlowLogs" || !destination.includes(":s3:::")) {
      return undefined;
    }
    const hive = call.parameters["DestinationOptions.HiveCompatiblePartitions"] === "true";
    const allowed = await delivered(call, context, destination, (account) =>
      hive ? `aws-account-id=${account}/aws-service=vpcflowlogs` : `${account}/vpcflowlogs`,
    );
    return allowed
      ? undefined
      : refused(
          400,
          "LogDestinationPermissionIssueException",
          `Access Denied for LogDestination: ${place(destination).bucket}. Please check LogDestination permission`,
        );
  },
};

export const queryLogDelivery: Refusal = {
  id: "query-log-delivery",
  because: "a configuration of query logging is made only where it can be delivered",
  source: '"AWS resources that you can send Resolver query logs to" (Amazon Route 53 developer guide)',
  inspect: async (call, context) => {
    const destination = String(call.parameters.DestinationArn ?? "");
    if (call.operation !== "CreateResolverQueryLogConfig" || !destination.includes(":s3:::"))
      return undefined;
    const allowed = await delivered(call, context, destination, (account) => `${account}/vpcdnsquerylogs`);
    return allowed
      ? undefined
      : refused(
          400,
          "AccessDeniedException",
          "[RSLVR-01605] Access denied to the destination of the query logs.",
        );
  },
};

const publishingPath = /^\/detector\/([0-9a-f]{32})\/publishingDestination(?:\/[^/]+)?\/?$/;

export const findingsExport: Refusal = {
  id: "guardduty-export",
  because: "GuardDuty exports findings only where bucket and key let it",
  source: '"Exporting generated GuardDuty findings to Amazon S3 buckets" (Amazon GuardDuty user guide)',
  inspect: async (call, context) => {
    const detector = publishingPath.exec(call.path)?.[1];
    if (call.service !== "guardduty" || call.method !== "POST" || detector === undefined) return undefined;
    const { account } = await context.callers.of(call);
    const { destinationArn = "", kmsKeyArn = "" } = (call.parameters.destinationProperties ?? {}) as {
      destinationArn?: string;
      kmsKeyArn?: string;
    };
    const source = {
      "aws:SourceAccount": account,
      "aws:SourceArn": `arn:aws:guardduty:${call.region}:${account}:detector/${detector}`,
    };
    const { bucket, folder } = place(destinationArn);
    const service = "guardduty.amazonaws.com";
    const allowed =
      (await mayDeliver(
        { service, bucket, key: `${folder}AWSLogs/${account}/GuardDuty/probe`, context: source },
        context,
      )) && (await mayEncrypt(service, kmsKeyArn, source, context));
    return allowed
      ? undefined
      : refused(
          400,
          "BadRequestException",
          "The request failed because the GuardDuty service principal does not have permission to the KMS key or the resource specified by the destinationArn parameter.",
        );
  },
};

async function mayEncrypt(
  service: string,
  keyArn: string,
  source: Readonly<Record<string, string>>,
  context: FrontContext,
): Promise<boolean> {
  const [, , , region = "", owner = ""] = keyArn.split(":");
  const policy = await context.accounts
    .kms(owner, region)
    .send(new GetKeyPolicyCommand({ KeyId: keyArn, PolicyName: "default" }))
    .then(
      ({ Policy = "" }) => parsePolicy(Policy),
      () => undefined,
    );
  if (policy === undefined) return false;
  const { verdict } = await simulate({
    principal: service,
    action: "kms:GenerateDataKey",
    resource: keyArn,
    account: owner,
    context: { ...asService, ...source },
    resourcePolicy: policy,
  });
  return verdict === "allowed";
}
