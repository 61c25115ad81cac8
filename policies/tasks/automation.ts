import { anyPrincipalArns, inAnyRegion } from "../../landscape/arns";
import { caseTag } from "../../landscape/tasks";
import { readTagRequests } from "./tagging";
import type { Permission, Place, Task } from "./task";

/** Binds resources to a case. Nobody else writes the kit's tags: a responder's reach is what is tagged. */
export const triage: Task = {
  name: "auto-triage",
  description: "Tags what belongs to a case. Assumed by the hub's automation only.",
  inMember: (place) => [look, ...tag(place)],
  inHub: readTagRequests,
};

const look: Permission = {
  id: "Look",
  because: "a finding names a resource; what hangs on it is found here",
  actions: [
    "autoscaling:DescribeAutoScalingInstances",
    "ec2:DescribeAddresses",
    "ec2:DescribeInstances",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeVolumes",
    "elasticloadbalancing:DescribeTargetHealth",
  ],
  resources: ["*"],
};

const onlyCaseTag = {
  "ForAllValues:StringEquals": { "aws:TagKeys": [caseTag] },
  Null: { "aws:TagKeys": "false" },
};

const tag = ({ landscape, account }: Place): Permission[] => [
  {
    id: "TagMachinesAndNetwork",
    because: "containment and evidence reach what is tagged with the case",
    actions: ["ec2:CreateTags", "ec2:DeleteTags"],
    resources: [
      ...inAnyRegion(
        landscape,
        "ec2",
        account,
        "elastic-ip/*",
        "instance/*",
        "network-acl/*",
        "network-interface/*",
        "security-group/*",
        "volume/*",
      ),
    ],
    conditions: onlyCaseTag,
  },
  {
    id: "TagPrincipals",
    because: "guardrails let nobody but responders touch a principal of a case",
    actions: ["iam:TagRole", "iam:TagUser", "iam:UntagRole", "iam:UntagUser"],
    resources: anyPrincipalArns(landscape, account),
    conditions: onlyCaseTag,
  },
  {
    id: "TagServices",
    because: "functions, groups, target groups and databases of the case",
    actions: [
      "autoscaling:CreateOrUpdateTags",
      "autoscaling:DeleteTags",
      "elasticloadbalancing:AddTags",
      "elasticloadbalancing:RemoveTags",
      "lambda:TagResource",
      "lambda:UntagResource",
      "rds:AddTagsToResource",
      "rds:RemoveTagsFromResource",
    ],
    resources: [
      ...inAnyRegion(landscape, "autoscaling", account, "autoScalingGroup:*"),
      ...inAnyRegion(landscape, "elasticloadbalancing", account, "targetgroup/*"),
      ...inAnyRegion(landscape, "lambda", account, "function:*"),
      ...inAnyRegion(landscape, "rds", account, "db:*"),
    ],
    conditions: onlyCaseTag,
  },
];
