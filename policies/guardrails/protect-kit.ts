import { baselineStackArns, kitIamArn, quarantinePolicyArn, samlProviderArn } from "../../landscape/arns";
import type { Landscape } from "../../landscape/model";
import { quarantineKinds } from "../../landscape/names";
import { caseTag, tagPrefixes } from "../../landscape/tasks";
import { type PolicyDocument, policyDocument, type Statement } from "../document";
import { deployers, protectedDeployers, spokesArns, unless } from "./exempt";

/**
 * Nobody touches what responders rely on: roles, policies, users and profiles of the kit, the roles exempted from
 * this very policy, quarantines and tags of cases. What may be done to them is listed, since a new way of changing a
 * role must be denied on the day on which AWS adds it.
 */
export const protectKit = (landscape: Landscape): PolicyDocument =>
  policyDocument([
    kitIdentities(landscape),
    passing(landscape),
    quarantineStays(landscape),
    underCase(landscape),
    tags(landscape),
    stacks(landscape),
    cuts(landscape),
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

/** Whoever may pass a role to a service acts as that role. Containment passes the one that may do nothing. */
const passing = (landscape: Landscape): Statement => ({
  Sid: "Passing",
  Effect: "Deny",
  Action: ["iam:PassRole"],
  Resource: [kitIamArn(landscape, "role", "*"), ...protectedDeployers(landscape)],
  Condition: unless([...deployers(landscape), ...spokesArns(landscape, "contain")]),
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

/** What is tagged with a case is in the responders' hands, and in nobody else's. */
const underCase = (landscape: Landscape): Statement => ({
  Sid: "UnderCase",
  Effect: "Deny",
  Action: [
    "autoscaling:AttachInstances",
    "autoscaling:ExitStandby",
    "ec2:Associate*",
    "ec2:DeleteNetworkAclEntry",
    "ec2:DeleteVolume",
    "ec2:DisassociateIamInstanceProfile",
    "ec2:ModifyInstanceAttribute",
    "ec2:ModifyNetworkInterfaceAttribute",
    "ec2:ReplaceIamInstanceProfileAssociation",
    "ec2:ReplaceNetworkAclEntry",
    "ec2:StartInstances",
    "ec2:TerminateInstances",
    "elasticloadbalancing:RegisterTargets",
    "iam:CreateAccessKey",
    "iam:CreateLoginProfile",
    "iam:CreateServiceSpecificCredential",
    "iam:DeleteRole*",
    "iam:DeleteUser*",
    "iam:PutRole*",
    "iam:PutUser*",
    "iam:Update*",
    "iam:Upload*",
    "lambda:DeleteFunctionConcurrency",
    "lambda:PutFunctionConcurrency",
    "lambda:UpdateFunction*",
  ],
  Resource: ["*"],
  Condition: {
    Null: { [`aws:ResourceTag/${caseTag}`]: "false" },
    ...unless([...deployers(landscape), ...spokesArns(landscape, "contain", "credentials", "recover")]),
  },
});

/**
 * Who could write the kit's tags could choose what responders reach. A session's own tags are something else, and
 * only the doors' trust decides on them. IAM takes tag keys without regard to case.
 */
const tags = (landscape: Landscape): Statement => ({
  Sid: "KitTags",
  Effect: "Deny",
  NotAction: ["sts:AssumeRole*", "sts:TagSession"],
  Resource: ["*"],
  Condition: {
    "ForAnyValue:StringLike": { "aws:TagKeys": tagPrefixes.map((prefix) => `${prefix}*`) },
    ...unless(spokesArns(landscape, "auto-triage")),
  },
});

/** CloudFormation acts on a stack as the stack's own role: who may update the baseline's would be that role. */
const stacks = (landscape: Landscape): Statement => ({
  Sid: "BaselineStacks",
  Effect: "Deny",
  Action: [
    "cloudformation:CancelUpdateStack",
    "cloudformation:ContinueUpdateRollback",
    "cloudformation:CreateChangeSet",
    "cloudformation:CreateStack",
    "cloudformation:DeleteStack",
    "cloudformation:ExecuteChangeSet",
    "cloudformation:RollbackStack",
    "cloudformation:SetStackPolicy",
    "cloudformation:UpdateStack",
    "cloudformation:UpdateTerminationProtection",
  ],
  Resource: baselineStackArns(landscape),
  Condition: unless(deployers(landscape)),
});

/** The organization's resource policy can't name a role, so that only this narrows it to the writer of cuts. */
const cuts = (landscape: Landscape): Statement => ({
  Sid: "OnlyCutsAndOnlyByTheirWriter",
  Effect: "Deny",
  Action: ["organizations:UpdatePolicy"],
  Resource: ["*"],
  Condition: unless(spokesArns(landscape, "auto-cut")),
});
