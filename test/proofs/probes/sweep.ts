import type { AccessRequest } from "../../../cli/access/decide";
import { hub, kitRole, leftToAccount, member, openToAll } from "../setting";
import { instance, type Probe, refused } from "./probe";

const organization = "o-a1b2c3d4e5";
const sharedLog = `arn:aws:route53resolver:eu-west-1:${hub}:resolver-query-log-config/rqlc-0123456789abcdef`;
const key = `arn:aws:kms:eu-west-1:${hub}:key/0`;
const ofSweep = (service: string) => ({
  "kms:ViaService": `${service}.eu-west-1.amazonaws.com`,
  "kms:ResourceAliases": ["alias/acme-ir/sweep"],
});
const dataset = `arn:aws:cloudwatch:eu-west-1:${hub}:dataset/default`;
const sweeps = `arn:aws:s3:::acme-ir-sweeps-${hub}-eu-west-1/sweeps/one.json`;
const table = `arn:aws:dynamodb:eu-west-1:${hub}:table/acme-ir-sweep`;
const alarmBus = `arn:aws:events:eu-west-1:${hub}:event-bus/acme-ir-alarms`;
const machine = `arn:aws:states:eu-west-1:${hub}:stateMachine:acme-ir-sweep`;
const resolverRole = (account: string) =>
  `arn:aws:iam::${account}:role/aws-service-role/route53resolver.amazonaws.com/AWSServiceRoleForRoute53Resolver`;

type Call = readonly [action: string, resource: string, more?: Partial<AccessRequest>];

const allowed = (principal: string, [action, resource, more = {}]: Call): Probe => ({
  name: `${principal}: ${action} ${resource}`,
  expected: "allowed",
  request: { principal, action, resource, ...more },
});

const groupIn = (account: string) => `arn:aws:ec2:eu-west-1:${account}:security-group/sg-0123456789abcdef0`;

/** What the sweep switches on, in a member and in the hub's own account. */
const switchedOn = (account: string): readonly Call[] => [
  ["ec2:DescribeVpcs", "*"],
  ["ec2:CreateFlowLogs", `arn:aws:ec2:eu-west-1:${account}:vpc/vpc-0123456789abcdef0`],
  [
    "ec2:CreateTags",
    `arn:aws:ec2:eu-west-1:${account}:vpc-flow-log/fl-0123456789abcdef0`,
    { context: { "ec2:CreateAction": "CreateFlowLogs" } },
  ],
  ["logs:CreateLogDelivery", "*"],
  ["ec2:CreateSecurityGroup", `arn:aws:ec2:eu-west-1:${account}:vpc/vpc-0123456789abcdef0`],
  ["ec2:CreateSecurityGroup", groupIn(account), { context: { "aws:RequestTag/ir:isolation": "empty" } }],
  ["ec2:CreateTags", groupIn(account), { context: { "ec2:CreateAction": "CreateSecurityGroup" } }],
  ...(["Ingress", "Egress"] as const).map(
    (way): Call => [
      `ec2:RevokeSecurityGroup${way}`,
      groupIn(account),
      { context: { "aws:ResourceTag/ir:isolation": "empty" } },
    ],
  ),
  ["ec2:DeleteSecurityGroup", groupIn(account), { context: { "aws:ResourceTag/ir:isolation": "open" } }],
  [
    "route53resolver:AssociateResolverQueryLogConfig",
    sharedLog,
    {
      context: { "aws:ResourceOrgID": organization },
      ...(account !== hub && { account: hub, resourcePolicy: openToAll }),
    },
  ],
  [
    "iam:CreateServiceLinkedRole",
    resolverRole(account),
    { context: { "iam:AWSServiceName": "route53resolver.amazonaws.com" } },
  ],
];

/** What a thief of the role does not get. */
const notSwitchedOff = (principal: string, account: string): Probe[] =>
  (
    [
      ["ec2:DeleteFlowLogs", `arn:aws:ec2:eu-west-1:${account}:vpc-flow-log/fl-0123456789abcdef0`],
      ["ec2:CreateSecurityGroup", groupIn(account)],
      [
        "ec2:AuthorizeSecurityGroupIngress",
        groupIn(account),
        { context: { "aws:ResourceTag/ir:isolation": "empty" } },
      ],
      ["ec2:AuthorizeSecurityGroupIngress", groupIn(account)],
      ["ec2:RevokeSecurityGroupIngress", groupIn(account)],
      ["ec2:CreateSecurityGroup", groupIn(account), { context: { "aws:RequestTag/ir:isolation": "open" } }],
      [
        "ec2:AuthorizeSecurityGroupIngress",
        groupIn(account),
        { context: { "aws:ResourceTag/ir:isolation": "open" } },
      ],
      ["ec2:DeleteSecurityGroup", groupIn(account), { context: { "aws:ResourceTag/ir:isolation": "empty" } }],
      [
        "ec2:DeleteSecurityGroup",
        groupIn(account),
        { context: { "aws:ResourceTag/ir:isolation": "open", "aws:ResourceTag/ir:case": "CASE-1" } },
      ],
      ["ec2:CreateTags", groupIn(account)],
      ["ec2:DisableEbsEncryptionByDefault", "*"],
      ["ec2:DisableSnapshotBlockPublicAccess", "*"],
      // The example has settings reported, so that nobody can loosen them in the name of healing.
      ["ec2:EnableSnapshotBlockPublicAccess", "*"],
      ["s3:PutAccountPublicAccessBlock", "*"],
      ["route53resolver:DisassociateResolverQueryLogConfig", sharedLog],
      ["ec2:CreateTags", instance(account), { context: { "ec2:CreateAction": "CreateFlowLogs" } }],
      ["ec2:CreateTags", `arn:aws:ec2:eu-west-1:${account}:vpc-flow-log/fl-0123456789abcdef0`],
      [
        "iam:CreateServiceLinkedRole",
        `arn:aws:iam::${account}:role/aws-service-role/elasticache.amazonaws.com/x`,
        { context: { "iam:AWSServiceName": "elasticache.amazonaws.com" } },
      ],
    ] satisfies Call[]
  ).map(([action, resource, more]: Call) =>
    refused(`${principal}: ${action} ${resource}`, { principal, action, resource, ...more }),
  );

