import { inAnyRegion } from "../../landscape/arns";
import { caseTag, type IsolationKind, isolationKinds, isolationTag } from "../../landscape/tasks";
import { ofTheCase, type Permission, type Place, requestedForTheCase } from "./task";

/**
 * Groups by which a machine is isolated: the empty one that stands, and those that are made for the case and removed with
 * it. IAM sees tags of a group and no rule of it, so that which rules a group of the case gets, the kit's code says; no
 * other machine than those of the case can get such a group.
 */
export function isolationGroups({ landscape, account }: Place): Permission[] {
  const groups = inAnyRegion(landscape, "ec2", account, "security-group/*");
  return [
    {
      id: "UseIsolationGroups",
      because: "the group that stands in the VPC is put on, and no group of anybody's making",
      actions: ["ec2:ModifyNetworkInterfaceAttribute"],
      resources: groups,
      conditions: {
        StringEquals: { [`aws:ResourceTag/${isolationTag}`]: "empty" satisfies IsolationKind },
      },
    },
    {
      id: "MakeIsolationGroups",
      because: "open groups stand nowhere before an incident; they are made for a case, and known by its tag",
      actions: ["ec2:CreateSecurityGroup"],
      resources: groups,
      conditions: {
        StringEquals: { ...requestedForTheCase, [`aws:RequestTag/${isolationTag}`]: isolationKinds },
        "ForAllValues:StringEquals": { "aws:TagKeys": ["Name", "managed-by", caseTag, isolationTag] },
      },
    },
    {
      id: "TagIsolationGroups",
      because: "with these tags, as they are made; a group that stands already gets none",
      actions: ["ec2:CreateTags"],
      resources: groups,
      conditions: { StringEquals: { "ec2:CreateAction": "CreateSecurityGroup" } },
    },
    {
      id: "InVpcs",
      because: "a group is made in the VPC of the machine, also in one that another account shares",
      actions: ["ec2:CreateSecurityGroup"],
      resources: inAnyRegion(landscape, "ec2", "*", "vpc/*"),
    },
    {
      id: "GroupsOfTheCase",
      because:
        "what was made for the case gets its rules, is put on, and is removed with it; nothing else is",
      actions: [
        "ec2:AuthorizeSecurityGroupEgress",
        "ec2:AuthorizeSecurityGroupIngress",
        "ec2:DeleteSecurityGroup",
        "ec2:ModifyNetworkInterfaceAttribute",
      ],
      resources: groups,
      conditions: { ...ofTheCase, Null: { [`aws:ResourceTag/${isolationTag}`]: "false" } },
    },
  ];
}
