import {
  cutPolicyArn,
  inAnyRegion,
  kitIamArn,
  quarantinePolicyArn,
  roleArn,
  samlProviderArn,
} from "../../landscape/arns";
import type { Landscape } from "../../landscape/model";
import { accountId, namePrefix, quarantineKinds } from "../../landscape/names";
import { type PolicyDocument, policyDocument, type Statement } from "../document";
import { deployers, protectedDeployers, spokesArns, unless } from "./exempt";

/**
 * Nobody touches what responders rely on: roles, policies, users and profiles of the kit, the roles exempted from
 * this very policy, quarantines, cuts and alarms. What may be done to identities is listed, since a new way of
 * changing a role must be denied on the day on which AWS adds it.
 */
export const protectKit = (landscape: Landscape): PolicyDocument =>
  policyDocument([
    kitIdentities(landscape),
    passing(landscape),
    quarantineStays(landscape),
    boundaryStays(landscape),
    cuts(landscape),
    alarms(landscape),
    alarmBus(landscape),
  ]);

const kitIdentities = (landscape: Landscape): Statement => ({
  Sid: "KitIdentities",
  Effect: "Deny",
  NotAction: ["iam:Get*", "iam:List*", "iam:PassRole", "iam:Simulate*", "sts:*"],
  Resource: [
    ...(["instance-profile", "policy", "role", "user"] as const).map((kind) =>
      kitIamArn(landscape, kind, "*"),
    ),
    samlProviderArn(landscape, "*"),
    ...protectedDeployers(landscape),
  ],
  Condition: unless(deployers(landscape)),
});

/**
 * Whoever may pass a role to a service acts as that role. Containment passes the one that may do nothing; where evidence
 * lies, it is looked at by machines with a role of their own.
 */
const passing = (landscape: Landscape): Statement => ({
  Sid: "Passing",
  Effect: "Deny",
  Action: ["iam:PassRole"],
  Resource: [kitIamArn(landscape, "role", "*"), ...protectedDeployers(landscape)],
  Condition: unless([
    ...deployers(landscape),
    ...spokesArns(landscape, "contain"),
    ...(landscape.forensics ? [roleArn(landscape, "evidence", accountId(landscape.accounts.forensics))] : []),
  ]),
});

const quarantineStays = (landscape: Landscape): Statement => ({
  Sid: "QuarantineStays",
  Effect: "Deny",
  Action: ["iam:DetachGroupPolicy", "iam:DetachRolePolicy", "iam:DetachUserPolicy"],
  Resource: ["*"],
  Condition: {
    ArnLike: {
      "iam:PolicyARN": quarantineKinds.map((kind) => quarantinePolicyArn(landscape, kind, "*")),
    },
    ...unless([...deployers(landscape), ...spokesArns(landscape, "credentials")]),
  },
});

/**
 * The boundary is set where a principal's policies are full. Taking it off is denied here; that another is put in its
 * place, no condition can tell, so that the verdict of a containment looks at it.
 */
const boundaryStays = (landscape: Landscape): Statement => ({
  Sid: "BoundaryStays",
  Effect: "Deny",
  Action: ["iam:DeleteRolePermissionsBoundary", "iam:DeleteUserPermissionsBoundary"],
  Resource: ["*"],
  Condition: {
    ArnLike: { "iam:PermissionsBoundary": [quarantinePolicyArn(landscape, "deny-all", "*")] },
    ...unless(deployers(landscape)),
  },
});

/** The organization's resource policy can't name a role, so that only this narrows it to the writer of cuts. */
const cuts = (landscape: Landscape): Statement => ({
  Sid: "OnlyCutsWriterWritesCuts",
  Effect: "Deny",
  Action: ["organizations:UpdatePolicy"],
  Resource: [cutPolicyArn(landscape)],
  Condition: unless(spokesArns(landscape, "auto-cut")),
});

const alarms = (landscape: Landscape): Statement => ({
  Sid: "Alarms",
  Effect: "Deny",
  Action: [
    "cloudwatch:Delete*",
    "cloudwatch:Disable*",
    "cloudwatch:PutMetricAlarm",
    "events:Delete*",
    "events:Disable*",
    "events:PutRule",
    "events:PutTargets",
    "events:Remove*",
    "events:UpdateEventBus",
    "sns:AddPermission",
    "sns:Delete*",
    "sns:Put*",
    "sns:Remove*",
    "sns:Set*",
    "sns:Unsubscribe",
    "sqs:AddPermission",
    "sqs:Delete*",
    "sqs:PurgeQueue",
    "sqs:Remove*",
    "sqs:Set*",
  ],
  Resource: [
    ...inAnyRegion(
      landscape,
      "events",
      "*",
      `event-bus/${namePrefix(landscape)}-*`,
      `rule/${namePrefix(landscape)}-*`,
    ),
    ...inAnyRegion(landscape, "cloudwatch", "*", `alarm:${namePrefix(landscape)}-*`),
    ...inAnyRegion(landscape, "sns", "*", `${namePrefix(landscape)}-*`),
    ...inAnyRegion(landscape, "sqs", "*", `${namePrefix(landscape)}-*`),
  ],
  Condition: unless(deployers(landscape)),
});

/** These two replace a bus's policy, and can't be limited to a bus. */
const alarmBus = (landscape: Landscape): Statement => ({
  Sid: "AlarmBus",
  Effect: "Deny",
  Action: ["events:PutPermission", "events:RemovePermission"],
  Resource: ["*"],
  Condition: {
    StringEquals: { "aws:PrincipalAccount": accountId(landscape.hub) },
    ...unless(deployers(landscape)),
  },
});
