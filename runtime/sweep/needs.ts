import type { Need } from "../shared/need";

/** What the sweep needs in an account. None but those on VPCs, flow logs and tags can be limited to a resource. */
export const sweepNeeds: readonly Need[] = [
  { action: "ec2:DescribeVpcs", because: "what must be logged" },
  {
    action: "organizations:ListAccounts",
    because: "in the management account: the accounts that there are, where the hub is no delegate",
  },
  { action: "ec2:DescribeFlowLogs", because: "what is logged already" },
  { action: "ec2:CreateFlowLogs", because: "VPCs that are not logged are" },
  { action: "ec2:DescribeSecurityGroups", because: "isolation groups that are there already" },
  { action: "ec2:CreateSecurityGroup", because: "the empty group stands before an incident" },
  { action: "ec2:RevokeSecurityGroupIngress", because: "it lets nothing in" },
  { action: "ec2:RevokeSecurityGroupEgress", because: "it lets nothing out, as AWS makes none" },
  { action: "ec2:DeleteSecurityGroup", because: "an open group of no case is deleted" },
  { action: "ec2:DescribeNetworkInterfaces", because: "from where nothing is, no log comes" },
  { action: "ec2:DescribeRegions", because: "which regions are enabled and watched by nobody" },
  { action: "ec2:GetEbsEncryptionByDefault", because: "whether new volumes are encrypted" },
  {
    action: "ec2:EnableEbsEncryptionByDefault",
    because: "new volumes are encrypted, where the landscape says so",
  },
  { action: "ec2:GetSnapshotBlockPublicAccessState", because: "whether snapshots can be made public" },
  { action: "ec2:EnableSnapshotBlockPublicAccess", because: "they can't, where the landscape says so" },
  { action: "s3:GetAccountPublicAccessBlock", because: "whether buckets can be made public" },
  { action: "s3:PutAccountPublicAccessBlock", because: "they can't, where the landscape says so" },
  { action: "route53resolver:ListResolverQueryLogConfigs", because: "the configuration that is shared" },
  {
    action: "route53resolver:ListResolverQueryLogConfigAssociations",
    because: "which VPCs use it already",
  },
  { action: "route53resolver:AssociateResolverQueryLogConfig", because: "VPCs that don't use it do" },
];

/** What AWS asks of the caller on the way, beside the calls themselves. */
export const sweepNeedsOnTheWay: readonly Need[] = [
  { action: "ec2:CreateTags", because: "flow logs and isolation groups are tagged as they are made" },
  { action: "logs:CreateLogDelivery", because: "a flow log to S3 is a delivery of CloudWatch Logs" },
  { action: "logs:DeleteLogDelivery", because: "EC2 asks for it before it makes a flow log" },
  { action: "iam:CreateServiceLinkedRole", because: "the Resolver's own role, with the first association" },
];

/** What it needs in the account that administers services that detect, of the members' sake. */
export const sweepNeedsOfMembers: readonly Need[] = [
  {
    action: "guardduty:ListDetectors",
    because: "the administrator's own detector, by which members are asked for",
  },
  { action: "guardduty:ListMembers", because: "accounts that have detectors" },
  { action: "guardduty:GetMemberDetectors", because: "which plans they have" },
  {
    action: "guardduty:UpdateMemberDetectors",
    because: "plans that the landscape switches off are switched off",
  },
  { action: "inspector2:ListMembers", because: "accounts that are scanned" },
  { action: "inspector2:AssociateMember", because: "accounts that were there before are members too" },
  { action: "inspector2:BatchGetAccountStatus", because: "which scans they have" },
  { action: "inspector2:Enable", because: "scans that the landscape names are switched on" },
  { action: "macie2:ListMembers", because: "accounts that are classified" },
  { action: "macie2:CreateMember", because: "accounts that were there before are members too" },
];

/** What it needs in the hub's account. */
export const sweepNeedsInHub: readonly Need[] = [
  { action: "organizations:ListAccounts", because: "the accounts that there are now" },
  { action: "s3:ListBucket", because: "what each source delivered last" },
  { action: "s3:PutObject", because: "the list of places, which is too long for a state" },
  { action: "dynamodb:PutItem", because: "what was seen in a place" },
  { action: "dynamodb:Scan", because: "what was seen in all of them" },
  { action: "dynamodb:GetItem", because: "of which silent sources it was told" },
  { action: "events:PutEvents", because: "of sources that fall silent, and of those that recover" },
  { action: "cloudwatch:PutMetricData", because: "alarms watch what was counted" },
];

/** As the sweep's own events are marked on the bus of alarms. */
export const sweepEventSource = "aws-ir-kit.sweep";

/** What the sweep counts, and where CloudWatch keeps it. */
export const metricNamespace = "aws-ir-kit/sweep";
export const sweepMetrics = [
  "SilentSources",
  "UncoveredVpcs",
  "RefusedPlaces",
  "UnwatchedRegions",
  "WholeSweeps",
] as const;
export type SweepMetric = (typeof sweepMetrics)[number];
