import { administratorAccess } from "../../../cli/access/decide";
import { withoutIsolationGroup } from "../../../landscape/tasks";
import { member } from "../setting";
import { admin, instance, type Probe } from "./probe";

const ec2 = (resource: string) => `arn:aws:ec2:eu-west-1:${member}:${resource}`;
const vpc = ec2("vpc/vpc-0123456789abcdef0");

type Call = readonly [
  what: string,
  action: string,
  resource: string,
  context?: Readonly<Record<string, string | string[]>>,
];

const calls: readonly Call[] = [
  [
    "the group that the sweep has put into a VPC",
    "ec2:DeleteSecurityGroup",
    ec2("security-group/sg-0123456789abcdef0"),
    { "aws:ResourceTag/ir:isolation": "empty", "aws:ResourceTag/ir:kit": "true" },
  ],
  ["a VPC in which the kit has put its own", "ec2:DeleteVpc", vpc],
  ["a VPC left out by tag", "ec2:CreateTags", vpc, { "aws:TagKeys": [withoutIsolationGroup.key] }],
  ["an instance of no case", "ec2:TerminateInstances", instance(member)],
  ["a role of no case", "iam:DeleteRole", `arn:aws:iam::${member}:role/app`],
  ["the account's own profile", "iam:DeleteInstanceProfile", `arn:aws:iam::${member}:instance-profile/app`],
  ["the account's own document", "ssm:DeleteDocument", `arn:aws:ssm:eu-west-1:${member}:document/app`],
];

/** Whoever owns a resource deletes it, whatever the kit has put into it or beside it. */
export const owners: readonly Probe[] = calls.map(([what, action, resource, context]) => ({
  name: `the owner: ${what}: ${action}`,
  expected: "allowed",
  request: {
    principal: admin(member),
    action,
    resource,
    also: [administratorAccess],
    ...(context && { context }),
  },
}));
