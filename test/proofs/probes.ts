import { readFileSync } from "node:fs";
import path from "node:path";
import { type AccessRequest, administratorAccess, decide } from "../../cli/access/decide";
import type { Deployment } from "../../cli/access/deployment";
import type { TaskName } from "../../landscape/tasks";
import { repository } from "../support/repository";
import { hub, kitRole, leftToAccount, management, member, openToAll } from "./setting";
import type { Needed } from "./walkthroughs/recording";

/** A request whose answer must be the one that is expected, as long as nothing is broken. */
export interface Probe {
  readonly name: string;
  readonly expected: "allowed" | "refused";
  readonly request: AccessRequest;
}

export const needs = JSON.parse(
  readFileSync(path.join(repository, "test", "proofs", "needed.json"), "utf8"),
) as readonly Needed[];

/** Each request that a walkthrough needed, of the role that made it. */
export const neededProbes: readonly Probe[] = needs.map((need) => ({
  name: `${need.task} needs ${need.action} on ${need.resource}: ${need.walkthrough}`,
  expected: "allowed",
  request: {
    principal: kitRole(need.task as TaskName, need.where === "hub" ? hub : member),
    action: need.action,
    resource: need.resource,
    context: need.context,
    ...admission(need),
  },
}));

/** Whether a key or a bucket of another account admits the role, the logs' own proof says; here it is no obstacle. */
function admission({ action, resource, where }: Needed): Partial<AccessRequest> {
  const own = where === "hub" ? hub : member;
  const owner = /acme-ir-[a-z-]+-(\d{12})-/.exec(resource)?.[1] ?? (resource.split(":")[4] || own);
  if (!/^(kms|s3):/.test(action) || resource === "*") return {};
  if (owner !== own) return { account: owner, resourcePolicy: openToAll };
  return action.startsWith("kms:") ? { resourcePolicy: leftToAccount(own) } : {};
}

const admin = (account: string) => `arn:aws:iam::${account}:role/administrator`;

/** What somebody must not be able to do, who is administrator where he stands. */
const refused = (name: string, request: AccessRequest): Probe => ({
  name,
  expected: "refused",
  request: { ...request, also: [administratorAccess, ...(request.also ?? [])] },
});

const untagged = "arn:aws:ec2:eu-west-1:555555555555:network-interface/eni-0123456789abcdef0";
const instance = (account: string) => `arn:aws:ec2:eu-west-1:${account}:instance/i-0123456789abcdef0`;
const ofKit = { "aws:ResourceTag/ir:case": "CASE-1", "aws:ResourceTag/ir:kit": "true" };
const stranger = { "aws:PrincipalOrgID": "o-foreign000" };
const anySpoke = [
  "investigate",
  "contain",
  "evidence",
  "credentials",
  "recover",
  "auto-inventory",
  "auto-triage",
] as const;

