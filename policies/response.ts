import { failedExecutionsArn, failedExecutionsRuleArn, responseLogGroupsArns } from "../landscape/arns";
import type { Landscape } from "../landscape/model";
import { accountId } from "../landscape/names";
import { type PolicyDocument, policyDocument, services } from "./document";
import { administerKey, encryptFor, encryptLogs } from "./logs/key";

/** The key of the ledgers of cases. */
export const caseKeyPolicy = (landscape: Landscape): PolicyDocument =>
  policyDocument([
    administerKey(landscape, landscape.hub),
    encryptFor(landscape, landscape.hub, "Table", "dynamodb"),
  ]);

/** Functions' and workflows' logs and the queue of failed executions lie under one key of the hub's. */
export const responseKeyPolicy = (landscape: Landscape): PolicyDocument =>
  policyDocument([
    administerKey(landscape, landscape.hub),
    encryptLogs(landscape, "Logs", responseLogGroupsArns(landscape)),
    {
      // EventBridge takes no condition in a key's policy ("Troubleshooting Amazon EventBridge": an encrypted queue).
      Sid: "RuleEncrypts",
      Effect: "Allow",
      Principal: services("events.amazonaws.com"),
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: ["*"],
    },
    {
      Sid: "ResponderReadsQueue",
      Effect: "Allow",
      Principal: "*",
      Action: ["kms:Decrypt"],
      Resource: ["*"],
      Condition: {
        StringEquals: {
          "kms:CallerAccount": accountId(landscape.hub),
          "kms:ViaService": `sqs.${landscape.homeRegion}.${landscape.partition.dnsSuffix}`,
        },
      },
    },
  ]);

export const failedExecutionsPolicy = (landscape: Landscape): PolicyDocument =>
  policyDocument([
    {
      Sid: "FromRule",
      Effect: "Allow",
      Principal: services("events.amazonaws.com"),
      Action: ["sqs:SendMessage"],
      Resource: [failedExecutionsArn(landscape)],
      Condition: { ArnEquals: { "aws:SourceArn": failedExecutionsRuleArn(landscape) } },
    },
  ]);
