import { DescribeAutoScalingGroupsCommand } from "@aws-sdk/client-auto-scaling";
import { DescribeTagsCommand as DescribeEc2TagsCommand } from "@aws-sdk/client-ec2";
import { DescribeTagsCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { ListTagsCommand } from "@aws-sdk/client-lambda";
import { DescribeDBInstancesCommand } from "@aws-sdk/client-rds";
import { organizationId } from "../principals";
import { keyOf } from "./keys";
import { type Lookup, parameter, parameterList, type RequestsOf, request, tagged } from "./request";

const arn = ({ call, account }: Lookup, service: string, resource: string) =>
  `arn:aws:${service}:${call.region}:${account}:${resource}`;

export const autoScalingRequests: RequestsOf = async (lookup) => {
  const { call, account, context } = lookup;
  const action = `autoscaling:${call.operation}`;
  if (call.operation.startsWith("Describe")) return [request(action)];
  const name = parameter(call, "AutoScalingGroupName") ?? parameter(call, "Tags.member.1.ResourceId") ?? "";
  const { AutoScalingGroups: [group] = [] } = await context.accounts
    .autoScaling(account, call.region)
    .send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] }));
  const keys = parameter(call, "Tags.member.1.Key");
  return [
    request(action, group?.AutoScalingGroupARN ?? "", {
      ...tagged(group?.Tags ?? []),
      ...(keys !== undefined && { "aws:TagKeys": [keys] }),
    }),
  ];
};

export const loadBalancingRequests: RequestsOf = async (lookup) => {
  const { call, account, context } = lookup;
  const action = `elasticloadbalancing:${call.operation}`;
  if (call.operation.startsWith("Describe")) return [request(action)];
  const target = parameter(call, "TargetGroupArn") ?? parameterList(call, "ResourceArns")[0] ?? "";
  const { TagDescriptions: [tags] = [] } = await context.accounts
    .loadBalancing(account, call.region)
    .send(new DescribeTagsCommand({ ResourceArns: [target] }));
  const key = parameter(call, "Tags.member.1.Key") ?? parameter(call, "TagKeys.member.1");
  return [
    request(action, target, {
      ...tagged(tags?.Tags ?? []),
      ...(key !== undefined && { "aws:TagKeys": [key] }),
    }),
  ];
};

export const rdsRequests: RequestsOf = async (lookup) => {
  const { call, account, context } = lookup;
  const action = `rds:${call.operation}`;
  if (call.operation.startsWith("Describe")) {
    // A list is asked of all databases, or of all snapshots: of one as much as of any other.
    return [
      request(action, arn(lookup, "rds", call.operation.includes("Snapshot") ? "snapshot:any" : "db:any")),
    ];
  }
  const id = parameter(call, "DBInstanceIdentifier");
  const { DBInstances = [] } = await context.accounts
    .rds(account, call.region)
    .send(new DescribeDBInstancesCommand({}));
  const named = parameter(call, "ResourceName");
  const database = DBInstances.find((one) => one.DBInstanceIdentifier === id || one.DBInstanceArn === named);
  const key = parameter(call, "Tags.Tag.1.Key") ?? parameter(call, "Tags.member.1.Key");
  const ofDatabase = request(action, database?.DBInstanceArn ?? named ?? "", {
    ...tagged(database?.TagList ?? []),
    ...(key !== undefined && { "aws:TagKeys": [key] }),
  });
  if (call.operation !== "CreateDBSnapshot") return [ofDatabase];
  return [
    ofDatabase,
    request(action, arn(lookup, "rds", `snapshot:${parameter(call, "DBSnapshotIdentifier")}`)),
  ];
};

export const ssmRequests: RequestsOf = (lookup) => {
  const { call } = lookup;
  const action = `ssm:${call.operation}`;
  const session = parameter(call, "SessionId");
  if (session !== undefined) return [request(action, arn(lookup, "ssm", `session/${session}`))];
  if (call.operation === "StartSession") return sessionRequests(lookup);
  if (call.operation !== "SendCommand") return [request(action)];
  const { DocumentName, InstanceIds = [] } = call.parameters as {
    DocumentName: string;
    InstanceIds?: string[];
  };
  return Promise.all([
    request(action, arn(lookup, "ssm", `document/${DocumentName}`)),
    ...InstanceIds.map(async (id) =>
      request(action, arn(lookup, "ec2", `instance/${id}`), await instanceTags(lookup, id)),
    ),
  ]);
};

