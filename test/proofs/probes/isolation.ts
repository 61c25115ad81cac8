import type { AccessRequest } from "../../../cli/access/decide";
import { isolationKinds } from "../../../landscape/tasks";
import { kitRole, member } from "../setting";
import { type Probe, refused } from "./probe";

const principal = kitRole("contain");
const group = `arn:aws:ec2:eu-west-1:${member}:security-group/sg-0123456789abcdef0`;
const vpc = (account: string) => `arn:aws:ec2:eu-west-1:${account}:vpc/vpc-0123456789abcdef0`;

const tags = (kind: string, caseId = "CASE-1") => ({
  "aws:RequestTag/ir:case": caseId,
  "aws:RequestTag/ir:isolation": kind,
  "aws:RequestTag/Name": "acme-ir-isolation",
  "aws:RequestTag/managed-by": "aws-ir-kit",
  "aws:TagKeys": ["ir:case", "ir:isolation", "Name", "managed-by"],
});
const asMade = { "ec2:CreateAction": "CreateSecurityGroup" };
const of = (kind: string, caseId?: string) => ({
  "aws:ResourceTag/ir:isolation": kind,
  ...(caseId !== undefined && { "aws:ResourceTag/ir:case": caseId }),
});

type Call = readonly [what: string, action: string, context: AccessRequest["context"], resource?: string];

const rulesOf = (way: "Authorize" | "Revoke") => [
  `ec2:${way}SecurityGroupIngress`,
  `ec2:${way}SecurityGroupEgress`,
];

const may: readonly Call[] = [
  ["in a VPC of the account", "ec2:CreateSecurityGroup", {}, vpc(member)],
  ["in a VPC that is shared", "ec2:CreateSecurityGroup", {}, vpc("999999999999")],
  ...isolationKinds.flatMap((kind): Call[] => [
    [`a group ${kind}`, "ec2:CreateSecurityGroup", tags(kind)],
    [`tags of a group ${kind}`, "ec2:CreateTags", { ...tags(kind), ...asMade }],
    [`a group ${kind} of the case removed`, "ec2:DeleteSecurityGroup", of(kind, "CASE-1")],
    [`a group ${kind} of the case put on`, "ec2:ModifyNetworkInterfaceAttribute", of(kind, "CASE-1")],
    ...rulesOf("Revoke").map((action): Call => [`rules out of ${kind}`, action, of(kind, "CASE-1")]),
  ]),
  ["the standing group put on", "ec2:ModifyNetworkInterfaceAttribute", of("empty")],
  ...["open", "collect"].flatMap((kind) =>
    rulesOf("Authorize").map((action): Call => [`rules into ${kind}`, action, of(kind, "CASE-1")]),
  ),
];

const mayNot: readonly Call[] = [
  ["a group without tags", "ec2:CreateSecurityGroup", {}],
  ["a group of another case", "ec2:CreateSecurityGroup", tags("open", "CASE-2")],
  ["a group of a kind of its own", "ec2:CreateSecurityGroup", tags("wide")],
  [
    "a group with a tag of its own",
    "ec2:CreateSecurityGroup",
    { ...tags("open"), "aws:TagKeys": ["ir:case", "ir:isolation", "department"] },
  ],
  ["tags for what stands", "ec2:CreateTags", tags("open")],
  ["rules into the standing group", "ec2:AuthorizeSecurityGroupIngress", of("empty")],
  [
    "rules out of a group of the kit's own",
    "ec2:RevokeSecurityGroupEgress",
    { ...of("empty", "CASE-1"), "aws:ResourceTag/ir:kit": "true" },
  ],
  ["the standing group removed", "ec2:DeleteSecurityGroup", of("empty")],
  [
    "rules into a workload's group of the case",
    "ec2:AuthorizeSecurityGroupIngress",
    { "aws:ResourceTag/ir:case": "CASE-1" },
  ],
  [
    "a workload's group of the case removed",
    "ec2:DeleteSecurityGroup",
    { "aws:ResourceTag/ir:case": "CASE-1" },
  ],
  [
    "a workload's group of the case put on",
    "ec2:ModifyNetworkInterfaceAttribute",
    { "aws:ResourceTag/ir:case": "CASE-1" },
  ],
  ["an open group of no case put on", "ec2:ModifyNetworkInterfaceAttribute", of("open")],
  ...[
    "ec2:AuthorizeSecurityGroupIngress",
    "ec2:DeleteSecurityGroup",
    "ec2:ModifyNetworkInterfaceAttribute",
  ].map((action): Call => ["an open group of another case", action, of("open", "CASE-2")]),
];

/** Groups by which machines are isolated: the task `contain` makes those of its case, and no other. */
export const isolation: readonly Probe[] = [
  ...may.map(
    ([what, action, context, resource = group]): Probe => ({
      name: `contain: ${what}: ${action}`,
      expected: "allowed",
      request: { principal, action, resource, ...(context && { context }) },
    }),
  ),
  ...mayNot.map(([what, action, context, resource = group]) =>
    refused(`contain: ${what}: ${action}`, { principal, action, resource, ...(context && { context }) }),
  ),
];
