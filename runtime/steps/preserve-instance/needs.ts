import type { Need } from "../../shared/need";

/** What is only looked at, whatever it belongs to. */
export const lookNeeds: readonly Need[] = [
  { action: "ec2:DescribeInstances", because: "whether it is there, and what it is" },
  { action: "ec2:DescribeInstanceAttribute", because: "what it was started with, and what protects it" },
  { action: "ec2:DescribeNetworkInterfaces", because: "every interface of it" },
  { action: "ec2:DescribeSecurityGroups", because: "what its groups let through" },
  { action: "ec2:DescribeAddresses", because: "its public addresses" },
  { action: "ec2:DescribeIamInstanceProfileAssociations", because: "as whom it calls AWS" },
  { action: "ec2:DescribeVolumes", because: "its disks, and under which keys they are" },
  { action: "autoscaling:DescribeAutoScalingInstances", because: "whether something may replace it" },
  { action: "elasticloadbalancing:DescribeTargetGroups", because: "which load balancers send to it" },
  { action: "elasticloadbalancing:DescribeTargetHealth", because: "which load balancers send to it" },
  { action: "ec2:DescribeSnapshots", because: "how far they are, and what an earlier run has made" },
  { action: "ec2:DescribeSnapshotAttribute", because: "whether the forensics account may copy it already" },
];

export const needs: readonly Need[] = [
  ...lookNeeds,
  { action: "ec2:GetConsoleOutput", because: "what it shows, before it is touched" },
  { action: "ec2:GetConsoleScreenshot", because: "what it shows, before it is touched" },
  { action: "ec2:ModifyInstanceAttribute", because: "protection, shutdown behaviour and the volumes' fate" },
  { action: "ec2:CreateSnapshots", because: "all volumes at the same moment" },
  { action: "ec2:CreateTags", because: "a snapshot is of the case from its first moment" },
  { action: "ec2:CopySnapshot", because: "a copy under the evidence key, and the forensics account's own" },
  { action: "ec2:ModifySnapshotAttribute", because: "the forensics account may copy it" },
];

/** Beside, in the forensics account. */
export const evidenceNeeds: readonly Need[] = [
  { action: "s3:PutObject", because: "what was read goes below the prefix of the case" },
  { action: "lambda:InvokeFunction", because: "the custodian signs for it" },
];
