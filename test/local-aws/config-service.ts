import { DescribeConfigurationRecordersCommand } from "@aws-sdk/client-config-service";
import { simulate } from "../../cli/access/simulate";
import { type RawTemplate, rolesOf } from "../../cli/access/template";
import type { FrontContext } from "./front";
import { bucketPolicies } from "./gaps/s3-bucket-policy";
import { organizationId, parsePolicy } from "./principals";
import { type Refused, refused } from "./refusals/refusal";
import { organizationPolicies, roleStanding } from "./standing";

export interface Place {
  readonly account: string;
  readonly region: string;
}

/** Who delivers, by whichever policies; and where. */
export interface Delivery extends Place {
  readonly roleArn: string;
  readonly identityPolicies: readonly unknown[];
  readonly bucket: string;
  readonly folder?: string;
}

/** Recorders that templates have made, which the emulator knows nothing of: by place, the stack that has one. */
const recordersOfStacks = ({ memory }: FrontContext) =>
  memory("config-recorders", () => new Map<string, string>());

const key = ({ account, region }: Place) => `${account} ${region}`;

const configTypes = {
  recorder: "AWS::Config::ConfigurationRecorder",
  channel: "AWS::Config::DeliveryChannel",
} as const;

/**
 * Why Config would refuse what a template wants of it, as "AWS::Config::ConfigurationRecorder" and
 * "AWS::Config::DeliveryChannel" (CloudFormation) come to put it there.
 *
 * @param stack name or id of the stack, whose own recorder is not in its way
 */
export async function templateRefusal(
  template: RawTemplate,
  parameters: Readonly<Record<string, string>>,
  place: Place,
  stack: string,
  context: FrontContext,
): Promise<Refused | undefined> {
  const recorder = resourceOf(template, configTypes.recorder);
  const role = recorder && roleOf(template, recorder.RoleARN, parameters, place);
  // A role under a condition that doesn't hold: neither is what uses it made.
  if (!recorder || !role) return undefined;
  const other = await otherRecorder(place, stack, context);
  if (other !== undefined) {
    return refused(
      400,
      "MaxNumberOfConfigurationRecordersExceededException",
      `Failed to put configuration recorder '${String(recorder.Name)}' because the maximum number of configuration ` +
        "recorders: 1 is reached.",
    );
  }
  const channel = resourceOf(template, configTypes.channel);
  return channel
    ? deliveryRefusal(
        {
          ...place,
          roleArn: role.arn,
          identityPolicies: role.policies,
          bucket: String(channel.S3BucketName),
          ...(channel.S3KeyPrefix !== undefined && { folder: String(channel.S3KeyPrefix) }),
        },
        context,
      )
    : undefined;
}

/** Remembers whose the recorder of a place is by now: of a stack that stands, or nobody's when its text lost it. */
export function recorderFollows(
  template: RawTemplate | undefined,
  place: Place,
  stack: string,
  context: FrontContext,
) {
  const known = recordersOfStacks(context);
  const name = nameOfStack(stack);
  if (template && resourceOf(template, configTypes.recorder)) known.set(key(place), name);
  else if (known.get(key(place)) === name) known.delete(key(place));
}

/** Whoever changes a stack may name it by its id, an ARN in which the name stands. */
const nameOfStack = (stack: string): string =>
  stack.startsWith("arn:") ? (stack.split("/")[1] ?? stack) : stack;

const resourceOf = (template: RawTemplate, type: string) =>
  Object.values(template.Resources).find(({ Type }) => Type === type)?.Properties;

function roleOf(
  template: RawTemplate,
  reference: unknown,
  parameters: Readonly<Record<string, string>>,
  place: Place,
) {
  const [name = ""] = (reference as { "Fn::GetAtt"?: string[] })["Fn::GetAtt"] ?? [];
  const resource = template.Resources[name];
  if (!resource) return undefined;
  const alone = { ...template, Resources: { [name]: resource } };
  return rolesOf({ template: alone, parameters, partition: "aws", ...place })[0];
}

async function otherRecorder(
  place: Place,
  stack: string,
  context: FrontContext,
): Promise<string | undefined> {
  const ofStack = recordersOfStacks(context).get(key(place));
  if (ofStack !== undefined && ofStack !== nameOfStack(stack)) return ofStack;
  const { ConfigurationRecorders = [] } = await context.accounts
    .config(place.account, place.region)
    .send(new DescribeConfigurationRecordersCommand({}));
  return ConfigurationRecorders[0]?.name;
}

