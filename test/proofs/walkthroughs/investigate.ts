import { AccessAnalyzerClient, ListAnalyzersCommand } from "@aws-sdk/client-accessanalyzer";
import {
  AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  GetWorkGroupCommand,
  ListNamedQueriesCommand,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from "@aws-sdk/client-athena";
import {
  AutoScalingClient,
  DescribeAutoScalingGroupsCommand,
  DescribeAutoScalingInstancesCommand,
} from "@aws-sdk/client-auto-scaling";
import {
  CloudTrailClient,
  DescribeTrailsCommand,
  GetTrailStatusCommand,
  LookupEventsCommand,
} from "@aws-sdk/client-cloudtrail";
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import {
  DescribeAddressesCommand,
  DescribeFlowLogsCommand,
  DescribeIamInstanceProfileAssociationsCommand,
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeNetworkAclsCommand,
  DescribeNetworkInterfacesCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSnapshotsCommand,
  DescribeSubnetsCommand,
  DescribeVolumesCommand,
  DescribeVpcsCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import {
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { GetDatabaseCommand, GetTablesCommand, GlueClient } from "@aws-sdk/client-glue";
import { GuardDutyClient, ListDetectorsCommand } from "@aws-sdk/client-guardduty";
import {
  GetAccessKeyLastUsedCommand,
  GetInstanceProfileCommand,
  GetLoginProfileCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  GetUserCommand,
  GetUserPolicyCommand,
  IAMClient,
  ListAccessKeysCommand,
  ListAttachedRolePoliciesCommand,
  ListAttachedUserPoliciesCommand,
  ListGroupsForUserCommand,
  ListInstanceProfilesForRoleCommand,
  ListMFADevicesCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
  ListUserPoliciesCommand,
  ListUsersCommand,
} from "@aws-sdk/client-iam";
import { KMSClient, ListAliasesCommand } from "@aws-sdk/client-kms";
import {
  GetFunctionConfigurationCommand,
  GetPolicyCommand as GetFunctionPolicyCommand,
  LambdaClient,
  ListFunctionsCommand,
} from "@aws-sdk/client-lambda";
import { DescribeDBInstancesCommand, DescribeDBSnapshotsCommand, RDSClient } from "@aws-sdk/client-rds";
import {
  GetBucketLoggingCommand,
  GetBucketPolicyCommand,
  GetObjectCommand,
  GetPublicAccessBlockCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import {
  DescribeSecretCommand,
  ListSecretsCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { GetFindingsCommand, SecurityHubClient } from "@aws-sdk/client-securityhub";
import { bucketName, investigationWorkgroupName, logDatabaseName, sweepName } from "../../../landscape/names";
import { orNone, type Walkthrough } from "./walkthrough";

const where = { task: "investigate", account: "payments-prod" } as const;

const stolenKey: Walkthrough = {
  ...where,
  title: "whose key it is, what else its owner holds, and what was done with it",
  steps: async (settings, { resources: { user, userKey } }) => {
    const iam = new IAMClient(settings);
    const UserName = user;
    await iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: userKey }));
    await iam.send(new ListUsersCommand({}));
    await iam.send(new GetUserCommand({ UserName }));
    await iam.send(new ListAccessKeysCommand({ UserName }));
    await iam.send(new ListMFADevicesCommand({ UserName }));
    await iam.send(new GetLoginProfileCommand({ UserName }));
    await iam.send(new ListUserPoliciesCommand({ UserName }));
    await iam.send(new GetUserPolicyCommand({ UserName, PolicyName: "own" }));
    await iam.send(new ListAttachedUserPoliciesCommand({ UserName }));
    await iam.send(new ListGroupsForUserCommand({ UserName }));
    await new CloudTrailClient(settings).send(new DescribeTrailsCommand({}));
    await orNone(
      new CloudTrailClient(settings).send(new GetTrailStatusCommand({ Name: "acme-ir-organization" })),
    );
    await orNone(new CloudTrailClient(settings).send(new LookupEventsCommand({})).catch(unlessUnsupported));
  },
};

/** Some calls the emulator refuses only after the front has found them permitted, which is what is asked here. */
const unlessUnsupported = (error: Error) => {
  if (!/cannot answer|NotImplemented|not.*implemented|Unknown|Parse/i.test(`${error.name} ${error.message}`))
    throw error;
};

const assumedRole: Walkthrough = {
  ...where,
  title: "what a role may do, who may become it, and which machines have it",
  steps: async (settings, { resources: { role, roleProfile }, account }) => {
    const iam = new IAMClient(settings);
    await iam.send(new ListRolesCommand({}));
    await iam.send(new GetRoleCommand({ RoleName: role }));
    await iam.send(new ListRolePoliciesCommand({ RoleName: role }));
    await iam.send(new GetRolePolicyCommand({ RoleName: role, PolicyName: "own" }));
    await iam.send(new ListAttachedRolePoliciesCommand({ RoleName: role }));
    await iam.send(new ListInstanceProfilesForRoleCommand({ RoleName: role }));
    await iam.send(new GetInstanceProfileCommand({ InstanceProfileName: roleProfile }));
    const PolicyArn = `arn:aws:iam::${account}:policy/acme-ir/acme-ir-quarantine-deny-all`;
    await iam.send(new GetPolicyCommand({ PolicyArn }));
    await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: "v1" }));
  },
};

