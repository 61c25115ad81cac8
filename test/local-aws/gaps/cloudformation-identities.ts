import {
  type CloudFormationClient,
  DescribeStackSetCommand,
  GetTemplateCommand,
  paginateListStackInstances,
} from "@aws-sdk/client-cloudformation";
import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  DeletePolicyCommand,
  DeleteRoleCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  type IAMClient,
  ListAttachedRolePoliciesCommand,
  UpdateAssumeRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { type RawTemplate, rolesOf, type StandingRole } from "../../../cli/access/template";
import { quarantineDocuments } from "../../../policies/quarantine";
import { type Place, recorderFollows } from "../config-service";
import type { FrontContext } from "../front";
import { parsePolicy } from "../principals";
import type { AwsCall } from "../protocol";
import { templateParameters } from "../templates";
import { rememberDetails } from "./cloudformation-stack-set-details";
import { type Gap, isCall } from "./gap";
import { instancesOf, stackOf } from "./stack-set-instances";

/**
 * What an update of a stack or StackSet means for the roles in its template. Only roles are brought up to date, by
 * what the kit's templates use; the rest of an updated template the emulator keeps as it was.
 */
export const cloudformationIdentities: Gap = {
  id: "cloudformation-identities",
  kind: "completed",
  resources: ["aws_cloudformation_stack", "aws_cloudformation_stack_set"],
  because:
    "the emulator attaches no managed policy to a role of a template, updates no instance of a StackSet, and in an updated stack no role's trust",
  concerns: isCall("cloudformation", "CreateStack", "DeleteStack", "UpdateStack", "UpdateStackSet"),
  answer: async (call, context) => {
    const template = await templateOf(call, context);
    if (!template) return undefined;
    if (call.operation === "DeleteStack") {
      const { account } = await context.callers.of(call);
      await detachPolicies(context.accounts.iam(account), template, account);
      recorderFollows(
        undefined,
        { account, region: call.region },
        String(call.parameters.StackName),
        context,
      );
      return context.forward(call);
    }
    if (call.operation === "CreateStack") return created(call, context, template);
    const { account } = await context.callers.of(call);
    const before = await parametersBefore(call, context);
    const places =
      call.operation === "UpdateStack"
        ? [{ account, region: call.region }]
        : await instancePlaces(call, context);
    const answer = await context.forward(call);
    if (answer.status !== 200) return answer;
    if (call.operation === "UpdateStackSet") rememberDetails(call, context);
    await recordersFollow(call, template, context);
    const after = templateParameters(call);
    for (const place of places)
      await bringUpToDate(
        context.accounts.iam(place.account),
        { template, ...place, before, after },
        removedRoles(context),
      );
    return answer;
  },
};

async function templateOf(call: AwsCall, context: FrontContext): Promise<RawTemplate | undefined> {
  const text = await templateText(call, context);
  const template = parsePolicy(text ?? "") as RawTemplate | undefined;
  return template?.Resources ? template : undefined;
}

async function templateText(call: AwsCall, context: FrontContext): Promise<string | undefined> {
  if (call.operation !== "DeleteStack") return String(call.parameters.TemplateBody ?? "");
  const { account } = await context.callers.of(call);
  const found = await context.accounts
    .cloudformation(account, call.region)
    .send(new GetTemplateCommand({ StackName: String(call.parameters.StackName) }))
    .catch(() => undefined);
  return found?.TemplateBody;
}

async function created(call: AwsCall, context: FrontContext, template: RawTemplate) {
  const answer = await context.forward(call);
  if (answer.status !== 200) return answer;
  const { account } = await context.callers.of(call);
  await attachPolicies(context.accounts.iam(account), template, account);
  await recordersFollow(call, template, context);
  return answer;
}

/** A new text may have a recorder, or have it no longer. */
async function recordersFollow(call: AwsCall, template: RawTemplate, context: FrontContext): Promise<void> {
  if (call.operation !== "UpdateStackSet") {
    const { account } = await context.callers.of(call);
    const stack = String(call.parameters.StackName);
    recorderFollows(template, { account, region: call.region }, stack, context);
    return;
  }
  const name = String(call.parameters.StackSetName);
  for (const instance of instancesOf(context, name).values()) {
    if (instance.failed === undefined) recorderFollows(template, instance, stackOf(name), context);
  }
}

/** Managed policies of the template's roles, where both stand. */
export const attachPolicies = (iam: IAMClient, template: RawTemplate, account: string): Promise<void> =>
  eachAttachment(template, account, (input) => iam.send(new AttachRolePolicyCommand(input)));

/** ARNs of roles that an update took out of an instance, and that the emulator still takes for part of it. */
const removedRoles = ({ memory }: FrontContext) => memory("stack-set-removed-roles", () => new Set<string>());

/** The emulator would fail to delete what an update has removed already; something must stand there to be deleted. */
export async function standInForRemoved(
  iam: IAMClient,
  template: RawTemplate,
  account: string,
  context: FrontContext,
): Promise<void> {
  const nothing = JSON.stringify(quarantineDocuments["deny-all"]);
  for (const { Type, Properties } of Object.values(template.Resources)) {
    const [Path, RoleName] = [String(Properties.Path), String(Properties.RoleName)];
    const arn = `arn:aws:iam::${account}:role${Path}${RoleName}`;
    if (Type !== "AWS::IAM::Role" || !removedRoles(context).delete(arn)) continue;
    const policy = { PolicyName: RoleName, Path, PolicyDocument: nothing };
    if (await exists(iam, arn)) continue;
    await iam.send(new CreatePolicyCommand(policy));
    await iam.send(
      new CreateRoleCommand({
        RoleName,
        Path,
        AssumeRolePolicyDocument: JSON.stringify(Properties.AssumeRolePolicyDocument),
      }),
    );
  }
}

