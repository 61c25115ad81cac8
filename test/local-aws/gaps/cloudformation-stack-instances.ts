import { DescribeStackSetCommand } from "@aws-sdk/client-cloudformation";
import type { RawTemplate } from "../../../cli/access/template";
import { recorderFollows, templateRefusal } from "../config-service";
import type { FrontContext } from "../front";
import { parsePolicy } from "../principals";
import { type AwsAnswer, type AwsCall, dig, parseXml, queryAnswer, text } from "../protocol";
import { attachPolicies } from "./cloudformation-identities";
import { type Gap, isCall } from "./gap";
import { type Instance, instanceKey, instancesOf, stackOf } from "./stack-set-instances";
import { accountsBelow, listed } from "./stack-set-targets";

interface Operation {
  readonly status: "SUCCEEDED" | "FAILED";
  readonly results: readonly Instance[];
}

const operations = ({ memory }: FrontContext) =>
  memory("stack-set-operations", () => new Map<string, Operation>());

/** A unit below which nobody is: the emulator is told the accounts one by one. */
const nobody = "ou-none-00000000";

/**
 * AWS makes the instances that don't stand yet, leaves those that stand, and tells of each whether it could be made; an
 * operation fails only beyond its tolerance. Sources: "StackSetOperation" and "StackInstanceSummary" (CloudFormation API
 * reference); of instances that stand: getmoto/moto#10171, localstack/localstack#8256.
 */
export const cloudformationStackInstances: Gap = {
  id: "cloudformation-stack-instances",
  kind: "completed",
  resources: ["aws_cloudformation_stack_set_instance"],
  because:
    "the emulator makes an instance a second time, none of its instances can fail, and it tells neither their units nor their region",
  concerns: isCall(
    "cloudformation",
    "CreateStackInstances",
    "DescribeStackSetOperation",
    "ListStackInstances",
    "ListStackSetOperationResults",
  ),
  answer: async (call, context) => {
    const name = String(call.parameters.StackSetName);
    if (call.operation === "CreateStackInstances") return create(call, name, context);
    if (call.operation === "ListStackInstances")
      return queryAnswer(call, members("Summaries", summaries(call, name, context)));
    const operation = operations(context).get(String(call.parameters.OperationId));
    if (!operation) return undefined;
    if (call.operation === "ListStackSetOperationResults")
      return queryAnswer(call, members("Summaries", operation.results.map(resultXml)));
    const answer = await context.forward(call);
    const body = answer.body
      .toString()
      .replace(/<Status>[A-Z]+<\/Status>/, `<Status>${operation.status}</Status>`);
    return { ...answer, body };
  },
};

async function create(call: AwsCall, name: string, context: FrontContext): Promise<AwsAnswer> {
  const { StackSet } = await context.accounts
    .cloudformation(context.managementAccount, call.region)
    .send(new DescribeStackSetCommand({ StackSetName: name }));
  const template = parsePolicy(StackSet?.TemplateBody ?? "") as RawTemplate;
  const parameters = Object.fromEntries(
    (StackSet?.Parameters ?? []).map(({ ParameterKey = "", ParameterValue = "" }) => [
      ParameterKey,
      ParameterValue,
    ]),
  );
  const known = instancesOf(context, name);
  const wanted = await wantedInstances(call, context);
  const results: Instance[] = [];
  for (const instance of wanted) {
    const before = known.get(instanceKey(instance));
    if (before && before.failed === undefined) continue;
    const refusal = await templateRefusal(template, parameters, instance, stackOf(name), context);
    results.push({ ...instance, ...(refusal && { failed: `${refusal.code}: ${refusal.message}` }) });
  }
  const made = results.filter(({ failed }) => failed === undefined);
  let answer = await context.forward(forAccounts(call, call.region, []));
  for (const region of new Set(made.map((one) => one.region))) {
    const accounts = made.filter((one) => one.region === region).map(({ account }) => account);
    answer = await context.forward(forAccounts(call, region, accounts));
    if (answer.status !== 200) return answer;
    for (const account of accounts) {
      await attachPolicies(context.accounts.iam(account), template, account);
      recorderFollows(template, { account, region }, stackOf(name), context);
    }
  }
  for (const instance of results) known.set(instanceKey(instance), instance);
  const id = text(
    dig(parseXml(answer.body), "CreateStackInstancesResponse", "CreateStackInstancesResult", "OperationId"),
  );
  operations(context).set(id ?? "", { status: statusOf(call, results, wanted), results });
  return answer;
}