/**
 * A session by a document. Source: "Enforce a session document permission check for the AWS CLI" (AWS Systems Manager
 * user guide); a new session's channel is the caller's own.
 */
async function sessionRequests(lookup: Lookup) {
  const { call } = lookup;
  const machine = parameter(call, "Target") ?? "";
  const document = parameter(call, "DocumentName");
  const checked = document !== undefined && { "ssm:SessionDocumentAccessCheck": "true" };
  return [
    request("ssm:StartSession", arn(lookup, "ec2", `instance/${machine}`), {
      ...(await instanceTags(lookup, machine)),
      ...checked,
    }),
    request("ssm:StartSession", arn(lookup, "ssm", `document/${document ?? "SSM-SessionManagerRunShell"}`), {
      ...checked,
    }),
  ];
}

async function instanceTags({ call, account, context }: Lookup, id: string): Promise<Record<string, string>> {
  const { Tags = [] } = await context.accounts
    .ec2(account, call.region)
    .send(new DescribeEc2TagsCommand({ Filters: [{ Name: "resource-id", Values: [id] }] }));
  return tagged(Tags);
}

export const secretsRequests: RequestsOf = (lookup) => {
  const { call } = lookup;
  const action = `secretsmanager:${call.operation}`;
  const id = parameter(call, "SecretId");
  if (id === undefined) return [request(action)];
  const lambda = parameter(call, "RotationLambdaARN");
  return [
    request(action, id.startsWith("arn:") ? id : arn(lookup, "secretsmanager", `secret:${id}`), {
      ...(lambda !== undefined && { "secretsmanager:RotationLambdaARN": lambda }),
    }),
  ];
};

export const logsRequests: RequestsOf = (lookup) => {
  const { call } = lookup;
  const action = `logs:${call.operation}`;
  const group = parameter(call, "logGroupName");
  const stream = parameter(call, "logStreamName");
  if (call.operation === "DescribeLogGroups" || group === undefined) return [request(action)];
  return [
    request(
      action,
      arn(lookup, "logs", `log-group:${group}${stream === undefined ? "" : `:log-stream:${stream}`}`),
    ),
  ];
};

export const athenaRequests: RequestsOf = (lookup) => {
  const { call } = lookup;
  const group = parameter(call, "WorkGroup") ?? "acme-ir-investigation";
  return [request(`athena:${call.operation}`, arn(lookup, "athena", `workgroup/${group}`))];
};

export const glueRequests: RequestsOf = (lookup) => {
  const { call } = lookup;
  const action = `glue:${call.operation}`;
  const database = parameter(call, "DatabaseName") ?? parameter(call, "Name") ?? "";
  const table = parameter(call, "Name") ?? parameter(call, "TableName");
  return [
    request(action, arn(lookup, "glue", "catalog")),
    request(action, arn(lookup, "glue", `database/${database}`)),
    ...(/Table|Partition/.test(call.operation)
      ? [request(action, arn(lookup, "glue", `table/${database}/${table ?? "any"}`))]
      : []),
  ];
};

export const cloudtrailRequests: RequestsOf = (lookup) => {
  const { call } = lookup;
  const name = parameter(call, "Name");
  const action = `cloudtrail:${call.operation}`;
  return [name === undefined ? request(action) : request(action, arn(lookup, "cloudtrail", `trail/${name}`))];
};

/** The partition keys that an item operation touches are in the condition `dynamodb:LeadingKeys`. */
export const dynamodbRequests: RequestsOf = (lookup) => {
  const { TableName, Key, Item, ExpressionAttributeValues } = lookup.call.parameters as Readonly<
    Record<string, Readonly<Record<string, { readonly S?: string }>>>
  >;
  const leading = (Key ?? Item)?.case?.S ?? ExpressionAttributeValues?.[":case"]?.S;
  return [
    request(`dynamodb:${lookup.call.operation}`, arn(lookup, "dynamodb", `table/${String(TableName)}`), {
      ...(leading !== undefined && { "dynamodb:LeadingKeys": [leading] }),
    }),
  ];
};

