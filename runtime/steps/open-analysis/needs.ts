import type { Need } from "../../shared/need";

/** What is only looked at, whatever it belongs to. */
export const lookNeeds: readonly Need[] = [
  { action: "ec2:DescribeSnapshots", because: "what the case has preserved" },
  { action: "ec2:DescribeInstances", because: "the machine of the case, and whether it runs" },
  { action: "ec2:DescribeVolumes", because: "working copies, and how far they have come" },
  { action: "ec2:DescribeVpcEndpoints", because: "whether a machine could be opened at all" },
  { action: "ssm:DescribeInstanceInformation", because: "whether Session Manager can open the machine" },
];

export const needs: readonly Need[] = [
  ...lookNeeds,
  { action: "ec2:RunInstances", because: "a machine as the template says" },
  { action: "ssm:GetParameters", because: "the newest image, which the template names by a parameter" },
  { action: "iam:PassRole", because: "the machine's own role" },
  { action: "ec2:CreateTags", because: "machine and copies are of the case from their first moment" },
  { action: "ec2:CreateVolume", because: "working copies, so that no look changes the evidence" },
  { action: "ec2:AttachVolume", because: "a copy comes to the machine after its start" },
  {
    action: "logs:GetLogEvents",
    because: "whether the machine has said that it writes to no disk but its own",
  },
  { action: "s3:PutObject", because: "who opened what, below the prefix of the case" },
  { action: "lambda:InvokeFunction", because: "the custodian signs for it" },
];