const exposedMachine: Walkthrough = {
  ...where,
  title: "what a machine is, what it is exposed to, and what it can reach",
  steps: async (settings, { resources: { instance, targetGroup } }) => {
    const ec2 = new EC2Client(settings);
    await ec2.send(new DescribeInstancesCommand({ InstanceIds: [instance] }));
    await ec2.send(new DescribeVolumesCommand({}));
    await ec2.send(new DescribeSnapshotsCommand({ OwnerIds: ["self"] }));
    await ec2.send(new DescribeImagesCommand({ Owners: ["self"] }));
    await ec2.send(new DescribeNetworkInterfacesCommand({}));
    await ec2.send(new DescribeSecurityGroupsCommand({}));
    await ec2.send(new DescribeSecurityGroupRulesCommand({}));
    await ec2.send(new DescribeNetworkAclsCommand({}));
    await ec2.send(new DescribeRouteTablesCommand({}));
    await ec2.send(new DescribeSubnetsCommand({}));
    await ec2.send(new DescribeVpcsCommand({}));
    await ec2.send(new DescribeAddressesCommand({}));
    await ec2.send(new DescribeFlowLogsCommand({}));
    await ec2.send(new DescribeIamInstanceProfileAssociationsCommand({}));
    const scaling = new AutoScalingClient(settings);
    await scaling.send(new DescribeAutoScalingGroupsCommand({}));
    await scaling.send(new DescribeAutoScalingInstancesCommand({}));
    const balancing = new ElasticLoadBalancingV2Client(settings);
    await balancing.send(new DescribeLoadBalancersCommand({}));
    await balancing.send(new DescribeTargetGroupsCommand({}));
    await balancing.send(new DescribeTargetHealthCommand({ TargetGroupArn: targetGroup }));
  },
};

const dataStores: Walkthrough = {
  ...where,
  title: "whether buckets, functions, databases and secrets are open, by their settings",
  steps: async (settings, { resources }) => {
    const s3 = new S3Client({ ...settings, forcePathStyle: true });
    const Bucket = resources.bucket;
    await s3.send(new ListBucketsCommand({}));
    await orNone(s3.send(new GetBucketPolicyCommand({ Bucket })));
    await orNone(s3.send(new GetPublicAccessBlockCommand({ Bucket })));
    await s3.send(new GetBucketLoggingCommand({ Bucket }));
    const lambda = new LambdaClient(settings);
    await lambda.send(new ListFunctionsCommand({}));
    await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: resources.function }));
    await orNone(lambda.send(new GetFunctionPolicyCommand({ FunctionName: resources.function })));
    await new RDSClient(settings).send(new DescribeDBInstancesCommand({}));
    await new RDSClient(settings).send(new DescribeDBSnapshotsCommand({}));
    const secrets = new SecretsManagerClient(settings);
    await secrets.send(new ListSecretsCommand({}));
    await secrets.send(new DescribeSecretCommand({ SecretId: resources.secret }));
    await new KMSClient(settings).send(new ListAliasesCommand({})).catch(unlessUnsupported);
  },
};

const logsAndFindings: Walkthrough = {
  ...where,
  title: "what the workload logged, and what the detectors found",
  steps: async (settings) => {
    const logs = new CloudWatchLogsClient(settings);
    const logGroupName = "/payments/api";
    await logs.send(new DescribeLogGroupsCommand({}));
    await logs.send(new DescribeLogStreamsCommand({ logGroupName }));
    await logs.send(new FilterLogEventsCommand({ logGroupName }));
    await logs.send(new GetLogEventsCommand({ logGroupName, logStreamName: "one" }));
    await new AccessAnalyzerClient(settings).send(new ListAnalyzersCommand({}));
    await new GuardDutyClient(settings).send(new ListDetectorsCommand({}));
    await orNone(new SecurityHubClient(settings).send(new GetFindingsCommand({})).catch(unlessUnsupported));
  },
};

const savedQuestion: Walkthrough = {
  ...where,
  account: "security",
  title: "a saved question to the organization's logs",
  steps: async (settings, { organization: { landscape } }) => {
    const athena = new AthenaClient(settings);
    const WorkGroup = investigationWorkgroupName(landscape);
    await athena.send(new GetWorkGroupCommand({ WorkGroup }));
    await athena.send(new ListNamedQueriesCommand({ WorkGroup }));
    const { QueryExecutionId } = await athena.send(
      new StartQueryExecutionCommand({ WorkGroup, QueryString: "select 1" }),
    );
    await athena.send(new GetQueryExecutionCommand({ QueryExecutionId }));
    await orNone(athena.send(new GetQueryResultsCommand({ QueryExecutionId })).catch(unlessUnsupported));
    await athena.send(new StopQueryExecutionCommand({ QueryExecutionId }));
    const glue = new GlueClient(settings);
    await glue.send(new GetDatabaseCommand({ Name: logDatabaseName(landscape) }));
    await glue.send(new GetTablesCommand({ DatabaseName: logDatabaseName(landscape) }));
    const s3 = new S3Client({ ...settings, forcePathStyle: true });
    const Bucket = bucketName(landscape, "cloudtrail");
    await s3.send(new ListObjectsV2Command({ Bucket }));
    await s3.send(new GetObjectCommand({ Bucket, Key: "AWSLogs/one.json" }));
    const answer = { Bucket: bucketName(landscape, "query-results"), Key: "one.csv" };
    await s3.send(new PutObjectCommand({ ...answer, Body: "1" }));
    await s3.send(new GetObjectCommand(answer));
    await new DynamoDBClient(settings).send(new ScanCommand({ TableName: sweepName(landscape) }));
  },
};

export const investigateWalkthroughs = [
  stolenKey,
  assumedRole,
  exposedMachine,
  dataStores,
  logsAndFindings,
  savedQuestion,
];
