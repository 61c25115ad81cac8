import { DescribeEventBusCommand } from "@aws-sdk/client-eventbridge";
import { GetRoleCommand } from "@aws-sdk/client-iam";
import { GetPolicyCommand } from "@aws-sdk/client-lambda";
import { simulate } from "../../../cli/access/simulate";
import type { FrontContext } from "../front";
import { organizationId, parsePolicy } from "../principals";
import { standingOf } from "../standing";

const rules = "events.amazonaws.com";

/**
 * Whether a function's own policy lets a rule invoke it. Source: "Using resource-based policies for Amazon EventBridge",
 * AWS Lambda permissions (Amazon EventBridge user guide).
 */
export async function mayInvoke(
  context: FrontContext,
  functionArn: string,
  ruleArn: string,
): Promise<boolean> {
  const [, , , region = "", account = ""] = functionArn.split(":");
  const policy = await context.accounts
    .lambda(account, region)
    .send(new GetPolicyCommand({ FunctionName: functionArn }))
    .then(
      ({ Policy = "" }) => parsePolicy(Policy),
      () => undefined,
    );
  if (policy === undefined) return false;
  const { verdict } = await simulate({
    principal: rules,
    action: "lambda:InvokeFunction",
    resource: functionArn,
    account,
    context: { "aws:SourceArn": ruleArn, "aws:SourceAccount": ruleArn.split(":")[4] ?? "" },
    resourcePolicy: policy,
  });
  return verdict === "allowed";
}

/**
 * Whether a rule's role may put events on a bus: the role trusts EventBridge for this account, and its own policies and
 * the bus's allow it. Source: "Sending and receiving events between AWS accounts" (Amazon EventBridge user guide).
 */
export async function mayPutEvents(
  context: FrontContext,
  roleArn: string | undefined,
  busArn: string,
  ruleArn: string,
): Promise<boolean> {
  if (roleArn === undefined) return false;
  const account = roleArn.split(":")[4] ?? "";
  if (!(await isTrusted(context, roleArn, ruleArn))) return false;
  const session = { roleArn, tags: {}, transitiveTags: [] };
  const caller = { account, principalArn: roleArn, callerArn: roleArn, session };
  const busPolicy = await policyOfBus(context, busArn);
  const { verdict } = await simulate({
    principal: roleArn,
    action: "events:PutEvents",
    resource: busArn,
    account: busArn.split(":")[4] ?? "",
    context: {
      "aws:PrincipalArn": roleArn,
      "aws:PrincipalAccount": account,
      "aws:PrincipalOrgID": await organizationId(context),
      "aws:PrincipalIsAWSService": "false",
      "aws:RequestedRegion": busArn.split(":")[3] ?? "",
    },
    ...(busPolicy !== undefined && { resourcePolicy: busPolicy }),
    ...(await standingOf(caller, context)),
  });
  return verdict === "allowed";
}

async function isTrusted(context: FrontContext, roleArn: string, ruleArn: string): Promise<boolean> {
  const account = roleArn.split(":")[4] ?? "";
  const trust = await context.accounts
    .iam(account)
    .send(new GetRoleCommand({ RoleName: roleArn.slice(roleArn.lastIndexOf("/") + 1) }))
    .then(
      ({ Role }) => parsePolicy(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? "")),
      () => undefined,
    );
  if (trust === undefined) return false;
  const { verdict } = await simulate({
    principal: rules,
    action: "sts:AssumeRole",
    resource: roleArn,
    account,
    context: { "aws:SourceArn": ruleArn, "aws:SourceAccount": ruleArn.split(":")[4] ?? "" },
    resourcePolicy: trust,
  });
  return verdict === "allowed";
}

async function policyOfBus(context: FrontContext, busArn: string): Promise<unknown> {
  const [, , , region = "", account = "", bus = ""] = busArn.split(":");
  const { Policy } = await context.accounts
    .events(account, region)
    .send(new DescribeEventBusCommand({ Name: bus.replace(/^event-bus\//, "") }))
    .catch(() => ({ Policy: undefined }));
  return Policy === undefined || Policy === "" ? undefined : parsePolicy(Policy);
}