/** What was attached is taken off again before the emulator deletes the roles, which it would refuse. */
export const detachPolicies = (iam: IAMClient, template: RawTemplate, account: string): Promise<void> =>
  eachAttachment(template, account, (input) => iam.send(new DetachRolePolicyCommand(input)));

async function eachAttachment(
  template: RawTemplate,
  account: string,
  act: (input: { RoleName: string; PolicyArn: string }) => Promise<unknown>,
): Promise<void> {
  for (const { Type, Properties } of Object.values(template.Resources)) {
    const references = Properties.ManagedPolicyArns;
    if (Type !== "AWS::IAM::Role" || !Array.isArray(references)) continue;
    for (const reference of references as unknown[]) {
      const policy = template.Resources[(reference as { Ref?: string }).Ref ?? ""]?.Properties;
      const PolicyArn = policy
        ? `arn:aws:iam::${account}:policy${String(policy.Path ?? "/")}${String(policy.ManagedPolicyName)}`
        : String(reference);
      // A role under a condition may not be there.
      await act({ RoleName: String(Properties.RoleName), PolicyArn }).catch((error: Error) => {
        if (!error.name.startsWith("NoSuchEntity")) throw error;
      });
    }
  }
}

type Parameters = Readonly<Record<string, string>>;

/** Direct calls into the emulator, as the management account, which owns every StackSet here. */
const cloudformation = (
  { accounts, managementAccount }: FrontContext,
  region: string,
): CloudFormationClient => accounts.cloudformation(managementAccount, region);

async function parametersBefore(call: AwsCall, context: FrontContext): Promise<Parameters> {
  if (call.operation !== "UpdateStackSet") return templateParameters(call);
  const StackSet = await stackSetOf(call, context);
  return Object.fromEntries(
    (StackSet?.Parameters ?? []).map(({ ParameterKey = "", ParameterValue = "" }) => [
      ParameterKey,
      ParameterValue,
    ]),
  );
}

async function stackSetOf(call: AwsCall, context: FrontContext) {
  const { StackSet } = await cloudformation(context, call.region).send(
    new DescribeStackSetCommand({ StackSetName: String(call.parameters.StackSetName) }),
  );
  return StackSet;
}

async function instancePlaces(call: AwsCall, context: FrontContext): Promise<Place[]> {
  const places: Place[] = [];
  const pages = paginateListStackInstances(
    { client: cloudformation(context, call.region) },
    { StackSetName: String(call.parameters.StackSetName) },
  );
  for await (const page of pages) {
    for (const { Account: account, Region: region } of page.Summaries ?? []) {
      if (account !== undefined && region !== undefined) places.push({ account, region });
    }
  }
  return places;
}

interface Update extends Place {
  readonly template: RawTemplate;
  readonly before: Parameters;
  readonly after: Parameters;
}

async function bringUpToDate(
  iam: IAMClient,
  { template, account, region, before, after }: Update,
  removed: Set<string>,
): Promise<void> {
  const roles = (parameters: Parameters) =>
    new Map(
      rolesOf({ template, account, region, partition: "aws", parameters: { ...before, ...parameters } }).map(
        (role) => [role.arn, role],
      ),
    );
  const earlier = roles({});
  const now = roles(after);
  for (const arn of earlier.keys()) {
    if (now.has(arn)) continue;
    await remove(iam, arn);
    removed.add(arn);
  }
  for (const [arn, role] of now) {
    // What stands under this name and was not the stack's makes AWS give up the instance, and stays as it is.
    if (earlier.has(arn)) await retrust(iam, role);
    else if (!(await exists(iam, arn))) await create(iam, role);
  }
}

const nameOf = (arn: string) => arn.slice(arn.lastIndexOf("/") + 1);

async function exists(iam: IAMClient, arn: string): Promise<boolean> {
  try {
    await iam.send(new GetRoleCommand({ RoleName: nameOf(arn) }));
    return true;
  } catch (error) {
    if ((error as Error).name.startsWith("NoSuchEntity")) return false;
    throw error;
  }
}

async function retrust(iam: IAMClient, { arn, trust }: StandingRole): Promise<void> {
  if (!(await exists(iam, arn))) return;
  await iam.send(
    new UpdateAssumeRolePolicyCommand({ RoleName: nameOf(arn), PolicyDocument: JSON.stringify(trust) }),
  );
}

/** The role and the policy of its name, which the kit's templates make together. */
async function remove(iam: IAMClient, arn: string): Promise<void> {
  if (!(await exists(iam, arn))) return;
  const RoleName = nameOf(arn);
  const { AttachedPolicies = [] } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
  for (const { PolicyArn } of AttachedPolicies) {
    await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
    if (PolicyArn?.endsWith(`/${RoleName}`)) await iam.send(new DeletePolicyCommand({ PolicyArn }));
  }
  await iam.send(new DeleteRoleCommand({ RoleName }));
}

async function create(iam: IAMClient, { arn, trust, boundary }: StandingRole): Promise<void> {
  const RoleName = nameOf(arn);
  const Path = arn.slice(arn.indexOf("/"), arn.lastIndexOf("/") + 1);
  const { Policy } = await iam.send(
    new CreatePolicyCommand({ PolicyName: RoleName, Path, PolicyDocument: JSON.stringify(boundary) }),
  );
  await iam.send(
    new CreateRoleCommand({
      RoleName,
      Path,
      AssumeRolePolicyDocument: JSON.stringify(trust),
      PermissionsBoundary: Policy?.Arn,
    }),
  );
  await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: Policy?.Arn }));
}
