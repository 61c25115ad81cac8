import {
  alarmQueueArn,
  alarmTopicArn,
  bucketArn,
  caseTableArn,
  cutPolicyArn,
  hubKeysArn,
  responseLogGroupsArns,
  stepFunctionArn,
  sweepExecutionsArns,
  sweepMachineArn,
  toldFindingsTableArn,
} from "../../landscape/arns";
import { alarmKeyAliasName, caseKeyAliasName, sweepKeyAliasName } from "../../landscape/names";
import { toldNeeds } from "../../runtime/alarms/needs";
import { cutNeeds, ledgerNeeds, lockNeeds } from "../../runtime/functions/needs";
import type { Need } from "../../runtime/shared/need";
import { actionsOf, type Permission, type Place, underAlias } from "./task";

/** What functions of the hub and workflows may do there, whatever they do in an account. */

/** Groups are made by the stack: a function that could make one would make it without the key. */
export const writeFunctionLogs = ({ landscape }: Place): Permission => ({
  id: "WriteLogs",
  because: "a function's own log",
  actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
  resources: responseLogGroupsArns(landscape)
    .filter((arn) => arn.includes("/aws/lambda/"))
    .flatMap((arn) => [arn, `${arn}:log-stream:*`]),
});

/** Source: "Authorizing use of a customer managed key" (Amazon DynamoDB developer guide). */
export const throughTable = ({ landscape }: Place): Permission => ({
  id: "TableKey",
  because: "DynamoDB reads and writes under the key in the caller's name",
  actions: ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"],
  resources: [hubKeysArn(landscape)],
  conditions: {
    StringEquals: { "kms:ViaService": `dynamodb.${landscape.homeRegion}.${landscape.partition.dnsSuffix}` },
    ...underAlias(caseKeyAliasName(landscape)),
  },
});

const inTable = (place: Place, id: string, because: string, needs: readonly Need[]): Permission => ({
  id,
  because,
  actions: actionsOf(needs),
  resources: [caseTableArn(place.landscape)],
});

export const keepLedger = (place: Place): Permission[] => [
  inTable(place, "KeepLedger", "nothing is changed without a record of what was there before", ledgerNeeds),
  {
    ...inTable(
      place,
      "NotTheLock",
      "who could write the lock could keep cuts from being made or lifted",
      ledgerNeeds,
    ),
    effect: "Deny",
    conditions: { "ForAnyValue:StringEquals": { "dynamodb:LeadingKeys": "cuts" } },
  },
  throughTable(place),
];

/** What the writer of cuts may do: change the text of one policy, which can only deny. */
export const writeCuts = (place: Place): readonly Permission[] => [
  {
    id: "WriteCuts",
    because: "cuts by time, session or user can't be told by a static policy; this one policy holds them",
    actions: actionsOf(cutNeeds),
    resources: [cutPolicyArn(place.landscape)],
  },
  {
    ...inTable(
      place,
      "OneAtATime",
      "Organizations has no conditional update: a lock keeps writers apart",
      lockNeeds,
    ),
    conditions: {
      "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": "cuts" },
      Null: { "dynamodb:LeadingKeys": "false" },
    },
  },
  throughTable(place),
  writeFunctionLogs(place),
];

/** What the function may do that tells of findings: remember what it told, and tell. */
export const tellFindings = (place: Place): readonly Permission[] => {
  const { landscape } = place;
  return [
    {
      id: "NoteFindings",
      because: "a finding is told once a day, however often it comes",
      actions: actionsOf(toldNeeds),
      resources: [toldFindingsTableArn(landscape)],
    },
    {
      id: "Tell",
      because: "the alarm itself",
      actions: ["sns:Publish"],
      resources: [alarmTopicArn(landscape, "alarms")],
    },
    {
      id: "PutAside",
      because: "Lambda puts aside, in the role's name, an event of which nobody could be told",
      actions: ["sqs:SendMessage"],
      resources: [alarmQueueArn(landscape)],
    },
    {
      id: "AlarmKey",
      because: "table, topic and queue lie under the key of alarms, which AWS uses in the caller's name",
      actions: ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"],
      resources: [hubKeysArn(landscape)],
      conditions: {
        StringEquals: {
          "kms:ViaService": ["dynamodb", "sns", "sqs"].map(
            (service) => `${service}.${landscape.homeRegion}.${landscape.partition.dnsSuffix}`,
          ),
        },
        ...underAlias(alarmKeyAliasName(landscape)),
      },
    },
    writeFunctionLogs(place),
  ];
};

/** What the sweep's state machine may do beside: start itself for each place, and read which places there are. */
export const mapPlaces = ({ landscape }: Place): readonly Permission[] => [
  {
    id: "StartForEach",
    because: "a distributed map runs an execution of its own machine for each place",
    actions: ["states:StartExecution"],
    resources: [sweepMachineArn(landscape)],
  },
  {
    id: "FollowEach",
    because: "the map follows the executions that it has started, and stops them with itself",
    actions: ["states:DescribeExecution", "states:StopExecution"],
    resources: sweepExecutionsArns(landscape),
  },
  {
    id: "ReadPlaces",
    because: "the map takes its places from the list that the first step has written",
    actions: ["s3:GetObject"],
    resources: [`${bucketArn(landscape, "sweeps")}/sweeps/*`],
  },
  {
    id: "DecryptPlaces",
    because: "the list lies under the sweep's key",
    actions: ["kms:Decrypt"],
    resources: [hubKeysArn(landscape)],
    conditions: {
      StringEquals: { "kms:ViaService": `s3.${landscape.homeRegion}.${landscape.partition.dnsSuffix}` },
      ...underAlias(sweepKeyAliasName(landscape)),
    },
  },
];

/** What the rules that start a sweep may do. */
export const startSweep = ({ landscape }: Place): readonly Permission[] => [
  {
    id: "StartSweep",
    because: "by the clock, and when a VPC is made",
    actions: ["states:StartExecution"],
    resources: [sweepMachineArn(landscape)],
  },
];

/**
 * What a state machine may do: run the steps of its workflow, and deliver its log. Source: "Using CloudWatch Logs to
 * log execution history" (AWS Step Functions developer guide), which limits the delivery's actions to no resource.
 */
export const runSteps = ({ landscape }: Place, steps: readonly string[]): readonly Permission[] => [
  {
    id: "RunSteps",
    because: "each step of the workflow is a function",
    actions: ["lambda:InvokeFunction"],
    resources: steps.map((step) => stepFunctionArn(landscape, step)),
  },
  {
    id: "DeliverLogs",
    because:
      "Step Functions sets up the delivery of its log in the role's name; none of these takes a resource",
    actions: [
      "logs:CreateLogDelivery",
      "logs:DeleteLogDelivery",
      "logs:DescribeLogGroups",
      "logs:DescribeResourcePolicies",
      "logs:GetLogDelivery",
      "logs:ListLogDeliveries",
      "logs:PutResourcePolicy",
      "logs:UpdateLogDelivery",
    ],
    resources: ["*"],
  },
];
