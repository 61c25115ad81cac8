import {
  alarmBusArn,
  bucketArn,
  hubKeysArn,
  inAnyRegion,
  queryLogsArn,
  serviceRoleArn,
  sweepTableArn,
} from "../../landscape/arns";
import type { Landscape } from "../../landscape/model";
import { accountId, logKindsOf, organizationId, sweepKeyAliasName } from "../../landscape/names";
import {
  metricNamespace,
  sweepEventSource,
  sweepNeeds,
  sweepNeedsOfMembers,
} from "../../runtime/sweep/needs";
import { writeFunctionLogs } from "./functions";
import { type Permission, type Place, type Task, underAlias } from "./task";

/** What the sweep runs as: switches on what must be logged, and can switch nothing off. */
export const autoLogging: Task = {
  name: "auto-logging",
  description:
    "Switches logging on where it is missing, and nothing off. Assumed by the hub's automation only.",
  inMember: switchOn,
  // The hub's own account is swept too, and there the role enters nothing.
  inHub: (place) => [
    ...switchOn(place),
    ...coverMembers(place),
    ...keepRecords(place),
    writeFunctionLogs(place),
  ],
};

const resolver = "route53resolver.amazonaws.com";

/** Calls that set what the landscape may leave to be reported. IAM can't tell a stricter value from a looser one. */
const healing = {
  ebsEncryptionByDefault: "ec2:EnableEbsEncryptionByDefault",
  blockPublicSnapshots: "ec2:EnableSnapshotBlockPublicAccess",
  blockPublicBuckets: "s3:PutAccountPublicAccessBlock",
} as const;

const listing = "organizations:ListAccounts";

/** A hub that is no delegate of Organizations asks the management account which accounts there are. */
const isAsked = (landscape: Landscape, account: string): boolean =>
  landscape.hub !== landscape.accounts.security && account === accountId(landscape.accounts.management);

function switchOn({ landscape, account }: Place): Permission[] {
  const limited = ["ec2:CreateFlowLogs", "route53resolver:AssociateResolverQueryLogConfig"];
  const healed = (Object.keys(healing) as (keyof typeof healing)[])
    .filter((setting) => landscape.sweep[setting] === "heal")
    .map((setting) => healing[setting]);
  return [
    {
      id: "Compare",
      because: "what there is and what is logged; none of these can be limited to a resource",
      actions: sweepNeeds
        .map(({ action }) => action)
        .filter((action) => ![...limited, ...Object.values<string>(healing)].includes(action))
        .filter((action) => action !== listing || isAsked(landscape, account)),
      resources: ["*"],
    },
    ...(healed.length > 0
      ? [
          {
            id: "Heal",
            because: "settings that the landscape has healed; none of these can be limited to a resource",
            actions: healed,
            resources: ["*"],
          },
        ]
      : []),
    {
      id: "MakeFlowLogs",
      because: "VPCs that are not logged are; nobody here can delete a log",
      actions: ["ec2:CreateFlowLogs"],
      resources: inAnyRegion(landscape, "ec2", account, "vpc/*", "vpc-flow-log/*"),
    },
    {
      id: "TagFlowLogs",
      because: "a flow log is tagged as it is made, and nothing else is",
      actions: ["ec2:CreateTags"],
      resources: inAnyRegion(landscape, "ec2", account, "vpc-flow-log/*"),
      conditions: { StringEquals: { "ec2:CreateAction": "CreateFlowLogs" } },
    },
    {
      id: "DeliverToBucket",
      because: "EC2 asks for both before it makes a flow log to S3; neither can be limited to a resource",
      actions: ["logs:CreateLogDelivery", "logs:DeleteLogDelivery"],
      resources: ["*"],
    },
    {
      id: "AssociateQueryLog",
      because: "VPCs use a configuration of query logging that is shared inside the organization",
      actions: ["route53resolver:AssociateResolverQueryLogConfig"],
      resources: [queryLogsArn(landscape)],
      conditions: { StringEquals: { "aws:ResourceOrgID": organizationId(landscape) } },
    },
    {
      id: "ResolversOwnRole",
      because: "the Resolver delivers by a role of its own, which comes with the first association",
      actions: ["iam:CreateServiceLinkedRole"],
      resources: [serviceRoleArn(landscape, account, resolver)],
      conditions: { StringEquals: { "iam:AWSServiceName": resolver } },
    },
  ];
}

/** The hub's account administers services that detect. */
function coverMembers({ landscape, account }: Place): Permission[] {
  const invites = "macie2:CreateMember";
  const actions = sweepNeedsOfMembers.map(({ action }) => action);
  return [
    {
      id: "CoverMembers",
      because:
        "plans that the landscape switches off, and accounts that were there before; none of these takes a resource",
      actions: actions.filter((action) => action !== invites),
      resources: ["*"],
    },
    {
      id: "TakeIntoMacie",
      because: "accounts that were there before become members of Macie",
      actions: [invites],
      resources: inAnyRegion(landscape, "macie2", account, "member/*"),
    },
  ];
}

const keepRecords = ({ landscape }: Place): Permission[] => [
  {
    id: "ListAccounts",
    because: "the accounts that there are now, listed or not; Organizations limits this to no resource",
    actions: [listing],
    resources: ["*"],
  },
  {
    id: "SeeWhatCame",
    because: "whether each source still delivers is told by the newest key in its bucket",
    actions: ["s3:ListBucket"],
    resources: logKindsOf(landscape).map((kind) => bucketArn(landscape, kind)),
  },
  {
    id: "WritePlaces",
    because: "the list of accounts and regions is too long for a state of the workflow",
    actions: ["s3:PutObject"],
    resources: [`${bucketArn(landscape, "sweeps")}/sweeps/*`],
  },
  {
    id: "KeepRecords",
    because: "what was seen in each account and region",
    actions: ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Scan"],
    resources: [sweepTableArn(landscape)],
  },
  {
    id: "RecordsKey",
    because: "table and bucket lie under a key of their own, which AWS uses in the caller's name",
    actions: ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"],
    resources: [hubKeysArn(landscape)],
    conditions: {
      StringEquals: {
        "kms:ViaService": ["dynamodb", "s3"].map(
          (service) => `${service}.${landscape.homeRegion}.${landscape.partition.dnsSuffix}`,
        ),
      },
      ...underAlias(sweepKeyAliasName(landscape)),
    },
  },
  {
    id: "Tell",
    because: "sources that fall silent are told of on the bus of alarms, as events of the sweep and no other",
    actions: ["events:PutEvents"],
    resources: [alarmBusArn(landscape, accountId(landscape.hub))],
    // A request may hold several events, and one without a source would satisfy "for all".
    conditions: {
      "ForAllValues:StringEquals": { "events:source": sweepEventSource },
      Null: { "events:source": "false" },
    },
  },
  {
    id: "Count",
    because: "alarms watch what was counted; CloudWatch limits this by namespace alone",
    actions: ["cloudwatch:PutMetricData"],
    resources: ["*"],
    conditions: { StringEquals: { "cloudwatch:namespace": metricNamespace } },
  },
];
