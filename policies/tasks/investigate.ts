import {
  bucketArn,
  glueArns,
  hubKeysArn,
  inAnyRegion,
  logKeysArns,
  sweepTableArn,
  workgroupArn,
} from "../../landscape/arns";
import {
  keyAliasName,
  logDatabaseName,
  logKindsOf,
  queryResultsKeyAliasName,
  sweepKeyAliasName,
} from "../../landscape/names";
import { type Permission, type Place, type Task, underAlias } from "./task";

/** Finds out what happened: reads configuration, logs and findings; no customers' data, and changes nothing. */
export const investigate: Task = {
  name: "investigate",
  description: "Reads configuration, logs and findings. No customers' data; changes nothing.",
  inMember: (place) => [...configuration, activity, findings, ...applicationLogs(place)],
  inHub: savedQuestions,
};

const list = (id: string, because: string, actions: readonly string[]): Permission => ({
  id,
  because,
  actions,
  // None of these actions can be limited to a resource, or the resource is what is looked for.
  resources: ["*"],
});

const configuration: readonly Permission[] = [
  list(
    "ReadIdentities",
    "what the suspected principal may do, who may become it, and its other credentials",
    [
      "iam:GetAccessKeyLastUsed",
      "iam:GetInstanceProfile",
      "iam:GetLoginProfile",
      "iam:GetPolicy",
      "iam:GetPolicyVersion",
      "iam:GetRole",
      "iam:GetRolePolicy",
      "iam:GetUser",
      "iam:GetUserPolicy",
      "iam:ListAccessKeys",
      "iam:ListAttachedGroupPolicies",
      "iam:ListAttachedRolePolicies",
      "iam:ListAttachedUserPolicies",
      "iam:ListGroupsForUser",
      "iam:ListInstanceProfilesForRole",
      "iam:ListMFADevices",
      "iam:ListRolePolicies",
      "iam:ListRoles",
      "iam:ListUserPolicies",
      "iam:ListUsers",
    ],
  ),
  list("ReadMachinesAndNetwork", "what runs, what it is exposed to, and what it can reach", [
    "autoscaling:DescribeAutoScalingGroups",
    "autoscaling:DescribeAutoScalingInstances",
    "ec2:DescribeAddresses",
    "ec2:DescribeFlowLogs",
    "ec2:DescribeIamInstanceProfileAssociations",
    "ec2:DescribeImages",
    "ec2:DescribeInstances",
    "ec2:DescribeNetworkAcls",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeRouteTables",
    "ec2:DescribeSecurityGroupRules",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSnapshotAttribute",
    "ec2:DescribeSnapshots",
    "ec2:DescribeSubnets",
    "ec2:DescribeVolumes",
    "ec2:DescribeVpcs",
    "elasticloadbalancing:DescribeLoadBalancers",
    "elasticloadbalancing:DescribeTargetGroups",
    "elasticloadbalancing:DescribeTargetHealth",
  ]),
  list("ReadDataStoresSettings", "whether data stores are open; their settings, never what they hold", [
    "kms:DescribeKey",
    "kms:GetKeyPolicy",
    "kms:ListAliases",
    "lambda:GetFunctionConfiguration",
    "lambda:GetPolicy",
    "lambda:ListFunctions",
    "rds:DescribeDBInstances",
    "rds:DescribeDBSnapshots",
    "s3:GetAccountPublicAccessBlock",
    "s3:GetBucketLogging",
    "s3:GetBucketPolicy",
    "s3:GetBucketPublicAccessBlock",
    "s3:ListAllMyBuckets",
    "secretsmanager:DescribeSecret",
    "secretsmanager:ListSecrets",
  ]),
];

const activity = list("ReadActivity", "who did what in the last 90 days, and whether the trail is whole", [
  "cloudtrail:DescribeTrails",
  "cloudtrail:GetTrailStatus",
  "cloudtrail:LookupEvents",
]);