export const metricsRequests: RequestsOf = (lookup) => {
  const { call } = lookup;
  const namespace = parameter(call, "Namespace");
  return [
    request(`cloudwatch:${call.operation}`, arn(lookup, "cloudwatch", "dataset/default"), {
      ...(namespace !== undefined && { "cloudwatch:namespace": namespace }),
    }),
  ];
};

export const snsRequests: RequestsOf = ({ call }) => [
  request(`sns:${call.operation}`, parameter(call, "TopicArn") ?? parameter(call, "ResourceArn") ?? "*"),
];

/** Events are judged by the bus that each goes to and by all their sources together. */
export const eventsRequests: RequestsOf = (lookup) => {
  const { call } = lookup;
  const action = `events:${call.operation}`;
  if (call.operation !== "PutEvents") return [request(action)];
  const { Entries = [] } = call.parameters as {
    Entries?: readonly { readonly Source?: string; readonly EventBusName?: string }[];
  };
  const buses = [...new Set(Entries.map(({ EventBusName = "default" }) => EventBusName))];
  return buses.map((bus) =>
    request(action, bus.startsWith("arn:") ? bus : arn(lookup, "events", `event-bus/${bus}`), {
      "events:source": Entries.flatMap(({ Source = [] }) => Source),
    }),
  );
};

/** A configuration that is shared belongs to another account of the organization. */
export const resolverRequests: RequestsOf = async (lookup) => {
  const { call, context } = lookup;
  const action = `route53resolver:${call.operation}`;
  const id = parameter(call, "ResolverQueryLogConfigId");
  if (call.operation.startsWith("List") || id === undefined) return [request(action)];
  return [
    request(action, arn(lookup, "route53resolver", `resolver-query-log-config/${id}`), {
      "aws:ResourceOrgID": await organizationId(context),
    }),
  ];
};

/** Whatever a key is called by, it is judged as the key, with the aliases that it has. */
export const kmsRequests: RequestsOf = async (lookup) => {
  const { call } = lookup;
  const key = parameter(call, "KeyId");
  const action = `kms:${call.operation}`;
  if (key === undefined) return [request(action)];
  const found = await keyOf(lookup, key);
  // Of a key that there is not, AWS says so to whoever may use keys.
  return [found ? { ...found, action } : request(action)];
};

/** REST APIs, whose operations are known by method and path. */
interface Route {
  readonly pattern: RegExp;
  readonly requests: (lookup: Lookup, match: RegExpExecArray) => ReturnType<RequestsOf>;
}

const route = (pattern: RegExp, requests: Route["requests"]): Route => ({ pattern, requests });

const fixed =
  (action: string): Route["requests"] =>
  () => [request(action)];

async function ofFunction(lookup: Lookup, action: string, name: string) {
  const { call, account, context } = lookup;
  const resource = name.startsWith("arn:") ? name : arn(lookup, "lambda", `function:${name}`);
  const found = await context.accounts
    .lambda(account, call.region)
    .send(new ListTagsCommand({ Resource: resource }))
    .catch(() => undefined);
  const tags = Object.entries(found?.Tags ?? {}).map(([Key, Value]) => ({ Key, Value }));
  const given = Object.keys((call.parameters.Tags as object | undefined) ?? {});
  const removed = call.query.getAll("tagKeys");
  const keys = [...given, ...removed];
  return [request(action, resource, { ...tagged(tags), ...(keys.length > 0 && { "aws:TagKeys": keys }) })];
}

const lambdaAction =
  (action: string): Route["requests"] =>
  (lookup, match) =>
    ofFunction(lookup, action, decodeURIComponent(match[1] ?? ""));

