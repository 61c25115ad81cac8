import {
  accountRootArn,
  alarmBusArn,
  alarmQueueArn,
  alarmRulesArn,
  alarmTopicArn,
  responseLogGroupsArns,
  roleArn,
} from "../landscape/arns";
import type { Landscape } from "../landscape/model";
import { type AlarmTopic, accountId, organizationId } from "../landscape/names";
import { type PolicyDocument, policyDocument, type Statement, services } from "./document";
import { administerKey, encryptFor, encryptLogs, viaService } from "./logs/key";

const account = (landscape: Landscape) => accountId(landscape.hub);

/** Every account of the organization puts events on the bus, by the forwarder's role. */
export const alarmBusPolicy = (landscape: Landscape): PolicyDocument =>
  policyDocument([
    {
      Sid: "OrganizationForwards",
      Effect: "Allow",
      Principal: "*",
      Action: ["events:PutEvents"],
      Resource: [alarmBusArn(landscape, account(landscape))],
      Condition: {
        StringEquals: { "aws:PrincipalOrgID": organizationId(landscape) },
        ArnLike: { "aws:PrincipalArn": roleArn(landscape, "forwarder", "*") },
      },
    },
  ]);

/**
 * EventBridge's rules and CloudWatch's alarms publish; that one could not be delivered, CloudWatch alone. EventBridge takes no
 * condition in a topic's policy ("Using resource-based policies for Amazon EventBridge", Amazon SNS permissions).
 */
export function alarmTopicPolicy(landscape: Landscape, topic: AlarmTopic): PolicyDocument {
  const arn = alarmTopicArn(landscape, topic);
  return policyDocument([
    ...(topic === "alarms"
      ? [
          {
            Sid: "RulesPublish",
            Effect: "Allow" as const,
            Principal: services("events.amazonaws.com"),
            Action: ["sns:Publish"],
            Resource: [arn],
          },
        ]
      : []),
    {
      Sid: "MetricAlarmsPublish",
      Effect: "Allow",
      Principal: services("cloudwatch.amazonaws.com"),
      Action: ["sns:Publish"],
      Resource: [arn],
      Condition: { StringEquals: { "aws:SourceAccount": account(landscape) } },
    },
    {
      Sid: "DenyPlaintext",
      Effect: "Deny",
      Principal: "*",
      Action: ["sns:Publish"],
      Resource: [arn],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
  ]);
}

/** EventBridge and SNS put aside what they could not deliver. */
export function alarmQueuePolicy(landscape: Landscape): PolicyDocument {
  const send = (Sid: string, service: string, source: string): Statement => ({
    Sid,
    Effect: "Allow",
    Principal: services(service),
    Action: ["sqs:SendMessage"],
    Resource: [alarmQueueArn(landscape)],
    Condition: { ArnLike: { "aws:SourceArn": source } },
  });
  return policyDocument([
    send("FromRules", "events.amazonaws.com", alarmRulesArn(landscape)),
    send("FromTopic", "sns.amazonaws.com", alarmTopicArn(landscape, "alarms")),
  ]);
}

/** Source: "Encryption at rest" of Amazon SNS: a publishing service needs the key itself. */
export const alarmKeyPolicy = (landscape: Landscape): PolicyDocument =>
  policyDocument([
    administerKey(landscape, landscape.hub),
    {
      Sid: "RulesEncrypt",
      Effect: "Allow",
      Principal: services("events.amazonaws.com"),
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: ["*"],
    },
    {
      Sid: "ServicesEncrypt",
      Effect: "Allow",
      Principal: services("cloudwatch.amazonaws.com", "sns.amazonaws.com"),
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: ["*"],
      Condition: { StringEquals: { "aws:SourceAccount": account(landscape) } },
    },
    encryptFor(landscape, landscape.hub, "ThroughTable", "dynamodb"),
    encryptLogs(landscape, "Logs", responseLogGroupsArns(landscape)),
    {
      Sid: "FunctionPublishes",
      Effect: "Allow",
      Principal: { AWS: [accountRootArn(landscape, landscape.hub)] },
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: ["*"],
      Condition: {
        StringEquals: {
          "kms:ViaService": ["sns", "sqs"].map((service) =>
            viaService(landscape, service, landscape.homeRegion),
          ),
        },
      },
    },
    {
      Sid: "ResponderReadsQueue",
      Effect: "Allow",
      Principal: { AWS: [accountRootArn(landscape, landscape.hub)] },
      Action: ["kms:Decrypt"],
      Resource: ["*"],
      Condition: {
        StringEquals: { "kms:ViaService": `sqs.${landscape.homeRegion}.${landscape.partition.dnsSuffix}` },
      },
    },
  ]);
