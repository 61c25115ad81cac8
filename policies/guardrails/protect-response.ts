import { baselineStackArns, deployRolesArn, inAnyRegion } from "../../landscape/arns";
import type { Landscape } from "../../landscape/model";
import { iamPath, namePrefix } from "../../landscape/names";
import { caseTag, isolationTag, kitTag, tagPrefixes } from "../../landscape/tasks";
import { type PolicyDocument, policyDocument, type Statement } from "../document";
import { deployers, kitRolesArn, spokesArns, unless } from "./exempt";

/**
 * What responders work on and with: resources of a case, the tags that say which they are, the baseline's stacks, the
 * kit's functions and documents.
 */
export const protectResponse = (landscape: Landscape): PolicyDocument =>
  policyDocument([
    underCase(landscape),
    isolation(landscape),
    putOnByContainment(landscape),
    tags(landscape),
    flowLogs(landscape),
    stacks(landscape),
    functionsAndDocuments(landscape),
  ]);

/**
 * Whatever is tagged with a case. Reading and invoking go on: a workload works until responders stop it. Beginnings of
 * names, since AWS adds ways of changing a thing. Tags can't be deleted at all, here and below: asked to delete them
 * without naming any, EC2 deletes all, and the request has no keys to look at.
 */
const underCase = (landscape: Landscape): Statement => ({
  Sid: "UnderCase",
  Effect: "Deny",
  Action: [
    "autoscaling:Attach*",
    "autoscaling:Delete*",
    "autoscaling:ExitStandby",
    "autoscaling:SetInstanceProtection",
    "autoscaling:Terminate*",
    "autoscaling:Update*",
    "ec2:Associate*",
    "ec2:Attach*",
    "ec2:Authorize*",
    "ec2:CreateNetworkAclEntry",
    "ec2:DeleteNetwork*",
    "ec2:DeleteSecurityGroup",
    "ec2:DeleteSnapshot",
    "ec2:DeleteTags",
    "ec2:DeleteVolume",
    "ec2:Detach*",
    "ec2:DisassociateIamInstanceProfile",
    "ec2:Modify*",
    "ec2:Reboot*",
    "ec2:Replace*",
    "ec2:Reset*",
    "ec2:StartInstances",
    "ec2:StopInstances",
    "ec2:TerminateInstances",
    "elasticloadbalancing:RegisterTargets",
    "iam:Create*",
    "iam:DeleteRole*",
    "iam:DeleteUser*",
    "iam:PutRole*",
    "iam:PutUser*",
    "iam:Update*",
    "iam:Upload*",
    "lambda:AddPermission",
    "lambda:Create*",
    "lambda:Delete*",
    "lambda:Put*",
    "lambda:Update*",
    "rds:Delete*",
    "rds:Modify*",
  ],
  Resource: ["*"],
  Condition: {
    Null: { [`aws:ResourceTag/${caseTag}`]: "false" },
    ...unless([...deployers(landscape), kitRolesArn(landscape)]),
  },
});

/**
 * What a group by which machines are isolated lets through is changed by the kit alone, and such a group is put on by
 * nobody who contains nothing. Who owns the VPC may delete one of no case, or the VPC could not be deleted: EC2 refuses it
 * while the group is on an interface, and the sweep makes it again.
 */
const isolation = (landscape: Landscape): Statement => ({
  Sid: "IsolationGroups",
  Effect: "Deny",
  Action: ["ec2:Authorize*", "ec2:DeleteTags", "ec2:ModifySecurityGroupRules", "ec2:Revoke*"],
  Resource: ["*"],
  Condition: {
    Null: { [`aws:ResourceTag/${isolationTag}`]: "false" },
    ...unless([...deployers(landscape), kitRolesArn(landscape)]),
  },
});

const putOnByContainment = (landscape: Landscape): Statement => ({
  Sid: "OnlyContainmentIsolates",
  Effect: "Deny",
  Action: [
    "ec2:CreateNetworkInterface",
    "ec2:ModifyInstanceAttribute",
    "ec2:ModifyNetworkInterfaceAttribute",
    "ec2:RunInstances",
  ],
  Resource: ["*"],
  Condition: {
    Null: { [`aws:ResourceTag/${isolationTag}`]: "false" },
    ...unless([...deployers(landscape), ...spokesArns(landscape, "contain")]),
  },
});

/**
 * Who could write the kit's tags could choose what responders reach. A session's own tags are something else, and
 * only the doors' trust decides on them. IAM takes tag keys without regard to case. Evidence tags what it makes, and so
 * do the sweep and containment: each role of the kit only what its own permissions let it.
 */
const tags = (landscape: Landscape): Statement => ({
  Sid: "KitTags",
  Effect: "Deny",
  NotAction: ["sts:AssumeRole*", "sts:TagSession"],
  Resource: ["*"],
  Condition: {
    "ForAnyValue:StringLike": { "aws:TagKeys": tagPrefixes.map((prefix) => `${prefix}*`) },
    ...unless([...deployers(landscape), kitRolesArn(landscape)]),
  },
});

/**
 * Flow logs that the sweep made; others' are their owners'. Who deploys in an account replaces one that does not
 * deliver any more.
 */
const flowLogs = (landscape: Landscape): Statement => ({
  Sid: "FlowLogs",
  Effect: "Deny",
  Action: ["ec2:DeleteFlowLogs", "ec2:DeleteTags"],
  Resource: ["*"],
  Condition: {
    Null: { [`aws:ResourceTag/${kitTag}`]: "false" },
    ...unless([...new Set([...deployers(landscape), deployRolesArn(landscape, "*")])]),
  },
});

/** CloudFormation acts on a stack as the stack's own role: who may update the baseline's would be that role. */
const stacks = (landscape: Landscape): Statement => ({
  Sid: "BaselineStacks",
  Effect: "Deny",
  NotAction: [
    "cloudformation:Describe*",
    "cloudformation:Detect*",
    "cloudformation:Get*",
    "cloudformation:List*",
  ],
  Resource: baselineStackArns(landscape),
  Condition: unless(deployers(landscape)),
});

/** Who could change a function of the kit would be the role it runs as; the same goes for what machines run. */
const functionsAndDocuments = (landscape: Landscape): Statement => ({
  Sid: "FunctionsAndDocuments",
  Effect: "Deny",
  Action: [
    "lambda:Add*",
    "lambda:Create*",
    "lambda:Delete*",
    "lambda:Put*",
    "lambda:Update*",
    "ssm:Create*",
    "ssm:Delete*",
    "ssm:Modify*",
    "ssm:Put*",
    "ssm:Update*",
  ],
  Resource: [
    ...inAnyRegion(landscape, "lambda", "*", `function:${namePrefix(landscape)}-*`),
    ...inAnyRegion(
      landscape,
      "ssm",
      "*",
      `document/${namePrefix(landscape)}-*`,
      `parameter${iamPath(landscape)}*`,
    ),
  ],
  Condition: unless(deployers(landscape)),
});
