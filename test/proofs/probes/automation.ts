import { alarmQueueArn } from "../../../landscape/arns";
import { hub, kitRole, landscape, leftToAccount, management, member, openToAll } from "../setting";
import { instance, type Probe, refused } from "./probe";

const quarantine = `arn:aws:iam::${member}:policy/acme-ir/acme-ir-quarantine-deny-all`;
const user = `arn:aws:iam::${member}:user/ann`;

/** What the workflow does in an account, and what nobody who steals its role does there. */
const containing = (principal: string): Probe[] => [
  ...(
    [
      ["allowed", "iam:ListAccessKeys", user, {}],
      ["allowed", "iam:UpdateAccessKey", user, {}],
      ["allowed", "iam:AttachUserPolicy", user, { "iam:PolicyARN": quarantine }],
      ["allowed", "iam:PutUserPermissionsBoundary", user, { "iam:PermissionsBoundary": quarantine }],
      ["allowed", "iam:UpdateSigningCertificate", user, { "aws:ResourceTag/ir:case": "CASE-1" }],
    ] as const
  ).map(
    ([expected, action, resource, context]): Probe => ({
      name: `auto-credentials: ${action}${Object.keys(context).join(", ")}`,
      expected,
      request: { principal, action, resource, context },
    }),
  ),
  refused("auto-credentials takes off a quarantine", {
    principal,
    action: "iam:DetachUserPolicy",
    resource: user,
    context: { "iam:PolicyARN": quarantine },
  }),
  refused("auto-credentials quarantines an emergency user", {
    principal,
    action: "iam:AttachUserPolicy",
    resource: `arn:aws:iam::${member}:user/acme-ir/emergency-1`,
    context: { "iam:PolicyARN": quarantine },
  }),
  refused("auto-credentials attaches what grants", {
    principal,
    action: "iam:AttachUserPolicy",
    resource: user,
    context: { "iam:PolicyARN": "arn:aws:iam::aws:policy/AdministratorAccess" },
  }),
  refused("auto-credentials reads data", {
    principal,
    action: "s3:GetObject",
    resource: "arn:aws:s3:::mail/x",
  }),
];

const table = `arn:aws:dynamodb:eu-west-1:${hub}:table/acme-ir-cases`;
const throughTable = {
  "kms:ViaService": "dynamodb.eu-west-1.amazonaws.com",
  "kms:ResourceAliases": ["alias/acme-ir/cases"],
};
const key = `arn:aws:kms:eu-west-1:${hub}:key/0`;
const log = `arn:aws:logs:eu-west-1:${hub}:log-group:/aws/lambda/acme-ir-cuts:log-stream:1`;

const alarmTable = `arn:aws:dynamodb:eu-west-1:${hub}:table/acme-ir-told-findings`;
const alarmLog = `arn:aws:logs:eu-west-1:${hub}:log-group:/aws/lambda/acme-ir-told-findings:log-stream:1`;
const underAlarmKey = (service: string) => ({
  "kms:ViaService": `${service}.eu-west-1.amazonaws.com`,
  "kms:ResourceAliases": ["alias/acme-ir/alarms"],
});

type HubCall = readonly [
  Probe["expected"],
  (
    | "auto-alarm"
    | "auto-credentials"
    | "auto-cut"
    | "auto-triage"
    | "auto-workflow"
    | "contain"
    | "credentials"
    | "evidence"
    | "recover"
  ),
  string,
  string,
  Record<string, string | string[]>,
];

const tagFunction = `arn:aws:lambda:eu-west-1:${hub}:function:acme-ir-tags`;
const inPartition = (name: string) => ({ "dynamodb:LeadingKeys": [name] });
const ofSession = { "aws:PrincipalTag/ir:case": "CASE-1" };

/** Tags are asked for in the name of the session's own case, and taken off by whoever recovers. */
const tagging: readonly HubCall[] = [
  ...(["contain", "evidence", "recover"] as const).flatMap((task): HubCall[] => [
    ["allowed", task, "dynamodb:PutItem", table, { ...inPartition("tags:CASE-1"), ...ofSession }],
    ["refused", task, "dynamodb:PutItem", table, { ...inPartition("tags:CASE-2"), ...ofSession }],
    ["refused", task, "dynamodb:PutItem", table, { ...inPartition("CASE-1"), ...ofSession }],
    ["refused", task, "dynamodb:PutItem", table, ofSession],
    [
      task === "recover" ? "allowed" : "refused",
      task,
      "dynamodb:PutItem",
      table,
      { ...inPartition("untags:CASE-1"), ...ofSession },
    ],
    ["allowed", task, "lambda:InvokeFunction", tagFunction, ofSession],
    ["allowed", task, "kms:Encrypt", key, throughTable],
  ]),
  ["allowed", "auto-triage", "dynamodb:GetItem", table, inPartition("tags:CASE-1")],
  ["allowed", "auto-triage", "dynamodb:GetItem", table, inPartition("untags:CASE-1")],
  ["refused", "auto-triage", "dynamodb:GetItem", table, inPartition("CASE-1")],
  ["allowed", "auto-triage", "kms:Decrypt", key, throughTable],
  [
    "allowed",
    "auto-triage",
    "logs:PutLogEvents",
    `arn:aws:logs:eu-west-1:${hub}:log-group:/aws/lambda/acme-ir-tags:log-stream:1`,
    {},
  ],
];