const findings = list("ReadFindings", "what the detectors of this account have reported", [
  "access-analyzer:ListAnalyzers",
  "guardduty:GetFindings",
  "guardduty:ListDetectors",
  "guardduty:ListFindings",
  "securityhub:GetFindings",
]);

const applicationLogs = ({ landscape, account }: Place): readonly Permission[] => [
  list("FindLogs", "which log groups there are", ["logs:DescribeLogGroups", "logs:DescribeLogStreams"]),
  {
    id: "ReadLogs",
    because: "what functions, agents and firewalls wrote at the time",
    actions: ["logs:FilterLogEvents", "logs:GetLogEvents"],
    resources: inAnyRegion(landscape, "logs", account, "log-group:*"),
  },
];

/** The organization's own logs lie in one place, and are asked from the hub's account. */
function savedQuestions({ landscape }: Place): readonly Permission[] {
  const results = bucketArn(landscape, "query-results");
  const database = logDatabaseName(landscape);
  const logBuckets = logKindsOf(landscape).map((kind) => bucketArn(landscape, kind));
  return [
    {
      id: "AskSavedQuestions",
      because: "the saved questions of an investigation, under the workgroup's limit and encryption",
      actions: [
        "athena:GetNamedQuery",
        "athena:GetQueryExecution",
        "athena:GetQueryResults",
        "athena:GetWorkGroup",
        "athena:ListNamedQueries",
        "athena:StartQueryExecution",
        "athena:StopQueryExecution",
      ],
      resources: [workgroupArn(landscape)],
    },
    {
      id: "ReadLogTables",
      because: "Athena reads the tables' definitions as the caller",
      actions: ["glue:GetDatabase", "glue:GetPartitions", "glue:GetTable", "glue:GetTables"],
      resources: glueArns(landscape, "catalog", `database/${database}`, `table/${database}/*`),
    },
    {
      id: "ListLogs",
      because: "Athena, and a responder without it, list the logs of the time in question",
      actions: ["s3:GetBucketLocation", "s3:ListBucket"],
      resources: [...logBuckets, results],
    },
    {
      id: "ReadCentralLogs",
      because: "the organization's trail, flow logs, DNS queries and findings",
      actions: ["s3:GetObject", "s3:GetObjectVersion"],
      resources: logBuckets.map((bucket) => `${bucket}/*`),
    },
    {
      id: "KeepResults",
      because: "Athena writes the answers as the caller, and the responder reads them",
      actions: ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"],
      resources: [`${results}/*`],
    },
    {
      id: "EncryptResults",
      because: "the answers are encrypted under a key of their own",
      actions: ["kms:Decrypt", "kms:GenerateDataKey"],
      resources: [hubKeysArn(landscape)],
      conditions: {
        ...underAlias(queryResultsKeyAliasName(landscape)),
        StringEquals: { "kms:ViaService": `s3.${landscape.homeRegion}.${landscape.partition.dnsSuffix}` },
      },
    },
    {
      id: "ReadSweepRecords",
      because: "which accounts and regions are logged, and what a question can't answer there",
      actions: ["dynamodb:Scan"],
      resources: [sweepTableArn(landscape)],
    },
    {
      id: "DecryptSweepRecords",
      because: "the records are encrypted; their key is used by way of DynamoDB only",
      actions: ["kms:Decrypt"],
      resources: [hubKeysArn(landscape)],
      conditions: {
        ...underAlias(sweepKeyAliasName(landscape)),
        StringEquals: {
          "kms:ViaService": `dynamodb.${landscape.homeRegion}.${landscape.partition.dnsSuffix}`,
        },
      },
    },
    {
      id: "DecryptCentralLogs",
      because: "the logs are encrypted; their keys are used by way of S3 only",
      actions: ["kms:Decrypt"],
      resources: logKeysArns(landscape),
      conditions: {
        "ForAnyValue:StringEquals": {
          "kms:ResourceAliases": logKindsOf(landscape).map((kind) => keyAliasName(landscape, kind)),
        },
        StringEquals: { "kms:ViaService": `s3.${landscape.homeRegion}.${landscape.partition.dnsSuffix}` },
      },
    },
  ];
}
