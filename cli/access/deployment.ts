import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fromLiteralJson } from "../../constructs/terraform-text";
import { kitIamArn } from "../../landscape/arns";
import { hasId, type Landscape, listedAccounts } from "../../landscape/model";
import { accountId } from "../../landscape/names";
import type { PolicyDocument } from "../../policies/document";
import type { PolicyType } from "../../policies/guardrails";
import { synthesize } from "../../stacks/synthesize";
import { type RawTemplate, rolesOf, type StandingRole } from "./template";

/** Everything that decides about access, read from what is synthesized: plain data. */
export interface Deployment {
  readonly landscape: Landscape;
  /** Roles and users of the kit, wherever they stand, by ARN. */
  readonly principals: ReadonlyMap<string, StandingRole>;
  readonly policies: readonly OrganizationPolicy[];
}

export interface OrganizationPolicy {
  readonly name: string;
  readonly type: PolicyType;
  readonly document: PolicyDocument;
  /** Ids of root, units and accounts. */
  readonly targets: readonly string[];
}

type Resources = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;

/** What Terraform reads of a stack, as far as access is concerned. */
interface StackText {
  readonly resource?: Resources;
}

/** Synthesizes into a folder of its own, and reads what decides about access. */
export function synthesizedDeployment(landscape: Landscape): Deployment {
  const directory = mkdtempSync(path.join(tmpdir(), "ir-kit-access-"));
  try {
    const out = path.join(directory, "cdktf.out");
    const { stacks } = synthesize(landscape, { deployed: undefined, directory: out });
    const texts = new Map(
      stacks.map((name) => [
        name,
        JSON.parse(readFileSync(path.join(out, "stacks", name, "cdk.tf.json"), "utf8")) as StackText,
      ]),
    );
    return deploymentOf(landscape, (name) => texts.get(name));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Reads a deployment from the stacks' texts; a stack that is left out contributes nothing. */
function deploymentOf(landscape: Landscape, stack: (name: string) => StackText | undefined): Deployment {
  // The role that tells of findings stands beside its function, which is deployed before the other roles.
  const hub = ["access", `alarms-${landscape.homeRegion}`].flatMap((name) =>
    terraformRoles(landscape, accountId(landscape.hub), stack(name)),
  );
  const emergency = landscape.access?.doors.find(({ type }) => type === "emergency-users");
  const users =
    emergency?.type === "emergency-users"
      ? terraformUsers(landscape, accountId(landscape.accounts[emergency.account]), stack("emergency-users"))
      : [];
  const all = [
    ...baselineRoles(landscape, stack),
    ...hub,
    ...terraformRoles(landscape, accountId(landscape.accounts.forensics), stack("custody")),
    ...terraformUsers(landscape, accountId(landscape.hub), stack("access")),
    ...users,
    ...reservedRoles(landscape, stack("identity")),
  ];
  return {
    landscape,
    principals: new Map(all.map((role) => [role.arn, role])),
    policies: organizationPolicies(stack("guardrails")),
  };
}

/** Roles of the global baseline in every account, by whichever way it comes there. */
function baselineRoles(landscape: Landscape, stack: (name: string) => StackText | undefined): StandingRole[] {
  const ofMembers = templateRoles(
    landscape,
    stack("baseline")?.resource?.aws_cloudformation_stack_set?.global,
  );
  return listedAccounts(landscape)
    .filter(hasId)
    .flatMap(({ id, name }) => {
      const own = stack(`baseline-${name.toLowerCase()}`)?.resource?.aws_cloudformation_stack?.baseline;
      if (own) return templateRoles(landscape, own)(id);
      return id === landscape.accounts.management.id ? [] : ofMembers(id);
    });
}

/** Roles that a deployed template makes in an account; a StackSet's text is read once for all of them. */
function templateRoles(
  landscape: Landscape,
  source: Resources[string][string] | undefined,
): (account: string) => StandingRole[] {
  if (!source) return () => [];
  const template = fromLiteralJson<RawTemplate>(source.template_body);
  const parameters = source.parameters as Record<string, string>;
  const partition = landscape.partition.name;
  return (account) => rolesOf({ template, account, partition, parameters });
}

/** Name of the resource that a reference such as `${aws_iam_policy.contain_x.arn}` means. */
const referred = (reference: unknown): string => /\$\{[a-z_]+\.([^.]+)\./.exec(String(reference))?.[1] ?? "";

const policyOf = (resources: Resources, reference: unknown): PolicyDocument =>
  fromLiteralJson<PolicyDocument>(resources.aws_iam_policy?.[referred(reference)]?.policy);

function terraformRoles(landscape: Landscape, account: string, stack: StackText | undefined): StandingRole[] {
  const resources = stack?.resource ?? {};
  return Object.entries(resources.aws_iam_role ?? {}).map(([id, role]) => ({
    arn: `arn:${landscape.partition.name}:iam::${account}:role${String(role.path)}${String(role.name)}`,
    account,
    trust: fromLiteralJson<PolicyDocument>(role.assume_role_policy),
    policies: Object.values(resources.aws_iam_role_policy_attachment ?? {})
      .filter((attachment) => referred(attachment.role) === id)
      .map((attachment) => policyOf(resources, attachment.policy_arn)),
    boundary: policyOf(resources, role.permissions_boundary),
  }));
}

const nobody: PolicyDocument = { Version: "2012-10-17", Statement: [] };

function terraformUsers(landscape: Landscape, account: string, stack: StackText | undefined): StandingRole[] {
  const resources = stack?.resource ?? {};
  return Object.entries(resources.aws_iam_user ?? {}).map(([id, user]) => ({
    arn: kitIamArn(landscape, "user", account, String(user.name)),
    account,
    trust: nobody,
    policies: Object.values(resources.aws_iam_user_policy_attachment ?? {})
      .filter((attachment) => referred(attachment.user) === id)
      .map((attachment) => policyOf(resources, attachment.policy_arn)),
    boundary: policyOf(resources, user.permissions_boundary),
  }));
}

/** What Identity Center makes of the permission sets; the end of the name is AWS's own. */
function reservedRoles(landscape: Landscape, stack: StackText | undefined): StandingRole[] {
  const account = accountId(landscape.hub);
  const region = landscape.access?.doors.find((door) => door.type === "identity-center")?.region ?? "";
  const resources = stack?.resource ?? {};
  return Object.values(resources.aws_ssoadmin_permission_set_inline_policy ?? {}).map((inline) => {
    const task = referred(inline.permission_set_arn);
    const name = String(resources.aws_ssoadmin_permission_set?.[task]?.name);
    const folder = region === "us-east-1" ? "" : `${region}/`;
    return {
      arn: `arn:${landscape.partition.name}:iam::${account}:role/aws-reserved/sso.${landscape.partition.dnsSuffix}/${folder}AWSReservedSSO_${name}_0123456789abcdef`,
      account,
      trust: nobody,
      policies: [fromLiteralJson<PolicyDocument>(inline.inline_policy)],
    };
  });
}

function organizationPolicies(stack: StackText | undefined): OrganizationPolicy[] {
  const resources = stack?.resource ?? {};
  return Object.entries(resources.aws_organizations_policy ?? {}).map(([id, policy]) => ({
    name: id,
    type: policy.type as PolicyType,
    document: fromLiteralJson<PolicyDocument>(policy.content),
    targets: Object.values(resources.aws_organizations_policy_attachment ?? {})
      .filter((attachment) => referred(attachment.policy_id) === id)
      .map((attachment) => String(attachment.target_id)),
  }));
}

/** Ids of root, units and account, from the outside in, that policies for an account may be attached to. */
function levelsOf(landscape: Landscape, account: string): string[] {
  const listed = listedAccounts(landscape).find(({ id }) => id === account);
  const units = landscape.organizationalUnits.filter(
    ({ path: unit }) =>
      listed?.organizationalUnit === unit || listed?.organizationalUnit?.startsWith(`${unit}/`),
  );
  return [
    landscape.organization.rootId ?? "",
    ...units.sort((a, b) => a.path.length - b.path.length).map(({ id }) => id ?? ""),
    account,
  ];
}

const fullAccess: PolicyDocument = {
  Version: "2012-10-17",
  Statement: [{ Sid: "FullAWSAccess", Effect: "Allow", Action: ["*"], Resource: ["*"] }],
};

/**
 * Policies of a type that apply to an account, one list a level. No policy covers the management account.
 *
 * @param attached more attachments than are deployed, such as those of a seal: policy's name and target
 */
export function organizationPoliciesOf(
  { landscape, policies }: Deployment,
  type: PolicyType,
  account: string,
  attached: readonly (readonly [name: string, target: string])[] = [],
): PolicyDocument[][] {
  if (account === landscape.accounts.management.id) return [];
  return levelsOf(landscape, account).map((level) => [
    ...(type === "SERVICE_CONTROL_POLICY" ? [fullAccess] : []),
    ...policies
      .filter((policy) => policy.type === type)
      .filter(
        ({ name, targets }) =>
          targets.includes(level) || attached.some(([other, target]) => other === name && target === level),
      )
      .map(({ document }) => document),
  ]);
}