const routes: Readonly<Record<string, readonly Route[]>> = {
  lambda: [
    route(/^GET \/2015-03-31\/functions\/?$/, fixed("lambda:ListFunctions")),
    route(
      /^GET \/2015-03-31\/functions\/([^/]+)\/configuration$/,
      lambdaAction("lambda:GetFunctionConfiguration"),
    ),
    route(/^GET \/2015-03-31\/functions\/([^/]+)\/policy$/, lambdaAction("lambda:GetPolicy")),
    route(
      /^GET \/2019-09-30\/functions\/([^/]+)\/concurrency$/,
      lambdaAction("lambda:GetFunctionConcurrency"),
    ),
    route(
      /^PUT \/2017-10-31\/functions\/([^/]+)\/concurrency$/,
      lambdaAction("lambda:PutFunctionConcurrency"),
    ),
    route(
      /^DELETE \/2017-10-31\/functions\/([^/]+)\/concurrency$/,
      lambdaAction("lambda:DeleteFunctionConcurrency"),
    ),
    route(/^POST \/2015-03-31\/functions\/([^/]+)\/invocations$/, lambdaAction("lambda:InvokeFunction")),
    route(/^POST \/2017-03-31\/tags\/(.+)$/, lambdaAction("lambda:TagResource")),
    route(/^DELETE \/2017-03-31\/tags\/(.+)$/, lambdaAction("lambda:UntagResource")),
  ],
  "access-analyzer": [route(/^GET \/analyzer$/, fixed("access-analyzer:ListAnalyzers"))],
  guardduty: [
    route(/^GET \/detector$/, fixed("guardduty:ListDetectors")),
    route(/^POST \/detector\/([^/]+)\/findings$/, (lookup, match) => [
      request("guardduty:ListFindings", arn(lookup, "guardduty", `detector/${match[1]}`)),
    ]),
    ...(
      [
        [/^GET \/detector\/[^/]+\/member$/, "ListMembers"],
        [/^POST \/detector\/[^/]+\/member\/detector\/get$/, "GetMemberDetectors"],
        [/^POST \/detector\/[^/]+\/member\/detector\/update$/, "UpdateMemberDetectors"],
      ] as const
    ).map(([pattern, name]) => route(pattern, fixed(`guardduty:${name}`))),
    route(/^POST \/detector\/([^/]+)\/findings\/get$/, (lookup, match) => [
      request("guardduty:GetFindings", arn(lookup, "guardduty", `detector/${match[1]}`)),
    ]),
  ],
  inspector2: [
    route(/^POST \/members\/list$/, fixed("inspector2:ListMembers")),
    route(/^POST \/members\/associate$/, fixed("inspector2:AssociateMember")),
    route(/^POST \/status\/batch\/get$/, fixed("inspector2:BatchGetAccountStatus")),
    route(/^POST \/enable$/, fixed("inspector2:Enable")),
  ],
  macie2: [
    route(/^GET \/members$/, fixed("macie2:ListMembers")),
    route(/^POST \/members$/, (lookup) => [
      request("macie2:CreateMember", arn(lookup, "macie2", "member/any")),
    ]),
  ],
  securityhub: [
    route(/^POST \/findings$/, (lookup) => [
      request("securityhub:GetFindings", arn(lookup, "securityhub", "hub/default")),
    ]),
  ],
  backup: [
    route(/^GET \/backup-vaults\/?$/, fixed("backup:ListBackupVaults")),
    route(/^GET \/backup-vaults\/([^/]+)\/recovery-points\/?$/, (lookup, match) => [
      request("backup:ListRecoveryPointsByBackupVault", arn(lookup, "backup", `backup-vault:${match[1]}`)),
    ]),
    route(/^GET \/restore-jobs\/([^/]+)$/, fixed("backup:DescribeRestoreJob")),
    route(/^GET \/backup-vaults\/[^/]+\/recovery-points\/([^/]+)\/restore-metadata$/, (_, match) => [
      request("backup:GetRecoveryPointRestoreMetadata", decodeURIComponent(match[1] ?? "")),
    ]),
    route(/^PUT \/restore-jobs$/, ({ call }) => [
      request("backup:StartRestoreJob", String(call.parameters.RecoveryPointArn)),
      ...(call.parameters.IamRoleArn === undefined
        ? []
        : [
            request("iam:PassRole", String(call.parameters.IamRoleArn), {
              "iam:PassedToService": "backup.amazonaws.com",
            }),
          ]),
    ]),
  ],
};

export const restRequests: RequestsOf = async (lookup) => {
  const { call } = lookup;
  for (const { pattern, requests } of routes[call.service] ?? []) {
    const match = pattern.exec(`${call.method} ${call.path}`);
    if (match) return requests(lookup, match);
  }
  return [];
};