async function wantedInstances(call: AwsCall, context: FrontContext): Promise<Instance[]> {
  const wanted: Instance[] = [];
  for (const unit of listed(call.parameters, "DeploymentTargets.OrganizationalUnitIds")) {
    const accounts = (await accountsBelow(unit, context)).filter(
      (account) => account !== context.managementAccount,
    );
    for (const region of listed(call.parameters, "Regions"))
      wanted.push(...accounts.map((account) => ({ account, region, unit })));
  }
  return wanted;
}

function forAccounts(call: AwsCall, region: string, accounts: readonly string[]): AwsCall {
  const left = /^(DeploymentTargets|Regions|Accounts)\./;
  const kept = Object.entries(call.parameters).filter(([name]) => !left.test(name));
  const body = new URLSearchParams(kept.map(([name, value]): [string, string] => [name, String(value)]));
  body.set("DeploymentTargets.OrganizationalUnitIds.member.1", nobody);
  body.set("Regions.member.1", region);
  for (const [index, account] of accounts.entries()) body.set(`Accounts.member.${index + 1}`, account);
  return { ...call, body: Buffer.from(body.toString()) };
}

/** Failed beyond the tolerance in a region, of all accounts that were asked for there; AWS's default is none. */
function statusOf(
  { parameters }: AwsCall,
  results: readonly Instance[],
  wanted: readonly Instance[],
): Operation["status"] {
  const percentage = Number(parameters["OperationPreferences.FailureTolerancePercentage"] ?? 0);
  const count = Number(parameters["OperationPreferences.FailureToleranceCount"] ?? 0);
  const regions = new Set(wanted.map(({ region }) => region));
  const exceeded = [...regions].some((region) => {
    const here = (instances: readonly Instance[]) => instances.filter((one) => one.region === region);
    const tolerated = Math.max(count, Math.floor((here(wanted).length * percentage) / 100));
    return here(results).filter(({ failed }) => failed !== undefined).length > tolerated;
  });
  return exceeded ? "FAILED" : "SUCCEEDED";
}

function summaries({ parameters }: AwsCall, name: string, context: FrontContext): string[] {
  const wanted = (instance: Instance) =>
    [
      ["StackInstanceRegion", instance.region],
      ["StackInstanceAccount", instance.account],
    ].every(([parameter = "", value]) => (parameters[parameter] ?? value) === value);
  return [...instancesOf(context, name).values()].filter(wanted).map((instance) => {
    const { account, region, unit, failed } = instance;
    const stack = `arn:aws:cloudformation:${region}:${account}:stack/${stackOf(name)}/00000000-0000-0000-0000-000000000000`;
    return [
      element("StackSetId", `${name}:local`),
      element("Account", account),
      element("Region", region),
      ...(failed === undefined ? [element("StackId", stack)] : []),
      element("OrganizationalUnitId", unit),
      element("Status", failed === undefined ? "CURRENT" : "OUTDATED"),
      ...(failed === undefined ? [] : [element("StatusReason", failed)]),
      `<StackInstanceStatus>${element("DetailedStatus", failed === undefined ? "SUCCEEDED" : "FAILED")}</StackInstanceStatus>`,
    ].join("");
  });
}

const resultXml = ({ account, region, unit, failed }: Instance): string =>
  [
    element("Account", account),
    element("Region", region),
    element("OrganizationalUnitId", unit),
    element("Status", failed === undefined ? "SUCCEEDED" : "FAILED"),
    ...(failed === undefined ? [] : [element("StatusReason", failed)]),
  ].join("");

const element = (tag: string, value: string) =>
  `<${tag}>${value.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</${tag}>`;

const members = (tag: string, all: readonly string[]) =>
  `<${tag}>${all.map((one) => `<member>${one}</member>`).join("")}</${tag}>`;
