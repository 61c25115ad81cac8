import { fromLiteralJson } from "../../constructs/terraform-text";
import { type Plan, planStacks } from "../../stacks";
import { allDoorsLandscape, exampleLandscape, type StackJson, synthesized } from "../support/landscapes";
import { snapshotCases } from "../support/snapshot-cases";

/** Attributes by which a resource is known outside its stack. */
const naming = ["bucket", "name", "role_name", "function_name"] as const;
const shortest = 8;

const documents = new Set(["policy", "template_body", "assume_role_policy"]);

/** What a principal may do, and what nobody may: the resources that these name need not stand. */
const permissions = new Set([
  "aws_iam_policy",
  "aws_ssoadmin_permission_set_inline_policy",
  "aws_organizations_policy",
]);

/** Attributes of a template's resources by which they are known outside it. */
const namingInTemplates = new Set(["RoleName", "ManagedPolicyName", "InstanceProfileName", "Name"]);

/**
 * Conditions and patterns name who may call later, selectors what is recorded then, a template's permissions what may, a
 * document's patterns what a command may be given.
 */
const aboutLater = new Set([
  "Condition",
  "//",
  "advanced_event_selector",
  "event_pattern",
  "EventPattern",
  "PolicyDocument",
  "allowedPattern",
]);

/** A stack's text without what is about later. */
const withoutConditions = (stack: StackJson): unknown =>
  JSON.parse(JSON.stringify(stack.resource ?? {}), (key, value: unknown) => {
    if (permissions.has(key)) return undefined;
    if (aboutLater.has(key)) return undefined;
    if (!documents.has(key) || typeof value !== "string") return value;
    return JSON.parse(JSON.stringify(fromLiteralJson(value)), (inner, item: unknown) =>
      aboutLater.has(inner) ? undefined : item,
    ) as unknown;
  });

/** Known by these names inside their own database or workgroup only. */
const namedWithin = new Set(["aws_glue_catalog_table", "aws_athena_named_query"]);

const literalNames = (stack: StackJson): string[] =>
  Object.entries(stack.resource ?? {})
    .filter(([type]) => !namedWithin.has(type))
    .flatMap(([, resources]) => Object.values(resources))
    .flatMap((configuration) => naming.map((attribute) => configuration[attribute]))
    .filter(
      (name): name is string => typeof name === "string" && !name.includes("${") && name.length >= shortest,
    );

/** Names that a stack's templates give. */
function templateNames(stack: StackJson): string[] {
  const names: string[] = [];
  for (const { template_body: body } of Object.values(stack.resource ?? {}).flatMap(Object.values)) {
    if (body === undefined) continue;
    JSON.parse(JSON.stringify(fromLiteralJson(body)), (key, value: unknown) => {
      if (namingInTemplates.has(key) && typeof value === "string") names.push(value);
      return value;
    });
  }
  return names;
}

const mentions = (text: string, name: string) =>
  new RegExp(`(?<![\\w-])${name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?![\\w-])`).test(text);

function everythingBefore(plan: Plan, name: string): Set<string> {
  const direct = plan.stacks.find((stack) => stack.name === name)?.dependsOn ?? [];
  return new Set(direct.flatMap((dependency) => [dependency, ...everythingBefore(plan, dependency)]));
}

/** `B uses <name> of A`, wherever A is not deployed before B. */
function undeclaredUses(plan: Plan, stack: (name: string) => StackJson): string[] {
  return plan.stacks.flatMap((user) => {
    const before = everythingBefore(plan, user.name);
    const own = new Set([...literalNames(stack(user.name)), ...templateNames(stack(user.name))]);
    const text = JSON.stringify(withoutConditions(stack(user.name)));
    return plan.stacks
      .filter((maker) => maker !== user && !before.has(maker.name))
      .flatMap((maker) =>
        literalNames(stack(maker.name))
          .filter((name) => !own.has(name) && mentions(text, name))
          .map((name) => `${user.name} uses ${name} of ${maker.name}`),
      );
  });
}