/** Not covered by a service or resource control policy: what the roles' own documents must hold by themselves. */
const bounds: readonly Probe[] = [
  ...[member, hub].flatMap((account) =>
    anySpoke.map((use) =>
      refused(`${use} in ${account} past its boundary, by a bucket that lets everybody in`, {
        principal: kitRole(use, account),
        action: "s3:DeleteObject",
        resource: "arn:aws:s3:::payments-open/x",
        resourcePolicy: openToAll,
      }),
    ),
  ),
  ...[
    "arn:aws:iam::444444444444:user/acme-ir/emergency-1",
    ...(["investigate", "contain", "evidence", "credentials", "recover"] as const).map(
      (task) =>
        `arn:aws:iam::${hub}:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_ir-${task}_0123456789abcdef`,
    ),
  ].map(
    (principal): Probe => ({
      name: `${principal} by a bucket that lets everybody in`,
      expected: "refused",
      request: {
        principal,
        action: "s3:DeleteObject",
        resource: "arn:aws:s3:::payments-open/x",
        resourcePolicy: openToAll,
      },
    }),
  ),
  refused("cuts' writer past its boundary", {
    principal: kitRole("auto-cut", hub),
    action: "s3:DeleteObject",
    resource: "arn:aws:s3:::payments-open/x",
    resourcePolicy: openToAll,
  }),
  refused("containment of what is not of the case", {
    principal: kitRole("contain"),
    action: "ec2:ModifyNetworkInterfaceAttribute",
    resource: untagged,
  }),
  refused("containment of the kit's own machine, where no guardrail reaches", {
    principal: kitRole("contain", management),
    action: "ec2:ModifyInstanceAttribute",
    resource: instance(management),
    context: { ...ofKit, "ec2:Attribute": "DisableApiTermination" },
  }),
  refused("containment of the kit's own function, where no guardrail reaches", {
    principal: kitRole("contain", management),
    action: "lambda:PutFunctionConcurrency",
    resource: `arn:aws:lambda:eu-west-1:${management}:function:acme-ir-triage`,
    context: { "aws:ResourceTag/ir:case": "CASE-1" },
  }),
  refused("sharing with a stranger", {
    principal: kitRole("evidence"),
    action: "ec2:ModifySnapshotAttribute",
    resource: "arn:aws:ec2:eu-west-1::snapshot/snap-0123456789abcdef0",
    context: { "ec2:Add/userId": "999999999999" },
  }),
  refused("sharing with everybody beside the forensics account", {
    principal: kitRole("evidence"),
    action: "ec2:ModifySnapshotAttribute",
    resource: "arn:aws:ec2:eu-west-1::snapshot/snap-0123456789abcdef0",
    context: { "ec2:Add/userId": "444444444444", "ec2:Add/group": "all" },
  }),
  refused("evidence below another case's prefix", {
    principal: kitRole("evidence"),
    action: "s3:PutObject",
    resource: "arn:aws:s3:::acme-ir-evidence-444444444444-eu-west-1/CASE-2/x",
    resourcePolicy: openToAll,
    account: "444444444444",
  }),
  refused("quarantine of the kit's own role, where no guardrail reaches", {
    principal: kitRole("credentials", management),
    action: "iam:AttachRolePolicy",
    resource: kitRole("contain", management),
    context: { "iam:PolicyARN": `arn:aws:iam::${management}:policy/acme-ir/acme-ir-quarantine-deny-all` },
  }),
  refused("a policy that grants", {
    principal: kitRole("credentials"),
    action: "iam:AttachRolePolicy",
    resource: `arn:aws:iam::${member}:role/app`,
    context: { "iam:PolicyARN": "arn:aws:iam::aws:policy/AdministratorAccess" },
  }),
  refused("a launch from any image", {
    principal: kitRole("recover"),
    action: "ec2:RunInstances",
    resource: "arn:aws:ec2:eu-west-1::image/ami-0123456789abcdef0",
  }),
  refused("a tag beside the case", {
    principal: kitRole("auto-triage"),
    action: "ec2:CreateTags",
    resource: instance(member),
    context: { "aws:TagKeys": ["team"] },
  }),
  refused("another task's role from the hub", {
    principal: kitRole("contain", hub),
    action: "sts:AssumeRole",
    resource: `arn:aws:iam::${member}:role/administrator`,
    account: member,
    resourcePolicy: openToAll,
  }),
  refused("a policy of the organization beside the cuts", {
    principal: kitRole("auto-cut", hub),
    action: "organizations:UpdatePolicy",
    resource: "arn:aws:organizations::111111111111:policy/o-a1b2c3d4e5/service_control_policy/p-other00000",
    account: management,
    resourcePolicy: openToAll,
  }),
];

