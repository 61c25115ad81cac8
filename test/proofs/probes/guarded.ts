import { administratorAccess } from "../../../cli/access/decide";
import { hub, kitRole, management, member, openToAll } from "../setting";
import { admin, instance, type Probe, refused } from "./probe";

const stranger = { "aws:PrincipalOrgID": "o-foreign000" };

const group = `arn:aws:ec2:eu-west-1:${member}:security-group/sg-0123456789abcdef0`;
const flowLog = `arn:aws:ec2:eu-west-1:${member}:vpc-flow-log/fl-0123456789abcdef0`;

/** One request for each statement of the guardrails. */
export const guarded: readonly Probe[] = [
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
  refused("taking off the boundary that denies everything", {
    principal: admin(member),
    action: "iam:DeleteUserPermissionsBoundary",
    resource: `arn:aws:iam::${member}:user/ann`,
    context: {
      "iam:PermissionsBoundary": `arn:aws:iam::${member}:policy/acme-ir/acme-ir-quarantine-deny-all`,
    },
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
  refused("a flow log of the kit ended", {
    principal: admin(member),
    action: "ec2:DeleteFlowLogs",
    resource: flowLog,
    context: { "aws:ResourceTag/ir:kit": "acme-ir" },
  }),
  {
    name: "a flow log of the account's own ended",
    expected: "allowed",
    request: {
      principal: admin(member),
      action: "ec2:DeleteFlowLogs",
      resource: flowLog,
      also: [administratorAccess],
    },
  },
  {
    name: "a flow log of the kit replaced by who deploys in the account",
    expected: "allowed",
    request: {
      principal: `arn:aws:iam::${member}:role/OrganizationAccountAccessRole`,
      action: "ec2:DeleteFlowLogs",
      resource: flowLog,
      also: [administratorAccess],
      context: { "aws:ResourceTag/ir:kit": "acme-ir" },
    },
  },
  refused("the open group of a case put on a machine by somebody who may attach groups and open none", {
    principal: admin(member),
    action: "ec2:ModifyNetworkInterfaceAttribute",
    resource: group,
    context: { "aws:ResourceTag/ir:isolation": "open" },
  }),
  refused("a group of a case taken away", {
    principal: admin(member),
    action: "ec2:DeleteSecurityGroup",
    resource: group,
    context: { "aws:ResourceTag/ir:isolation": "open", "aws:ResourceTag/ir:case": "CASE-1" },
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
  refused("the text of a document of the kit", {
    principal: admin(member),
    action: "ssm:UpdateDocument",
    resource: `arn:aws:ssm:eu-west-1:${member}:document/acme-ir-collect-memory`,
  }),
  refused("calling a function of the kit, which cuts or contains whom one likes", {
    principal: admin(hub),
    action: "lambda:InvokeFunction",
    resource: `arn:aws:lambda:eu-west-1:${hub}:function:acme-ir-cuts`,
  }),
  refused("writing a ledger of a case", {
    principal: admin(hub),
    action: "dynamodb:UpdateItem",
    resource: `arn:aws:dynamodb:eu-west-1:${hub}:table/acme-ir-cases`,
  }),
  refused("stopping an execution that contains", {
    principal: admin(hub),
    action: "states:StopExecution",
    resource: `arn:aws:states:eu-west-1:${hub}:execution:acme-ir-contain-principal:1`,
  }),
  refused("changing a workflow that contains", {
    principal: admin(hub),
    action: "states:UpdateStateMachine",
    resource: `arn:aws:states:eu-west-1:${hub}:stateMachine:acme-ir-contain-principal`,
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