describe("the order of stacks", () => {
  it.each(Object.entries(snapshotCases))(
    "covers every name that one stack uses of another: %s",
    (_, landscape) => {
      expect(undeclaredUses(planStacks(landscape()), synthesized(landscape()).stack)).toEqual([]);
    },
  );

  it("is missed where the trail no longer waits for the log archive", () => {
    const landscape = exampleLandscape();
    const plan = planStacks(landscape);
    const mutated = {
      ...plan,
      stacks: plan.stacks.map((stack) =>
        stack.name === "trail" ? { ...stack, dependsOn: ["organization"] } : stack,
      ),
    };
    expect(undeclaredUses(mutated, synthesized(landscape).stack)).toContain(
      "trail uses acme-ir-cloudtrail-333333333333-eu-west-1 of log-archive",
    );
  });

  it("is told to cdktf", () => {
    const plan = planStacks(exampleLandscape());
    expect(plan.stacks.map(({ name, dependsOn }) => [name, dependsOn])).toEqual([
      ["organization", []],
      ["log-archive", ["organization"]],
      ["trail", ["organization", "log-archive"]],
      ["log-analytics", ["organization", "log-archive"]],
      ["alarms-eu-west-1", ["organization"]],
      ["administrator-eu-west-1", ["organization"]],
      ["delegation-eu-west-1", ["organization", "administrator-eu-west-1"]],
      ["detection-eu-west-1", ["organization", "delegation-eu-west-1", "log-archive", "alarms-eu-west-1"]],
      ["administrator-us-east-1", ["organization"]],
      ["delegation-us-east-1", ["organization", "administrator-us-east-1"]],
      [
        "detection-us-east-1",
        [
          "organization",
          "delegation-us-east-1",
          "detection-eu-west-1",
          "delegation-eu-west-1",
          "log-archive",
          "alarms-eu-west-1",
        ],
      ],
      ["evidence-eu-west-1", ["organization"]],
      ["evidence-us-east-1", ["organization"]],
      ["custody", ["evidence-eu-west-1", "evidence-us-east-1"]],
      ["forensics-eu-west-1", ["organization", "evidence-eu-west-1", "custody", "log-archive"]],
      ["forensics-us-east-1", ["organization", "evidence-us-east-1", "custody", "log-archive"]],
      ["baseline", ["organization", "log-archive", "alarms-eu-west-1"]],
      ["baseline-management", ["organization", "log-archive", "alarms-eu-west-1"]],
      ["baseline-management-eu-west-1", ["organization", "log-archive", "alarms-eu-west-1"]],
      ["baseline-management-us-east-1", ["organization", "log-archive", "alarms-eu-west-1"]],
      ["access", ["organization", "baseline"]],
      ["identity", ["access"]],
      ["emergency-users", ["access"]],
      ["cases", ["organization"]],
      ["response", ["access", "alarms-eu-west-1", "cases"]],
      ["sweep", ["access", "alarms-eu-west-1", "log-archive", "detection-eu-west-1", "detection-us-east-1"]],
      ["guardrails", plan.stacks.map(({ name }) => name).filter((name) => name !== "guardrails")],
    ]);
  });
});

describe("within a stack", () => {
  const built = synthesized(exampleLandscape());
  const waitsFor = (stack: string, type: string): string[] =>
    Object.values(
      (built.stack(stack).resource?.[type] ?? {}) as Record<string, { depends_on?: string[] }>,
    ).flatMap(({ depends_on = [] }) => depends_on.map((name) => name.slice(0, name.indexOf("."))));

  it.each([
    ["custody", "aws_iam_instance_profile", "aws_iam_role"],
    ["custody", "aws_lambda_function", "aws_iam_role_policy_attachment"],
    ["identity", "aws_ssoadmin_account_assignment", "aws_ssoadmin_permission_set_inline_policy"],
    ["response", "aws_sfn_state_machine", "aws_lambda_function"],
    ["sweep", "aws_cloudwatch_event_target", "aws_sfn_state_machine"],
    ["alarms-eu-west-1", "aws_cloudwatch_event_target", "aws_sqs_queue"],
  ])("of %s, what is known by its name beforehand stands first: %s after %s", (stack, later, earlier) => {
    expect(waitsFor(stack, later)).toContain(earlier);
  });

  it("the role that a SAML provider opens is made after the provider, which its trust names", () => {
    const roles = Object.values(
      (synthesized(allDoorsLandscape()).stack("access").resource?.aws_iam_role ?? {}) as Record<
        string,
        { name: string; depends_on?: string[] }
      >,
    );
    const door = roles.find(({ name }) => name.endsWith("door-saml"));
    expect(door?.depends_on?.join()).toContain("aws_iam_saml_provider.");
  });
});