/** One request for each statement of the guardrails. */
const guarded: readonly Probe[] = [
  refused("a spoke's trust", {
    principal: admin(member),
    action: "iam:UpdateAssumeRolePolicy",
    resource: kitRole("contain"),
  }),
  refused("passing a spoke", {
    principal: admin(member),
    action: "iam:PassRole",
    resource: kitRole("contain"),
    context: { "iam:PassedToService": "lambda.amazonaws.com" },
  }),
  refused("taking off a quarantine", {
    principal: admin(member),
    action: "iam:DetachRolePolicy",
    resource: `arn:aws:iam::${member}:role/app`,
    context: { "iam:PolicyARN": `arn:aws:iam::${member}:policy/acme-ir/acme-ir-quarantine-deny-all` },
  }),
  refused("replacing the boundary of a principal of a case", {
    principal: admin(member),
    action: "iam:PutRolePermissionsBoundary",
    resource: `arn:aws:iam::${member}:role/app`,
    context: { "aws:ResourceTag/ir:case": "CASE-1" },
  }),
  refused("the kit's tags", {
    principal: admin(member),
    action: "ec2:CreateTags",
    resource: instance(member),
    context: { "aws:TagKeys": ["ir:case"] },
  }),
  refused("tags of a case wiped without naming them", {
    principal: admin(member),
    action: "ec2:DeleteTags",
    resource: instance(member),
    context: { "aws:ResourceTag/ir:case": "CASE-1" },
  }),
  refused("the tag of an isolation group wiped", {
    principal: admin(member),
    action: "ec2:DeleteTags",
    resource: `arn:aws:ec2:eu-west-1:${member}:security-group/sg-0123456789abcdef0`,
    context: { "aws:ResourceTag/ir:isolation": "empty" },
  }),
  refused("opening an isolation group", {
    principal: admin(member),
    action: "ec2:AuthorizeSecurityGroupIngress",
    resource: `arn:aws:ec2:eu-west-1:${member}:security-group/sg-0123456789abcdef0`,
    context: { "aws:ResourceTag/ir:isolation": "empty" },
  }),
  refused("the code of a function of the kit", {
    principal: admin(hub),
    action: "lambda:UpdateFunctionCode",
    resource: `arn:aws:lambda:eu-west-1:${hub}:function:acme-ir-triage`,
  }),
  refused("the policy of the alarms' bus", {
    principal: admin(hub),
    action: "events:PutPermission",
    resource: "*",
  }),
  refused("the baseline's stack", {
    principal: admin(member),
    action: "cloudformation:UpdateStack",
    resource: `arn:aws:cloudformation:eu-west-1:${member}:stack/StackSet-acme-ir-baseline-global-1/0`,
  }),
  refused("writing cuts without their writer", {
    principal: admin(hub),
    action: "organizations:UpdatePolicy",
    resource: "arn:aws:organizations::111111111111:policy/o-a1b2c3d4e5/service_control_policy/p-a1b2c3d4e5",
    account: management,
    resourcePolicy: openToAll,
  }),
  refused("switching off a detector", {
    principal: admin(member),
    action: "guardduty:DeleteDetector",
    resource: `arn:aws:guardduty:eu-west-1:${member}:detector/0`,
  }),
  refused("deleting logs", {
    principal: admin("333333333333"),
    action: "s3:DeleteObjectVersion",
    resource: "arn:aws:s3:::acme-ir-cloudtrail-333333333333-eu-west-1/x",
  }),
  refused("deleting the logs' key", {
    principal: admin("333333333333"),
    action: "kms:ScheduleKeyDeletion",
    resource: "arn:aws:kms:eu-west-1:333333333333:key/0",
    context: { "kms:ResourceAliases": ["alias/acme-ir/flow-logs"] },
    resourcePolicy: openToAll,
  }),
  refused("silencing alarms", {
    principal: admin(member),
    action: "events:DisableRule",
    resource: `arn:aws:events:eu-west-1:${member}:rule/acme-ir-alarms-roleuse`,
  }),
  refused("leaving the organization", {
    principal: admin(member),
    action: "organizations:LeaveOrganization",
    resource: "*",
  }),
  refused("root", {
    principal: `arn:aws:iam::${member}:root`,
    action: "s3:DeleteBucket",
    resource: "arn:aws:s3:::payments-old",
  }),
  refused("an unwatched region", {
    principal: admin(member),
    action: "ec2:RunInstances",
    resource: `arn:aws:ec2:ap-south-1:${member}:instance/i-1`,
  }),
  refused("logs read from outside the organization", {
    principal: admin("999999999999"),
    action: "s3:GetObject",
    resource: "arn:aws:s3:::acme-ir-cloudtrail-333333333333-eu-west-1/x",
    account: "333333333333",
    context: stranger,
    resourcePolicy: openToAll,
  }),
  refused("logs written by a service for somebody outside", {
    principal: "cloudtrail.amazonaws.com",
    action: "s3:PutObject",
    resource: "arn:aws:s3:::acme-ir-cloudtrail-333333333333-eu-west-1/x",
    account: "333333333333",
    context: foreignDeputy(),
    resourcePolicy: openToAll,
  }),
  refused("a member's bucket read from outside the organization", {
    principal: admin("999999999999"),
    action: "s3:GetObject",
    resource: "arn:aws:s3:::playground/x",
    account: "777777777777",
    context: stranger,
    resourcePolicy: openToAll,
  }),
  refused("a member's bucket written by a service for somebody outside", {
    principal: "cloudtrail.amazonaws.com",
    action: "s3:PutObject",
    resource: "arn:aws:s3:::playground/x",
    account: "777777777777",
    context: foreignDeputy(),
    resourcePolicy: openToAll,
  }),
  refused("anything in a sealed account", {
    principal: admin(hub),
    action: "ec2:RunInstances",
    resource: instance(hub),
    attached: [["seal-account", hub]],
  }),
  refused("a spoke, from a sealed account", {
    principal: kitRole("contain", hub),
    action: "sts:AssumeRole",
    resource: kitRole("contain"),
    account: member,
    context: { "sts:SourceIdentity": "alice" },
    attached: [["seal-resources", "r-ab12"]],
  }),
];

function foreignDeputy() {
  return {
    "aws:PrincipalIsAWSService": "true",
    "aws:SourceAccount": "999999999999",
    "aws:SourceOrgID": "o-foreign000",
  };
}

