import { arn } from "./arn";
import type { Account, Landscape } from "./model";
import {
  type AlarmTopic,
  accountId,
  alarmBusName,
  alarmQueueName,
  alarmTopicName,
  type BucketKind,
  bucketName,
  caseTableName,
  configRoleName,
  cutFunctionName,
  failedExecutionsName,
  iamPath,
  investigationWorkgroupName,
  keyAliasName,
  keyOwner,
  type LogKind,
  logKindsOf,
  namePrefix,
  organizationId,
  permissionSetName,
  type QuarantineKind,
  quarantinePolicyName,
  type RoleUse,
  roleName,
  samlDoorRoleName,
  samlProviderName,
  stateMachineName,
  stepFunctionName,
  sweepName,
  tagFunctionName,
  toldFindingsName,
  trailName,
  type WorkflowName,
} from "./names";
import type { StandardName } from "./schema";
import type { TaskName } from "./tasks";

/** Every ARN of the kit but those of evidence, which have a file of their own. */

export const bucketArn = (landscape: Landscape, kind: BucketKind, region?: string): string =>
  arn(landscape, "s3", "", "", bucketName(landscape, kind, region));

/** An organization trail belongs to the management account, whoever created it. */
export const trailArn = (landscape: Landscape, region = landscape.homeRegion): string =>
  arn(
    landscape,
    "cloudtrail",
    region,
    accountId(landscape.accounts.management),
    `trail/${trailName(landscape)}`,
  );

/** An account as a principal, or its root user; the id may be a pattern or stand for a template's parameter. */
export const rootArn = (landscape: Landscape, account: string): string =>
  arn(landscape, "iam", "", account, "root");

export const accountRootArn = (landscape: Landscape, account: Account): string =>
  rootArn(landscape, accountId(account));

/** Device of a user who named it after themselves. */
export const mfaDeviceArn = (landscape: Landscape, account: string, user: string): string =>
  arn(landscape, "iam", "", account, `mfa/${user}`);

/** Keys cross stacks by alias, since their ids are known only after they were made. */
export const keyAliasArn = (landscape: Landscape, use: LogKind): string =>
  arn(
    landscape,
    "kms",
    landscape.homeRegion,
    accountId(keyOwner(landscape, use)),
    keyAliasName(landscape, use),
  );

/** Keys of the accounts that own those of logs; which keys are meant, a condition on their aliases says. */
export const logKeysArns = (landscape: Landscape): string[] =>
  [...new Set(logKindsOf(landscape).map((kind) => accountId(keyOwner(landscape, kind))))].map((account) =>
    arn(landscape, "kms", landscape.homeRegion, account, "key/*"),
  );

/** The deployer's role in accounts named by a pattern; Organizations and Control Tower make it without a path. */
export const deployRolesArn = (landscape: Landscape, account: string): string =>
  arn(landscape, "iam", "", account, `role/${landscape.deployRole}`);

/** The role that Terraform assumes in an account. */
export const deployRoleArn = (landscape: Landscape, account: Account): string =>
  deployRolesArn(landscape, accountId(account));

/** Every IAM role or user of an account. */
export const anyPrincipalArns = (landscape: Landscape, account: string): string[] => [
  arn(landscape, "iam", "", account, "role/*"),
  arn(landscape, "iam", "", account, "user/*"),
];

/** What the kit has in IAM: below its path, and so by no name that somebody else could take. */
export const kitIamArn = (
  landscape: Landscape,
  kind: "role" | "user" | "policy" | "instance-profile",
  account: string,
  name = "*",
): string => arn(landscape, "iam", "", account, `${kind}${iamPath(landscape)}${name}`);

export const roleArn = (landscape: Landscape, use: RoleUse, account: string): string =>
  kitIamArn(landscape, "role", account, roleName(landscape, use));

/** Roles by which Config delivers, of every account and region. */
export const configRolesArn = (landscape: Landscape): string =>
  kitIamArn(landscape, "role", "*", configRoleName(landscape, "*"));

export const quarantinePolicyArn = (landscape: Landscape, kind: QuarantineKind, account: string): string =>
  kitIamArn(landscape, "policy", account, quarantinePolicyName(landscape, kind));

/** The StackSets' execution roles, whose names end in a hash. Source: "AWS CloudFormation StackSets concepts". */
export const stackSetExecutionArn = (landscape: Landscape, account: string): string =>
  arn(landscape, "iam", "", account, "role/stacksets-exec-*");

/** A role of anybody's, without a path, in any account. */
export const anyRoleArn = (landscape: Landscape, name: string): string =>
  arn(landscape, "iam", "", "*", `role/${name}`);

export const backupServiceRoleArn = (landscape: Landscape, account: string): string =>
  arn(landscape, "iam", "", account, "role/service-role/AWSBackupDefaultServiceRole");

