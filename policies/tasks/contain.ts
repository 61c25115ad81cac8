import { anyBucketArn, inAnyRegion, kitBucketsArn, kitIamArn, roleArn } from "../../landscape/arns";
import { namePrefix, roleName } from "../../landscape/names";
import { kitTag } from "../../landscape/tasks";
import { changeInSubnet } from "./interfaces";
import { isolationGroups } from "./isolation-groups";
import { keepMachine } from "./keep-machine";
import { askForTags } from "./tagging";
import { ofTheCase, type Permission, type Place, type Task } from "./task";

/** Stops the damage: network, profile, addresses, load, public access, functions; reversibly. */
export const contain: Task = {
  name: "contain",
  description: "Isolates what is tagged with the case. Deletes nothing, grants nothing.",
  inMember: (place) => [
    see,
    ...network(place),
    ...profile(place),
    ...keepMachine(place),
    load(place),
    ...publicAccess(place),
    functions(place),
    ...never(place),
  ],
  inHub: askForTags,
};

const see: Permission = {
  id: "See",
  because: "the state before each change, and what hangs on it",
  actions: [
    "autoscaling:DescribeAutoScalingInstances",
    "ec2:DescribeAddresses",
    "ec2:DescribeIamInstanceProfileAssociations",
    "ec2:DescribeInstances",
    "ec2:DescribeManagedPrefixLists",
    "ec2:DescribeNetworkAcls",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeVpcEndpoints",
    "elasticloadbalancing:DescribeTargetGroups",
    "elasticloadbalancing:DescribeTargetHealth",
    "lambda:GetFunctionConcurrency",
    "s3:GetAccountPublicAccessBlock",
    "s3:GetBucketPublicAccessBlock",
  ],
  resources: ["*"],
};

const network = ({ landscape, account }: Place): Permission[] => [
  {
    id: "IsolateInterfaces",
    because: "security groups are swapped for each interface, and idle connections time out soon",
    actions: ["ec2:ModifyNetworkInterfaceAttribute"],
    resources: inAnyRegion(landscape, "ec2", account, "instance/*", "network-interface/*"),
    conditions: ofTheCase,
  },
  changeInSubnet({ landscape, account }),
  ...isolationGroups({ landscape, account }),
  {
    // One statement, since two would not fit: none of these actions takes a type that is here for another.
    id: "CutConnections",
    because:
      "a rule that lets the attacker in is taken out of a group of the case; only a network ACL cuts connections that " +
      "NAT gateways and load balancers keep open; a public address is disassociated, never released",
    actions: [
      "ec2:CreateNetworkAclEntry",
      "ec2:DeleteNetworkAclEntry",
      "ec2:DisassociateAddress",
      "ec2:RevokeSecurityGroupEgress",
      "ec2:RevokeSecurityGroupIngress",
    ],
    resources: inAnyRegion(
      landscape,
      "ec2",
      account,
      ...["elastic-ip/*", "network-acl/*", "network-interface/*", "security-group/*"],
    ),
    conditions: ofTheCase,
  },
];

const profile = ({ landscape, account }: Place): Permission[] => [
  {
    id: "SwapProfile",
    because: "the machine's credentials are exchanged for ones that may do nothing",
    actions: ["ec2:AssociateIamInstanceProfile", "ec2:ReplaceIamInstanceProfileAssociation"],
    resources: inAnyRegion(landscape, "ec2", account, "instance/*"),
    conditions: {
      StringEquals: ofTheCase.StringEquals ?? {},
      ArnEquals: {
        "ec2:NewInstanceProfile": kitIamArn(
          landscape,
          "instance-profile",
          account,
          roleName(landscape, "quarantine"),
        ),
      },
    },
  },
  {
    id: "PassQuarantineRole",
    because: "EC2 wants the role passed that is in the profile, and it is this one alone",
    actions: ["iam:PassRole"],
    resources: [roleArn(landscape, "quarantine", account)],
    conditions: { StringEquals: { "iam:PassedToService": `ec2.${landscape.partition.dnsSuffix}` } },
  },
];

const load = ({ landscape, account }: Place): Permission => ({
  id: "LeaveLoad",
  because: "Auto Scaling neither replaces the machine nor takes it as healthy, and no customer is sent to it",
  actions: [
    "autoscaling:DetachInstances",
    "autoscaling:EnterStandby",
    "autoscaling:SetInstanceProtection",
    "elasticloadbalancing:DeregisterTargets",
  ],
  resources: [
    ...inAnyRegion(landscape, "autoscaling", account, "autoScalingGroup:*"),
    ...inAnyRegion(landscape, "elasticloadbalancing", account, "targetgroup/*"),
  ],
  conditions: ofTheCase,
});

const publicAccess = ({ landscape, account }: Place): Permission[] => [
  {
    id: "BlockPublicAccess",
    because: "a bucket that was opened to the world is closed at once",
    actions: ["s3:PutBucketPublicAccessBlock"],
    resources: [anyBucketArn(landscape)],
    conditions: { StringEquals: { "s3:ResourceAccount": account } },
  },
  {
    id: "BlockPublicAccessOfAccount",
    because: "several open buckets are closed by one setting, which no resource can name",
    actions: ["s3:PutAccountPublicAccessBlock"],
    resources: ["*"],
  },
];

const functions = ({ landscape, account }: Place): Permission => ({
  id: "StopFunctions",
  because: "a function that serves the attacker gets no concurrency",
  actions: ["lambda:PutFunctionConcurrency"],
  resources: inAnyRegion(landscape, "lambda", account, "function:*"),
  conditions: ofTheCase,
});

/** Denied even for what is tagged with the case: a responder's session must not switch the responders off. */
const never = ({ landscape, account }: Place): Permission[] => [
  {
    id: "NeverTheKitsOwn",
    because: "whoever steals this role must not stop the kit with it",
    effect: "Deny",
    actions: [
      "autoscaling:DetachInstances",
      "autoscaling:EnterStandby",
      "autoscaling:SetInstanceProtection",
      "ec2:CreateNetworkAclEntry",
      "ec2:DeleteNetworkAclEntry",
      "ec2:DisassociateAddress",
      "ec2:ModifyInstanceAttribute",
      "ec2:ReplaceIamInstanceProfileAssociation",
      "ec2:RevokeSecurityGroupEgress",
      "ec2:RevokeSecurityGroupIngress",
      "elasticloadbalancing:DeregisterTargets",
      "lambda:PutFunctionConcurrency",
    ],
    resources: ["*"],
    conditions: { Null: { [`aws:ResourceTag/${kitTag}`]: "false" } },
  },
  {
    id: "NeverTheKitsNames",
    because: "buckets and functions of the kit are known by name, where a tag is not looked at",
    effect: "Deny",
    actions: ["lambda:PutFunctionConcurrency", "s3:PutBucketPublicAccessBlock"],
    resources: [
      kitBucketsArn(landscape),
      ...inAnyRegion(landscape, "lambda", account, `function:${namePrefix(landscape)}-*`),
    ],
  },
];