const withCase = {
  "aws:RequestTag/ir:case": "CASE-1",
  "aws:TagKeys": ["ir:case"],
  "sts:TransitiveTagKeys": ["ir:case"],
};

/** The doors of the example, the way on into an account, and what a door must not do. */
const entering: readonly Probe[] = (
  ["investigate", "contain", "evidence", "credentials", "recover"] as const
).flatMap((task) => {
  const step = (
    name: string,
    principal: string,
    action: string,
    role: string,
    context: AccessRequest["context"],
  ): Probe => ({
    name: `${name}, ${task}: ${action}`,
    expected: "allowed",
    request: { principal, action, resource: role, account: role.split(":")[4] ?? "", context: context ?? {} },
  });
  const reserved = `arn:aws:iam::${hub}:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_ir-${task}_0123456789abcdef`;
  const user = "arn:aws:iam::444444444444:user/acme-ir/emergency-1";
  const comers = [
    ["Identity Center", reserved, "alice", { "aws:userid": "AROAEXAMPLE:alice" }],
    [
      "emergency",
      user,
      "emergency-1",
      { "aws:MultiFactorAuthPresent": "true", "aws:MultiFactorAuthAge": "9" },
    ],
  ] as const;
  const inHub = kitRole(task, hub);
  const spoke = kitRole(task);
  return [
    ...comers.flatMap(([kind, principal, name, more]) => [
      step(kind, principal, "sts:AssumeRole", inHub, { ...more, ...withCase, "sts:SourceIdentity": name }),
      step(kind, principal, "sts:SetSourceIdentity", inHub, { ...more, "sts:SourceIdentity": name }),
      step(kind, principal, "sts:TagSession", inHub, { ...more, ...withCase }),
    ]),
    step("from the hub", inHub, "sts:AssumeRole", spoke, { "sts:SourceIdentity": "alice" }),
    step("from the hub", inHub, "sts:SetSourceIdentity", spoke, { "sts:SourceIdentity": "alice" }),
    step("from the hub", inHub, "sts:TagSession", spoke, {}),
    refused(`into the hub without a case, ${task}`, {
      principal: user,
      action: "sts:AssumeRole",
      resource: inHub,
      account: hub,
      context: {
        "aws:MultiFactorAuthPresent": "true",
        "aws:MultiFactorAuthAge": "9",
        "sts:SourceIdentity": "emergency-1",
      },
    }),
  ];
});

/** Automation's way into an account, and what it does there; its workflows will record their own needs. */
const automation: readonly Probe[] = [
  ...(["auto-inventory", "auto-triage"] as const).map(
    (use): Probe => ({
      name: `${use} enters an account`,
      expected: "allowed",
      request: {
        principal: kitRole(use, hub),
        action: "sts:AssumeRole",
        resource: kitRole(use),
        account: member,
      },
    }),
  ),
  ...(
    [
      ["auto-inventory", "ec2:DescribeVpcs", "*"],
      ["auto-triage", "ec2:DescribeInstances", "*"],
      ["auto-triage", "ec2:CreateTags", instance(member)],
      ["auto-triage", "iam:TagRole", `arn:aws:iam::${member}:role/app`],
      ["auto-triage", "lambda:TagResource", `arn:aws:lambda:eu-west-1:${member}:function:mail`],
    ] as const
  ).map(
    ([use, action, resource]): Probe => ({
      name: `${use}: ${action}`,
      expected: "allowed",
      request: {
        principal: kitRole(use),
        action,
        resource,
        ...(action.includes("Tag") && { context: { "aws:TagKeys": ["ir:case"] } }),
      },
    }),
  ),
  ...(["auto-inventory", "auto-triage", "auto-cut"] as const).map(
    (use): Probe => ({
      name: `a function of the hub runs as ${use}`,
      expected: "allowed",
      request: {
        principal: "lambda.amazonaws.com",
        action: "sts:AssumeRole",
        resource: kitRole(use, hub),
        account: hub,
      },
    }),
  ),
  {
    name: "the cuts' writer writes cuts",
    expected: "allowed",
    request: {
      principal: kitRole("auto-cut", hub),
      action: "organizations:UpdatePolicy",
      resource: "arn:aws:organizations::111111111111:policy/o-a1b2c3d4e5/service_control_policy/p-a1b2c3d4e5",
      account: management,
      resourcePolicy: openToAll,
    },
  },
];

export const probes: readonly Probe[] = [...neededProbes, ...entering, ...automation, ...bounds, ...guarded];

/** Whether a probe comes out as expected. */
export async function holds(deployment: Deployment, { expected, request }: Probe): Promise<boolean> {
  const { verdict } = await decide(deployment, request);
  return expected === "allowed" ? verdict === "allowed" : verdict === "denied" || verdict === "unmatched";
}
