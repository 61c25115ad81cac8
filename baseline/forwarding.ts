import { alarmBusArn, roleArn } from "../landscape/arns";
import type { Landscape } from "../landscape/model";
import { alarmBusName, iamPath, roleName } from "../landscape/names";
import { type AlarmPattern, alarmPatterns } from "../policies/alarms";
import { policyDocument, services } from "../policies/document";
import { newVpc } from "../policies/sweep";
import { accountReference, hubReference, substituted, type TemplateResource } from "./template";

/**
 * Role by which EventBridge puts events on the hub's bus. Source: "Sending and receiving events between AWS accounts"
 * (Amazon EventBridge user guide): a target in another account needs one.
 */
export const forwarder = (landscape: Landscape): Record<string, TemplateResource> => ({
  ForwarderRole: {
    Type: "AWS::IAM::Role",
    Properties: {
      RoleName: roleName(landscape, "forwarder"),
      Path: iamPath(landscape),
      Description: "EventBridge forwards what must raise an alarm to the hub.",
      AssumeRolePolicyDocument: substituted(
        policyDocument([
          {
            Sid: "EventBridge",
            Effect: "Allow",
            Principal: services("events.amazonaws.com"),
            Action: ["sts:AssumeRole"],
            Condition: { StringEquals: { "aws:SourceAccount": accountReference } },
          },
        ]),
      ),
      Policies: [
        {
          PolicyName: "forward",
          PolicyDocument: substituted(
            policyDocument([
              {
                Sid: "Forward",
                Effect: "Allow",
                Action: ["events:PutEvents"],
                Resource: [alarmBusArn(landscape, hubReference)],
              },
            ]),
          ),
        },
      ],
    },
  },
});

/** What the hub must know of: what raises an alarm, and what the sweep waits for. */
const forwarded = (landscape: Landscape): AlarmPattern[] => [
  ...alarmPatterns(landscape),
  ...(landscape.logging.owner === "kit"
    ? [
        {
          id: "NewVpc",
          because: "A VPC is made: the sweep switches its logs on",
          pattern: newVpc,
          state: "ENABLED" as const,
        },
      ]
    : []),
];

/** One rule for each kind of event, in every account and region where such events may come up. */
export const forwardingRules = (landscape: Landscape): Record<string, TemplateResource> =>
  Object.fromEntries(
    forwarded(landscape).map(({ id, because, pattern, state }) => [
      `Forward${id}`,
      {
        Type: "AWS::Events::Rule",
        Properties: {
          Name: `${alarmBusName(landscape)}-${id.toLowerCase()}`,
          Description: because,
          EventPattern: pattern,
          State: state,
          Targets: [
            {
              Id: "hub",
              Arn: { "Fn::Sub": alarmBusArn(landscape, hubReference) },
              RoleArn: {
                "Fn::Sub": roleArn(landscape, "forwarder", accountReference),
              },
              RetryPolicy: { MaximumEventAgeInSeconds: 3600, MaximumRetryAttempts: 24 },
            },
          ],
        },
      },
    ]),
  );