const inHub: readonly Call[] = [
  ["guardduty:UpdateMemberDetectors", "*"],
  ["macie2:CreateMember", `arn:aws:macie2:eu-west-1:${hub}:member/${member}`],
  ["organizations:ListAccounts", "*"],
  [
    "s3:ListBucket",
    "arn:aws:s3:::acme-ir-flow-logs-333333333333-eu-west-1",
    { account: "333333333333", resourcePolicy: openToAll },
  ],
  ["s3:PutObject", sweeps],
  ["dynamodb:PutItem", table],
  ["kms:Decrypt", key, { context: ofSweep("dynamodb"), resourcePolicy: leftToAccount(hub) }],
  ["cloudwatch:PutMetricData", dataset, { context: { "cloudwatch:namespace": "aws-ir-kit/sweep" } }],
  ["events:PutEvents", alarmBus, { context: { "events:source": ["aws-ir-kit.sweep"] } }],
  [
    "logs:PutLogEvents",
    `arn:aws:logs:eu-west-1:${hub}:log-group:/aws/lambda/acme-ir-step-sweep-place:log-stream:1`,
  ],
];

const ofMachine: readonly Call[] = [
  ["lambda:InvokeFunction", `arn:aws:lambda:eu-west-1:${hub}:function:acme-ir-step-sweep-place`],
  ["logs:CreateLogDelivery", "*"],
  ["states:StartExecution", machine],
  ["states:StopExecution", `arn:aws:states:eu-west-1:${hub}:execution:acme-ir-sweep:one`],
  ["s3:GetObject", sweeps],
  ["kms:Decrypt", key, { context: ofSweep("s3"), resourcePolicy: leftToAccount(hub) }],
];

const service = (
  principal: string,
  use: "auto-sweep" | "auto-schedule",
  source: string,
  expected: Probe["expected"] = "allowed",
): Probe => ({
  name: `${principal} runs as ${use} for ${source}`,
  expected,
  request: {
    principal,
    action: "sts:AssumeRole",
    resource: kitRole(use, hub),
    account: hub,
    context: { "aws:SourceAccount": hub, "aws:SourceArn": source },
  },
});

const rule = `arn:aws:events:eu-west-1:${hub}:rule`;

/** The sweep: what switches logging on, what runs it, and what starts it. */
export const sweep: readonly Probe[] = [
  ...switchedOn(member).map((call) => allowed(kitRole("auto-logging"), call)),
  ...[...switchedOn(hub), ...inHub].map((call) => allowed(kitRole("auto-logging", hub), call)),
  ...notSwitchedOff(kitRole("auto-logging"), member),
  ...notSwitchedOff(kitRole("auto-logging", hub), hub),
  ...ofMachine.map((call) => allowed(kitRole("auto-sweep", hub), call)),
  allowed(kitRole("auto-schedule", hub), ["states:StartExecution", machine]),
  service("states.amazonaws.com", "auto-sweep", machine),
  service("events.amazonaws.com", "auto-schedule", `${rule}/acme-ir-sweep`),
  service("events.amazonaws.com", "auto-schedule", `${rule}/acme-ir-alarms/acme-ir-sweep`),
  service("events.amazonaws.com", "auto-schedule", `${rule}/somebody-elses`, "refused"),
  ...(["auto-sweep", "auto-schedule"] as const).map((use) =>
    refused(`${use} makes an administrator`, {
      principal: kitRole(use, hub),
      action: "iam:CreateUser",
      resource: `arn:aws:iam::${hub}:user/new`,
    }),
  ),
  ...(["auto-sweep", "auto-schedule"] as const).map((use) =>
    refused(`${use} past its boundary, by a bucket that lets everybody in`, {
      principal: kitRole(use, hub),
      action: "s3:DeleteObject",
      resource: "arn:aws:s3:::payments-open/x",
      resourcePolicy: openToAll,
    }),
  ),
  refused("auto-sweep calls the writer of cuts", {
    principal: kitRole("auto-sweep", hub),
    action: "lambda:InvokeFunction",
    resource: `arn:aws:lambda:eu-west-1:${hub}:function:acme-ir-cuts`,
  }),
  refused("auto-logging tells what another service would tell", {
    principal: kitRole("auto-logging", hub),
    action: "events:PutEvents",
    resource: alarmBus,
    context: { "events:source": ["aws-ir-kit.sweep", "custom.signin"] },
  }),
  refused("auto-logging counts in another namespace", {
    principal: kitRole("auto-logging", hub),
    action: "cloudwatch:PutMetricData",
    resource: dataset,
    context: { "cloudwatch:namespace": "AWS/Lambda" },
  }),
];
