import { forensics, hub, kitRole, management, member, openToAll } from "../setting";
import { instance, type Probe, refused } from "./probe";

const untagged = "arn:aws:ec2:eu-west-1:555555555555:network-interface/eni-0123456789abcdef0";
const ofKit = { "aws:ResourceTag/ir:case": "CASE-1", "aws:ResourceTag/ir:kit": "true" };
const anySpoke = [
  "investigate",
  "contain",
  "evidence",
  "credentials",
  "recover",
  "auto-logging",
  "auto-triage",
  "auto-credentials",
] as const;

/** Not covered by a service or resource control policy: what the roles' own documents must hold by themselves. */
export const bounds: readonly Probe[] = [
  ...[member, forensics, hub].flatMap((account) =>
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
  ...(
    [
      ["auto-alarm", hub],
      ["auto-cut", hub],
      ["auto-workflow", hub],
      ["custody", forensics],
      ["forensic-analysis", forensics],
    ] as const
  ).map(([use, account]) =>
    refused(`${use} past its boundary`, {
      principal: kitRole(use, account),
      action: "s3:DeleteObject",
      resource: "arn:aws:s3:::payments-open/x",
      resourcePolicy: openToAll,
    }),
  ),
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
  ...analysisBounds(),
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
    resource: "arn:aws:s3:::acme-ir-evidence-444444444444-eu-west-1/evidence/CASE-2/x",
    resourcePolicy: openToAll,
    account: "444444444444",
  }),
  refused("quarantine of the kit's own role, where no guardrail reaches", {
    principal: kitRole("credentials", management),
    action: "iam:AttachRolePolicy",
    resource: kitRole("contain", management),
    context: { "iam:PolicyARN": `arn:aws:iam::${management}:policy/acme-ir/acme-ir-quarantine-deny-all` },
  }),
  refused("quarantine of an emergency user by automation, where no guardrail reaches", {
    principal: kitRole("auto-credentials", management),
    action: "iam:AttachUserPolicy",
    resource: `arn:aws:iam::${management}:user/acme-ir/emergency-1`,
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

/** What whoever opens evidence can't do beside: other machines, other cases, other ways in. */
function analysisBounds(): Probe[] {
  const at = (resource: string) => `arn:aws:ec2:eu-west-1:${forensics}:${resource}`;
  const template = at("launch-template/lt-0123456789abcdef0");
  const byTemplate = { "ec2:LaunchTemplate": template, "ec2:IsLaunchTemplateResource": "true" };
  const [ofCase, otherCase] = ["CASE-1", "CASE-2"].map((id) => ({ "aws:ResourceTag/ir:case": id }));
  const checked = { "ssm:SessionDocumentAccessCheck": "true" };
  const rows: readonly (readonly [
    name: string,
    action: string,
    resource: string,
    context: Readonly<Record<string, string | string[]>>,
  ])[] = [
    ["a launch without a template", "ec2:RunInstances", at("instance/new"), {}],
    [
      "a launch into another network than the template's",
      "ec2:RunInstances",
      at("subnet/subnet-0123456789abcdef0"),
      { ...byTemplate, "ec2:IsLaunchTemplateResource": "false" },
    ],
    [
      "a launch of another image than the template's",
      "ec2:RunInstances",
      "arn:aws:ec2:eu-west-1::image/ami-0123456789abcdef0",
      { ...byTemplate, "ec2:IsLaunchTemplateResource": "false" },
    ],
    ["a launch by a template that is not the kit's", "ec2:RunInstances", template, byTemplate],
    [
      "a launch by another account's template",
      "ec2:RunInstances",
      at("instance/new"),
      { ...byTemplate, "ec2:LaunchTemplate": template.replace(forensics, member) },
    ],
    [
      "a machine of another case",
      "ec2:CreateTags",
      at("instance/new"),
      { "ec2:CreateAction": "RunInstances", "aws:RequestTag/ir:case": "CASE-2", "aws:TagKeys": ["ir:case"] },
    ],
    [
      "another role for the machine",
      "iam:PassRole",
      kitRole("recover", forensics),
      { "iam:PassedToService": "ec2.amazonaws.com" },
    ],
    [
      "the machine's role for a function",
      "iam:PassRole",
      kitRole("forensic-analysis", forensics),
      { "iam:PassedToService": "lambda.amazonaws.com" },
    ],
    [
      "a copy of another case's snapshot",
      "ec2:CreateVolume",
      "arn:aws:ec2:eu-west-1::snapshot/snap-0123456789abcdef0",
      { ...otherCase },
    ],
    [
      "a volume attached to a machine of another case",
      "ec2:AttachVolume",
      at("instance/i-0123456789abcdef0"),
      { ...otherCase, "aws:ResourceTag/ir:kit": "true" },
    ],
    [
      "the end of a machine that the kit has not launched",
      "ec2:TerminateInstances",
      instance(forensics),
      { ...ofCase },
    ],
    [
      "the end of a volume that the kit has not made",
      "ec2:DeleteVolume",
      at("volume/vol-0123456789abcdef0"),
      { ...ofCase },
    ],
    [
      "the end of a snapshot",
      "ec2:DeleteSnapshot",
      "arn:aws:ec2:eu-west-1::snapshot/snap-0123456789abcdef0",
      { ...ofCase },
    ],
    [
      "a shell on a machine of another case",
      "ssm:StartSession",
      instance(forensics),
      { ...otherCase, ...checked },
    ],
    [
      "a shell on a machine of the case by no document, which nothing would log",
      "ssm:StartSession",
      instance(forensics),
      { ...ofCase, "ssm:SessionDocumentAccessCheck": "false" },
    ],
    [
      "a shell by a document that logs nothing",
      "ssm:StartSession",
      `arn:aws:ssm:eu-west-1:${forensics}:document/SSM-SessionManagerRunShell`,
      checked,
    ],
    [
      "another responder's session",
      "ssm:TerminateSession",
      `arn:aws:ssm:eu-west-1:${forensics}:session/AROAEXAMPLE:alice-0123456789abcdef0`,
      { "aws:userid": "AROAEXAMPLE:bob" },
    ],
    [
      "what was typed in a session",
      "logs:GetLogEvents",
      `arn:aws:logs:eu-west-1:${forensics}:log-group:/acme-ir/sessions:log-stream:bob-0123456789abcdef0`,
      {},
    ],
  ];
  return rows.map(([name, action, resource, context]) => ({
    name: `evidence in forensics: ${name}`,
    expected: "refused",
    request: { principal: kitRole("evidence", forensics), action, resource, account: forensics, context },
  }));
}