/**
 * Roles that Identity Center makes for a permission set; nobody else can make a role below `aws-reserved`. In
 * Identity Center's own region the path has no region. Source: "Referencing permission sets in resource policies".
 */
export const reservedRoleArn = (landscape: Landscape, task: TaskName, account: string): string =>
  arn(
    landscape,
    "iam",
    "",
    account,
    `role/aws-reserved/sso.${landscape.partition.dnsSuffix}/*AWSReservedSSO_${permissionSetName(task)}_*`,
  );

export const samlProviderArn = (landscape: Landscape, account: string): string =>
  arn(landscape, "iam", "", account, `saml-provider/${samlProviderName(landscape)}`);

export const samlDoorRoleArn = (landscape: Landscape, account: string): string =>
  kitIamArn(landscape, "role", account, samlDoorRoleName(landscape));

/** Resources of a service in every region of an account, such as `instance/*` of EC2. */
export const inAnyRegion = (
  landscape: Landscape,
  service: string,
  account: string,
  ...resources: string[]
): string[] => resources.map((resource) => arn(landscape, service, "*", account, resource));

export const anyBucketArn = (landscape: Landscape): string => arn(landscape, "s3", "", "", "*");

/** Every bucket of the kit, whatever it holds. */
export const kitBucketsArn = (landscape: Landscape): string =>
  arn(landscape, "s3", "", "", `${namePrefix(landscape)}-*`);

export const workgroupArn = (landscape: Landscape): string =>
  arn(
    landscape,
    "athena",
    landscape.homeRegion,
    accountId(landscape.hub),
    `workgroup/${investigationWorkgroupName(landscape)}`,
  );

export const glueArns = (landscape: Landscape, ...resources: string[]): string[] =>
  resources.map((resource) =>
    arn(landscape, "glue", landscape.homeRegion, accountId(landscape.hub), resource),
  );

/** The organization as a principal with which resources are shared. */
export const organizationArn = (landscape: Landscape): string =>
  arn(
    landscape,
    "organizations",
    "",
    accountId(landscape.accounts.management),
    `organization/${organizationId(landscape)}`,
  );

/**
 * ARNs of Security Hub's standards, in which the region is that of the hub. Source: "Standards reference for Security
 * Hub CSPM" (AWS Security Hub user guide).
 */
export const standardArn = (landscape: Landscape, standard: StandardName): string =>
  arn(landscape, "securityhub", landscape.homeRegion, "", `standards/${standardPaths[standard]}`);

const standardPaths: Readonly<Record<StandardName, string>> = {
  fsbp: "aws-foundational-security-best-practices/v/1.0.0",
  "cis-1.4": "cis-aws-foundations-benchmark/v/1.4.0",
  "cis-3.0": "cis-aws-foundations-benchmark/v/3.0.0",
  "nist-800-53": "nist-800-53/v/5.0.0",
  "pci-dss-4.0": "pci-dss/v/4.0.1",
  "resource-tagging": "aws-resource-tagging-standard/v/1.0.0",
};

/** Configurations of query logging, one a region; whose they may be, a condition on the organization says. */
export const queryLogsArn = (landscape: Landscape): string =>
  arn(landscape, "route53resolver", "*", "*", "resolver-query-log-config/*");

/** A service's own roles in an account. */
export const serviceRoleArn = (landscape: Landscape, account: string, service: string): string =>
  arn(landscape, "iam", "", account, `role/aws-service-role/${service}/*`);

export const cutPolicyArn = (landscape: Landscape): string =>
  arn(
    landscape,
    "organizations",
    "",
    accountId(landscape.accounts.management),
    `policy/${organizationId(landscape)}/service_control_policy/${landscape.organization.cutPolicyId ?? "unknown"}`,
  );

export const alarmBusArn = (landscape: Landscape, account: string): string =>
  arn(landscape, "events", landscape.homeRegion, account, `event-bus/${alarmBusName(landscape)}`);

const inHub = (landscape: Landscape, service: string, resource: string): string =>
  arn(landscape, service, landscape.homeRegion, accountId(landscape.hub), resource);

export const alarmRulesArn = (landscape: Landscape): string =>
  inHub(landscape, "events", `rule/${alarmBusName(landscape)}/*`);

export const alarmTopicArn = (landscape: Landscape, topic: AlarmTopic): string =>
  inHub(landscape, "sns", alarmTopicName(landscape, topic));

export const alarmQueueArn = (landscape: Landscape): string =>
  inHub(landscape, "sqs", alarmQueueName(landscape));

export const toldFindingsTableArn = (landscape: Landscape): string =>
  inHub(landscape, "dynamodb", `table/${toldFindingsName(landscape)}`);

export const stepFunctionArn = (landscape: Landscape, step: string): string =>
  inHub(landscape, "lambda", `function:${stepFunctionName(landscape, step)}`);

