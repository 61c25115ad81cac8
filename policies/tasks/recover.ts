import { backupServiceRoleArn, inAnyRegion } from "../../landscape/arns";
import { changeInSubnet } from "./interfaces";
import { askForTags } from "./tagging";
import { ofTheCase, type Permission, type Place, type Task } from "./task";

/** Tag of images from which may be launched; the platform team's pipeline sets it. */
export const goldenImageTag = "golden-image";

/** Brings service back: launches from what is known good, reattaches, releases from isolation. */
export const recover: Task = {
  name: "recover",
  description: "Launches from golden images and backups, reattaches, and releases from isolation.",
  inMember: (place) => [
    see,
    ...launch(place),
    ...keys(place),
    ...restore(place),
    ...reattach(place),
    ...release(place),
  ],
  inHub: (place) => askForTags(place, { remove: true }),
};

const see: Permission = {
  id: "See",
  because: "what is to come back, and whether it has",
  actions: [
    "autoscaling:DescribeAutoScalingGroups",
    "backup:DescribeRestoreJob",
    "backup:ListBackupVaults",
    "backup:ListRecoveryPointsByBackupVault",
    "ec2:DescribeAddresses",
    "ec2:DescribeImages",
    "ec2:DescribeInstances",
    "ec2:DescribeNetworkAcls",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "elasticloadbalancing:DescribeTargetGroups",
    "elasticloadbalancing:DescribeTargetHealth",
    "lambda:GetFunctionConcurrency",
  ],
  resources: ["*"],
};

/** No role is passed: what is launched has no credentials until the workload's own pipeline gives it some. */
const launch = ({ landscape, account }: Place): Permission[] => [
  {
    id: "LaunchGoldenImages",
    because: "only images that the platform team has marked are known to be good",
    actions: ["ec2:RunInstances"],
    resources: inAnyRegion(landscape, "ec2", "", "image/*"),
    conditions: {
      StringEquals: { [`aws:ResourceTag/${goldenImageTag}`]: "true" },
      Bool: { "ec2:Public": "false" },
    },
  },
  {
    id: "LaunchHardened",
    because: "a machine that comes back takes its credentials by IMDSv2 only",
    actions: ["ec2:RunInstances"],
    resources: inAnyRegion(landscape, "ec2", account, "instance/*"),
    conditions: { StringEquals: { "ec2:MetadataHttpTokens": "required" } },
  },
  {
    id: "LaunchInto",
    because: "what a machine is made of beside the image",
    actions: ["ec2:RunInstances"],
    resources: [
      ...inAnyRegion(
        landscape,
        "ec2",
        account,
        "network-interface/*",
        "security-group/*",
        "subnet/*",
        "volume/*",
      ),
    ],
  },
];

/** Source: "Requirements for Amazon EBS encryption" (Amazon EBS user guide): the keys are used by way of EC2 only. */
const keys = ({ landscape, account }: Place): Permission[] => {
  const viaEc2 = { StringLike: { "kms:ViaService": `ec2.*.${landscape.partition.dnsSuffix}` } };
  const resources = inAnyRegion(landscape, "kms", account, "key/*");
  return [
    {
      id: "LaunchEncrypted",
      because: "volumes are encrypted, and EC2 uses their keys as the caller",
      actions: [
        "kms:Decrypt",
        "kms:DescribeKey",
        "kms:GenerateDataKeyWithoutPlaintext",
        "kms:ReEncryptFrom",
        "kms:ReEncryptTo",
      ],
      resources,
      conditions: viaEc2,
    },
    {
      id: "LetEbsUseKeys",
      because: "EBS works on after the call has returned, and needs grants for it",
      actions: ["kms:CreateGrant"],
      resources,
      conditions: { ...viaEc2, Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
  ];
};

const restore = ({ landscape, account }: Place): Permission[] => [
  {
    id: "RestoreBackups",
    because: "data comes back from recovery points",
    actions: ["backup:GetRecoveryPointRestoreMetadata", "backup:StartRestoreJob"],
    resources: [
      ...inAnyRegion(landscape, "backup", account, "recovery-point:*"),
      ...inAnyRegion(landscape, "rds", account, "cluster-snapshot:awsbackup:*", "snapshot:awsbackup:*"),
      ...inAnyRegion(landscape, "dynamodb", account, "table/*/backup/*"),
      ...inAnyRegion(landscape, "ec2", "", "image/*", "snapshot/*"),
    ],
  },
  {
    id: "PassBackupRole",
    because: "AWS Backup restores as this role of its own",
    actions: ["iam:PassRole"],
    resources: [backupServiceRoleArn(landscape, account)],
    conditions: { StringEquals: { "iam:PassedToService": `backup.${landscape.partition.dnsSuffix}` } },
  },
];

const reattach = ({ landscape, account }: Place): Permission[] => [
  {
    id: "ReturnToAutoScaling",
    because: "the machine serves again",
    actions: ["autoscaling:AttachInstances", "autoscaling:ExitStandby", "autoscaling:SetInstanceProtection"],
    resources: inAnyRegion(landscape, "autoscaling", account, "autoScalingGroup:*"),
    conditions: ofTheCase,
  },
  {
    id: "ReturnToLoadBalancer",
    because: "customers are sent to it again",
    actions: ["elasticloadbalancing:RegisterTargets"],
    resources: inAnyRegion(landscape, "elasticloadbalancing", account, "targetgroup/*"),
    conditions: ofTheCase,
  },
  {
    id: "ReturnPublicAddress",
    because: "the address that was taken away is given back",
    actions: ["ec2:AssociateAddress"],
    resources: inAnyRegion(landscape, "ec2", account, "elastic-ip/*", "instance/*", "network-interface/*"),
    conditions: ofTheCase,
  },
];

const release = ({ landscape, account }: Place): Permission[] => [
  {
    id: "ReleaseInterfaces",
    because: "an interface of the case gets back the groups that it had",
    actions: ["ec2:ModifyNetworkInterfaceAttribute"],
    resources: inAnyRegion(landscape, "ec2", account, "instance/*", "network-interface/*"),
    conditions: ofTheCase,
  },
  changeInSubnet({ landscape, account }),
  {
    id: "UseFormerGroups",
    because: "the groups are the workload's own, and have no tag of the case",
    actions: ["ec2:ModifyNetworkInterfaceAttribute"],
    resources: inAnyRegion(landscape, "ec2", account, "security-group/*"),
  },
  {
    id: "ReleaseNetworkAcls",
    because: "the entries that cut connections are taken out",
    actions: ["ec2:DeleteNetworkAclEntry"],
    resources: inAnyRegion(landscape, "ec2", account, "network-acl/*"),
    conditions: ofTheCase,
  },
  {
    id: "ReleaseFunctions",
    because: "a function gets back the concurrency that it had: none reserved, or a number",
    actions: ["lambda:DeleteFunctionConcurrency", "lambda:PutFunctionConcurrency"],
    resources: inAnyRegion(landscape, "lambda", account, "function:*"),
    conditions: ofTheCase,
  },
];
