import type { Need } from "../shared/need";

/** What finding out what hangs on a machine needs in its account. */
export const lookNeeds: readonly Need[] = [
  { action: "ec2:DescribeAddresses", because: "public addresses of a machine" },
  { action: "ec2:DescribeInstances", because: "volumes and interfaces of a machine" },
];

/** What tagging, and taking tags off, needs there. */
export const tagNeeds: readonly Need[] = [
  { action: "autoscaling:CreateOrUpdateTags", because: "a group that would replace a machine" },
  { action: "autoscaling:DeleteTags", because: "the case is over" },
  { action: "ec2:CreateTags", because: "machines, volumes, interfaces, addresses, groups and network ACLs" },
  { action: "ec2:DeleteTags", because: "the case is over" },
  { action: "elasticloadbalancing:AddTags", because: "a target group that sends customers to a machine" },
  { action: "elasticloadbalancing:RemoveTags", because: "the case is over" },
  { action: "iam:TagRole", because: "a role that nobody but responders may change" },
  { action: "iam:TagUser", because: "a user that nobody but responders may change" },
  { action: "iam:UntagRole", because: "the case is over" },
  { action: "iam:UntagUser", because: "the case is over" },
  { action: "lambda:TagResource", because: "a function" },
  { action: "lambda:UntagResource", because: "the case is over" },
  { action: "rds:AddTagsToResource", because: "a database" },
  { action: "rds:RemoveTagsFromResource", because: "the case is over" },
];

/** What whoever asks for tags needs in the hub's account. */
export const askNeeds: readonly Need[] = [
  { action: "dynamodb:PutItem", because: "the request is written under the case of the session" },
];
export const invokeNeeds: readonly Need[] = [
  { action: "lambda:InvokeFunction", because: "one function tags, and nobody else" },
];

/** What the function needs there. */
export const readNeeds: readonly Need[] = [{ action: "dynamodb:GetItem", because: "what is to be tagged" }];
