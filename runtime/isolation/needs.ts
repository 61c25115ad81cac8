import type { Need } from "../shared/need";

/** What making and removing groups of a case needs in the account of the machine. */
export const isolationGroupNeeds: readonly Need[] = [
  { action: "ec2:DescribeSecurityGroups", because: "groups of the case that stand already, and their rules" },
  { action: "ec2:CreateSecurityGroup", because: "open groups stand nowhere before an incident" },
  { action: "ec2:CreateTags", because: "a group is tagged with case and kind as it is made" },
  { action: "ec2:AuthorizeSecurityGroupIngress", because: "the open group lets everything in" },
  {
    action: "ec2:AuthorizeSecurityGroupEgress",
    because: "the open group lets everything out, the other some",
  },
  { action: "ec2:RevokeSecurityGroupIngress", because: "a rule that is not the kit's is taken out" },
  { action: "ec2:RevokeSecurityGroupEgress", because: "AWS gives each new group a rule that lets all out" },
  { action: "ec2:DeleteSecurityGroup", because: "the groups go with the case" },
  { action: "ec2:DescribeVpcEndpoints", because: "endpoints through which evidence is collected" },
  { action: "ec2:DescribeNetworkInterfaces", because: "addresses of these endpoints" },
  { action: "ec2:DescribeManagedPrefixLists", because: "addresses of S3 in the region, as one list of AWS" },
];