/** What functions and workflows do in the hub's account. */
const inHub: readonly Probe[] = [
  ...(
    [
      ...tagging,
      ["allowed", "auto-credentials", "sts:GetAccessKeyInfo", "*", {}],
      ["allowed", "auto-credentials", "dynamodb:PutItem", table, { "dynamodb:LeadingKeys": ["CASE-1"] }],
      ["refused", "auto-credentials", "dynamodb:PutItem", table, { "dynamodb:LeadingKeys": ["cuts"] }],
      ["allowed", "auto-credentials", "kms:Decrypt", key, throughTable],
      ["allowed", "auto-credentials", "logs:PutLogEvents", log, {}],
      ["allowed", "auto-cut", "dynamodb:PutItem", table, { "dynamodb:LeadingKeys": ["cuts"] }],
      ["refused", "auto-cut", "dynamodb:PutItem", table, { "dynamodb:LeadingKeys": ["CASE-1"] }],
      ["refused", "auto-cut", "dynamodb:PutItem", table, {}],
      ["allowed", "auto-cut", "kms:Decrypt", key, throughTable],
      ["allowed", "auto-cut", "logs:PutLogEvents", log, {}],
      ["allowed", "auto-alarm", "dynamodb:PutItem", alarmTable, {}],
      ["allowed", "auto-alarm", "dynamodb:DeleteItem", alarmTable, {}],
      ["refused", "auto-alarm", "dynamodb:PutItem", table, { "dynamodb:LeadingKeys": ["CASE-1"] }],
      ["refused", "auto-alarm", "dynamodb:GetItem", alarmTable, {}],
      ["allowed", "auto-alarm", "sns:Publish", `arn:aws:sns:eu-west-1:${hub}:acme-ir-alarms`, {}],
      ["refused", "auto-alarm", "sns:Publish", `arn:aws:sns:eu-west-1:${hub}:payments`, {}],
      ["refused", "auto-alarm", "sns:Subscribe", `arn:aws:sns:eu-west-1:${hub}:acme-ir-alarms`, {}],
      ["allowed", "auto-alarm", "sqs:SendMessage", alarmQueueArn(landscape), {}],
      ["refused", "auto-alarm", "sqs:ReceiveMessage", alarmQueueArn(landscape), {}],
      ["allowed", "auto-alarm", "kms:GenerateDataKey", key, underAlarmKey("sns")],
      ["refused", "auto-alarm", "kms:Decrypt", key, throughTable],
      ["allowed", "auto-alarm", "logs:PutLogEvents", alarmLog, {}],
      [
        "allowed",
        "auto-workflow",
        "lambda:InvokeFunction",
        `arn:aws:lambda:eu-west-1:${hub}:function:acme-ir-step-quarantine-principal`,
        {},
      ],
      [
        "refused",
        "auto-workflow",
        "lambda:InvokeFunction",
        `arn:aws:lambda:eu-west-1:${hub}:function:acme-ir-cuts`,
        {},
      ],
      ["allowed", "auto-workflow", "logs:CreateLogDelivery", "*", {}],
      [
        "allowed",
        "credentials",
        "lambda:InvokeFunction",
        `arn:aws:lambda:eu-west-1:${hub}:function:acme-ir-cuts`,
        {},
      ],
      [
        "refused",
        "credentials",
        "lambda:InvokeFunction",
        `arn:aws:lambda:eu-west-1:${hub}:function:acme-ir-step-quarantine-principal`,
        {},
      ],
    ] satisfies HubCall[]
  ).map(
    ([expected, use, action, resource, context]): Probe => ({
      name: `${use} in the hub: ${action} ${resource} ${JSON.stringify(context)}`,
      expected,
      request: {
        principal: kitRole(use, hub),
        action,
        resource,
        context,
        ...(action.startsWith("kms:") && { resourcePolicy: leftToAccount(hub) }),
      },
    }),
  ),
  {
    name: "a workflow of the kit runs as auto-workflow",
    expected: "allowed",
    request: {
      principal: "states.amazonaws.com",
      action: "sts:AssumeRole",
      resource: kitRole("auto-workflow", hub),
      account: hub,
      context: {
        "aws:SourceAccount": hub,
        "aws:SourceArn": `arn:aws:states:eu-west-1:${hub}:stateMachine:acme-ir-contain-principal`,
      },
    },
  },
  ...(["auto-alarm", "auto-credentials", "auto-cut", "auto-workflow"] as const).map((use) =>
    refused(`${use} makes an administrator`, {
      principal: kitRole(use, hub),
      action: "iam:CreateUser",
      resource: `arn:aws:iam::${hub}:user/new`,
    }),
  ),
];

/** Automation's way into an account, and what it does there; its workflows will record their own needs. */
export const automation: readonly Probe[] = [
  ...(["auto-logging", "auto-triage", "auto-credentials"] as const).map(
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
  ...(["auto-alarm", "auto-logging", "auto-triage", "auto-credentials", "auto-cut"] as const).map(
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
  ...containing(kitRole("auto-credentials")),
  ...inHub,
];