export const cutFunctionArn = (landscape: Landscape): string =>
  inHub(landscape, "lambda", `function:${cutFunctionName(landscape)}`);

export const tagFunctionArn = (landscape: Landscape): string =>
  inHub(landscape, "lambda", `function:${tagFunctionName(landscape)}`);

/** Every function and table of the kit: they stand in the home region, in the hub's account and in that of evidence. */
export const kitFunctionsArn = (landscape: Landscape): string =>
  arn(landscape, "lambda", landscape.homeRegion, "*", `function:${namePrefix(landscape)}-*`);
export const kitTablesArn = (landscape: Landscape): string =>
  arn(landscape, "dynamodb", landscape.homeRegion, "*", `table/${namePrefix(landscape)}-*`);

export const stateMachineArn = (landscape: Landscape, workflow: WorkflowName): string =>
  inHub(landscape, "states", `stateMachine:${stateMachineName(landscape, workflow)}`);

/** Every execution of a workflow: what is done to one is decided on this, and not on the state machine. */
export const executionsArn = (landscape: Landscape, workflow: WorkflowName): string =>
  inHub(landscape, "states", `execution:${stateMachineName(landscape, workflow)}:*`);

/** Every workflow of the kit with its executions: what is done to one is decided on the execution. */
export const kitMachinesArns = (landscape: Landscape): string[] =>
  ["stateMachine", "execution"].map((kind) =>
    inHub(landscape, "states", `${kind}:${namePrefix(landscape)}-*`),
  );

export const caseTableArn = (landscape: Landscape): string =>
  inHub(landscape, "dynamodb", `table/${caseTableName(landscape)}`);

export const failedExecutionsArn = (landscape: Landscape): string =>
  inHub(landscape, "sqs", failedExecutionsName(landscape));

export const sweepMachineArn = (landscape: Landscape): string =>
  inHub(landscape, "states", `stateMachine:${sweepName(landscape)}`);

/** As whom the machine asks for its role: itself, and the runs of its map, which have labels of their own below it. */
export const sweepMachineArns = (landscape: Landscape): string[] => [
  sweepMachineArn(landscape),
  `${sweepMachineArn(landscape)}/*`,
];

/** Executions of the sweep, and those that its map starts for each place. */
export const sweepExecutionsArns = (landscape: Landscape): string[] =>
  [
    ["execution", "*"],
    ["express", "*:*"],
  ]
    .flatMap(([kind, id]) =>
      [sweepName(landscape), `${sweepName(landscape)}/*`].map((name) => `${kind}:${name}:${id}`),
    )
    .map((resource) => inHub(landscape, "states", resource));

export const sweepTableArn = (landscape: Landscape): string =>
  inHub(landscape, "dynamodb", `table/${sweepName(landscape)}`);

/** Rules that start a sweep: by the clock, and on the hub's bus when a VPC is made. */
export const sweepRulesArns = (landscape: Landscape): string[] =>
  [sweepName(landscape), `${alarmBusName(landscape)}/${sweepName(landscape)}`].map((rule) =>
    inHub(landscape, "events", `rule/${rule}`),
  );

/** EventBridge's rule that puts executions that did not end well into the queue. */
export const failedExecutionsRuleArn = (landscape: Landscape): string =>
  inHub(landscape, "events", `rule/${failedExecutionsName(landscape)}`);

/** Log groups of the kit's functions and workflows. */
export const responseLogGroupsArns = (landscape: Landscape): string[] =>
  ["/aws/lambda", "/aws/vendedlogs/states"].map((folder) =>
    inHub(landscape, "logs", `log-group:${folder}/${namePrefix(landscape)}-*`),
  );

/** Keys of the hub's account; which one is meant, a condition on its alias says. */
export const hubKeysArn = (landscape: Landscape): string => inHub(landscape, "kms", "key/*");

/** Stacks in which CloudFormation keeps the baseline, by StackSet and directly. */
export const baselineStackArns = (landscape: Landscape): string[] =>
  ["StackSet-", ""].map((prefix) =>
    arn(landscape, "cloudformation", "*", "*", `stack/${prefix}${namePrefix(landscape)}-baseline-*`),
  );

/** Who calls when CloudWatch Logs delivers flow logs or DNS query logs, in any region and account. */
export const logDeliverySourceArn = (landscape: Landscape): string => arn(landscape, "logs", "*", "*", "*");

/** Every GuardDuty detector of an account. */
export const detectorsArn = (landscape: Landscape, account: Account): string =>
  arn(landscape, "guardduty", "*", accountId(account), "detector/*");

/** Prefix of every object's ARN in a bucket. */
export const objectArns = (landscape: Landscape, kind: BucketKind, region?: string): string =>
  `${bucketArn(landscape, kind, region)}/`;