/**
 * Config tries as the role, and then, where that may not write, as itself. A bucket whose policy the front doesn't know
 * is left to AWS.
 */
export async function deliveryRefusal(
  delivery: Delivery,
  context: FrontContext,
): Promise<Refused | undefined> {
  const policy = bucketPolicies(context).get(delivery.bucket);
  if (policy === undefined) return undefined;
  const lacking = await asRole(delivery, policy, context);
  if (lacking === undefined || (await asService(delivery, policy)) === undefined) return undefined;
  const what =
    lacking === "s3:GetBucketAcl"
      ? "unable to get s3 bucket acl."
      : `unable to write to bucket, provided s3 key prefix is '${delivery.folder ?? "null"}'.`;
  return refused(
    400,
    "InsufficientDeliveryPolicyException",
    `Insufficient delivery policy to s3 bucket: ${delivery.bucket}, ${what}`,
  );
}

const ownerOf = (bucket: string) => /-(\d{12})-/.exec(bucket)?.[1] ?? "";

const written = { "s3:x-amz-acl": "bucket-owner-full-control" };

/** The first action that the role lacks: where the bucket is another account's, setting the access list is asked too. */
async function asRole(
  delivery: Delivery,
  policy: string,
  context: FrontContext,
): Promise<string | undefined> {
  const { account, roleArn, identityPolicies, bucket } = delivery;
  const owner = ownerOf(bucket);
  const serviceControlPolicies = await organizationPolicies("SERVICE_CONTROL_POLICY", account, context);
  const resourceControlPolicies = await organizationPolicies("RESOURCE_CONTROL_POLICY", owner, context);
  const usual = {
    "aws:PrincipalArn": roleArn,
    "aws:PrincipalAccount": account,
    "aws:PrincipalOrgID": await organizationId(context),
    "aws:PrincipalIsAWSService": "false",
    "aws:SecureTransport": "true",
    "aws:RequestedRegion": delivery.region,
  };
  for (const { action, resource, more } of asked(delivery, owner !== account)) {
    const { verdict } = await simulate({
      principal: roleArn,
      action,
      resource,
      account: owner,
      context: { ...usual, ...more },
      identityPolicies,
      resourcePolicy: parsePolicy(policy),
      serviceControlPolicies,
      resourceControlPolicies,
    });
    if (verdict !== "allowed") return action;
  }
  return undefined;
}

async function asService(delivery: Delivery, policy: string): Promise<string | undefined> {
  const source = {
    "aws:PrincipalIsAWSService": "true",
    "aws:SecureTransport": "true",
    "aws:SourceAccount": delivery.account,
    "aws:SourceArn": `arn:aws:config:${delivery.region}:${delivery.account}:*`,
  };
  for (const { action, resource, more } of asked(delivery, false)) {
    const { verdict } = await simulate({
      principal: "config.amazonaws.com",
      action,
      resource,
      account: delivery.account,
      context: { ...source, ...more },
      resourcePolicy: parsePolicy(policy),
    });
    if (verdict !== "allowed") return action;
  }
  return undefined;
}

const asked = ({ bucket, folder, account }: Delivery, acrossAccounts: boolean) => {
  const file = `${folder === undefined ? "" : `${folder}/`}AWSLogs/${account}/Config/ConfigWritabilityCheckFile`;
  const object = { resource: `arn:aws:s3:::${bucket}/${file}`, more: written };
  return [
    { action: "s3:GetBucketAcl", resource: `arn:aws:s3:::${bucket}`, more: {} },
    { action: "s3:PutObject", ...object },
    ...(acrossAccounts ? [{ action: "s3:PutObjectAcl", ...object }] : []),
  ];
};

/** The role of the recorder that stands in a place, with its policies as they stand. */
export async function standingRecorder(place: Place, context: FrontContext) {
  const { ConfigurationRecorders = [] } = await context.accounts
    .config(place.account, place.region)
    .send(new DescribeConfigurationRecordersCommand({}));
  const roleArn = ConfigurationRecorders[0]?.roleARN;
  if (roleArn === undefined) return undefined;
  const name = roleArn.slice(roleArn.lastIndexOf("/") + 1);
  const standing = await roleStanding(context.accounts.iam(place.account), name).catch(() => undefined);
  return standing && { roleArn, identityPolicies: standing.identityPolicies };
}
