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
import { caseTag, type IsolationKind, isolationTag } from "../../landscape/tasks";
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
  const isolating = isolationGroups({ landscape, account });
  const limited = [
    "ec2:CreateFlowLogs",
    "route53resolver:AssociateResolverQueryLogConfig",
    ...isolating.flatMap(({ actions }) => actions),
  ];
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
      id: "TagWhatIsMade",
      because: "flow logs and isolation groups are tagged as they are made, and nothing else is",
      actions: ["ec2:CreateTags"],
      resources: inAnyRegion(
        landscape,
        "ec2",
        account,
        ...(landscape.access ? ["security-group/*"] : []),
        "vpc-flow-log/*",
      ),
      conditions: {
        StringEquals: {
          "ec2:CreateAction": ["CreateFlowLogs", ...(landscape.access ? ["CreateSecurityGroup"] : [])],
        },
      },
    },
    ...(landscape.access ? isolating : []),
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

/** By the tag, which guardrails let nobody else set, a group is known as the kit's from its first moment. */
function isolationGroups({ landscape, account }: Place): Permission[] {
  const groups = inAnyRegion(landscape, "ec2", account, "security-group/*");
  const tagged = (kind: IsolationKind) => ({ StringEquals: { [`aws:ResourceTag/${isolationTag}`]: kind } });
  return [
    {
      id: "MakeIsolationGroups",
      because: "a group that lets nothing through stands in each VPC before an incident",
      actions: ["ec2:CreateSecurityGroup"],
      resources: groups,
      conditions: { StringEquals: { [`aws:RequestTag/${isolationTag}`]: "empty" satisfies IsolationKind } },
    },
    {
      id: "InVpcs",
      because: "a group is made in a VPC of the account",
      actions: ["ec2:CreateSecurityGroup"],
      resources: inAnyRegion(landscape, "ec2", account, "vpc/*"),
    },
    {
      id: "EmptyTheEmpty",
      because: "it lets nothing through: neither by AWS's own rule nor by somebody's",
      actions: ["ec2:RevokeSecurityGroupEgress", "ec2:RevokeSecurityGroupIngress"],
      resources: groups,
      conditions: tagged("empty"),
    },
    {
      id: "DeleteTheOpen",
      because: "no open group stands; those of a case are in the hands of whoever isolates",
      actions: ["ec2:DeleteSecurityGroup"],
      resources: groups,
      conditions: { ...tagged("open"), Null: { [`aws:ResourceTag/${caseTag}`]: "true" } },
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
