import type { CloudTrailRecord, DnsQuery, Flow } from "./log-files";
import { development, management, production, vpcOf } from "./organization";

/** One attack, from a leaked key to data that left and traces that were to go. */
export const thief = "198.51.100.23";
export const second = "198.51.100.77";
export const key = "AKIASTOLENKEYEXAMPLE";
export const user = `arn:aws:iam::${production}:user/ci`;
export const role = `arn:aws:iam::${production}:role/deploy`;
export const session = `arn:aws:sts::${production}:assumed-role/deploy/backup-job`;
export const sessionKey = "ASIASTOLENSESSION000";
export const implant = "i-0123456789abcdef0";
export const agent = "aws-cli/2.15 kali";
export const bucket = "acme-customers";

const asUser = {
  type: "IAMUser",
  principalId: "AIDACI",
  arn: user,
  accountId: production,
  accessKeyId: key,
  userName: "ci",
};
const asSession = {
  type: "AssumedRole",
  principalId: "AROADEPLOY:backup-job",
  arn: session,
  accountId: production,
  accessKeyId: sessionKey,
  sessionContext: {
    sessionIssuer: {
      type: "Role",
      principalId: "AROADEPLOY",
      arn: role,
      accountId: production,
      userName: "deploy",
    },
    attributes: { creationDate: "2026-11-15T03:10:00Z", mfaAuthenticated: "false" },
  },
};
/** A principal of another account, as the bucket's owner sees it: without ARN. */
export const stranger = { type: "AWSAccount", principalId: "AIDASTRANGER", accountId: "999999999999" };
export const person = "anna@acme.example";
const asPerson = {
  ...asSession,
  arn: `arn:aws:sts::${production}:assumed-role/operations/anna`,
  accessKeyId: "ASIAPERSONSESSION000",
  sessionContext: {
    ...asSession.sessionContext,
    sessionIssuer: {
      ...asSession.sessionContext.sessionIssuer,
      arn: `arn:aws:iam::${production}:role/operations`,
      userName: "operations",
    },
    sourceIdentity: person,
  },
};
const asRoot = (account: string) => ({
  type: "Root",
  principalId: account,
  arn: `arn:aws:iam::${account}:root`,
  accountId: account,
  accessKeyId: "",
});

/** An event of the attack, with the questions to which it is an answer. */
export interface Planted {
  readonly record: CloudTrailRecord;
  readonly answers: readonly string[];
}

let planted = 0;

const at = (minute: number): string =>
  new Date(Date.UTC(2026, 10, 15, 3, minute)).toISOString().replace(".000Z", "Z");

const event = (
  answers: readonly string[],
  service: string,
  name: string,
  {
    who = asUser,
    from = thief,
    account = production,
    ...fields
  }: {
    readonly who?: Readonly<Record<string, unknown>>;
    readonly from?: string;
    readonly account?: string;
    readonly [field: string]: unknown;
  } = {},
): Planted => {
  planted += 1;
  return {
    answers,
    record: {
      eventVersion: "1.10",
      userIdentity: who,
      eventTime: at(planted),
      eventSource: `${service}.amazonaws.com`,
      eventName: name,
      awsRegion: "eu-west-1",
      sourceIPAddress: from,
      userAgent: agent,
      requestParameters: null,
      responseElements: null,
      readOnly: false,
      eventID: `planted-${planted}`,
      eventType: "AwsApiCall",
      managementEvent: true,
      recipientAccountId: account,
      eventCategory: "Management",
      ...fields,
    },
  };
};

const signIn = (
  result: "Success" | "Failure",
  who: object,
  from: string,
  mfa: string,
  answers: readonly string[],
) =>
  event(answers, "signin", "ConsoleLogin", {
    who: who as Record<string, unknown>,
    from,
    responseElements: { ConsoleLogin: result },
    additionalEventData: { LoginTo: "https://console.aws.amazon.com", MobileVersion: "No", MFAUsed: mfa },
    eventType: "AwsConsoleSignIn",
    ...(result === "Failure" && { errorMessage: "Failed authentication" }),
  });

const consoleUser = (name: string) => ({
  type: "IAMUser",
  principalId: "AIDA",
  arn: `arn:aws:iam::${production}:user/${name}`,
  accountId: production,
  userName: name,
});

const denied = { errorCode: "AccessDenied", errorMessage: "not authorized" };

export const attack: readonly Planted[] = [
  event(["caller-identity-asked"], "sts", "GetCallerIdentity", { readOnly: true }),
  ...["ListUsers", "ListRoles", "GetAccountSummary", "ListPolicies", "ListGroups", "ListAccessKeys"].map(
    (name) => event(["denied-calls"], "iam", name, { readOnly: true, ...denied }),
  ),
  ...["DescribeSnapshots", "DescribeImages", "DescribeVpcs", "DescribeKeyPairs"].map((name) =>
    event(["denied-calls"], "ec2", name, { readOnly: true, errorCode: "Client.UnauthorizedOperation" }),
  ),
  event(["who-assumed-role", "sessions-opened-by"], "sts", "AssumeRole", {
    readOnly: true,
    requestParameters: { roleArn: role, roleSessionName: "backup-job", durationSeconds: 3600 },
    responseElements: {
      credentials: {
        accessKeyId: sessionKey,
        expiration: "Nov 15, 2026, 4:12:00 AM",
        sessionToken: "hidden",
      },
      assumedRoleUser: { assumedRoleId: "AROADEPLOY:backup-job", arn: session },
    },
  }),
  event(["who-assumed-role"], "sts", "AssumeRole", {
    readOnly: true,
    account: development,
    errorCode: "AccessDenied",
    errorMessage: `User: ${user} is not authorized to perform: sts:AssumeRole on resource: ${role}`,
  }),
  event(["sessions-opened-by"], "sts", "GetFederationToken", {
    requestParameters: { name: "night", policy: "{}" },
    responseElements: { credentials: { accessKeyId: "ASIAFEDERATED0000000" } },
  }),
  event(["credentials-made"], "iam", "CreateAccessKey", {
    requestParameters: { userName: "breakglass" },
    responseElements: {
      accessKey: { accessKeyId: "AKIANEWKEYEXAMPLE000", status: "Active", userName: "breakglass" },
    },
  }),
  event(["credentials-made"], "iam", "CreateLoginProfile", {
    requestParameters: { userName: "breakglass", passwordResetRequired: false },
  }),
  event(["credentials-made"], "iam", "UpdateAccessKey", {
    requestParameters: { userName: "breakglass", accessKeyId: "AKIAOLD", status: "Active" },
  }),
  event(["root-sessions-opened"], "sts", "AssumeRoot", {
    requestParameters: {
      targetPrincipal: development,
      taskPolicyArn: { arn: "arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy" },
    },
    ...denied,
  }),
  event(["what-person-did"], "ec2", "TerminateInstances", {
    who: asPerson,
    from: "192.0.2.10",
    requestParameters: { instancesSet: { items: [{ instanceId: "i-0eeeeeeeeeeeeeeee" }] } },
  }),
  event(["users-made"], "iam", "CreateUser", { requestParameters: { userName: "svc-backup" } }),
  event(["users-made"], "iam", "AddUserToGroup", {
    requestParameters: { userName: "svc-backup", groupName: "admins" },
    ...denied,
  }),
  event(["roles-made"], "iam", "CreateRole", {
    requestParameters: {
      roleName: "audit-helper",
      assumeRolePolicyDocument: '{"Statement":[{"Effect":"Allow"}]}',
    },
    responseElements: { role: { roleName: "audit-helper" } },
  }),
  event(["trusts-changed"], "iam", "UpdateAssumeRolePolicy", {
    requestParameters: { roleName: "deploy", policyDocument: '{"Statement":[]}' },
  }),
  event(["trusts-changed"], "iam", "CreateSAMLProvider", { requestParameters: { name: "okta2" } }),
  event(["trusts-changed"], "iam", "AddRoleToInstanceProfile", {
    requestParameters: { instanceProfileName: "web", roleName: "deploy" },
  }),
  event(["trusts-changed"], "rolesanywhere", "CreateTrustAnchor", { requestParameters: { name: "own" } }),
  event(["permissions-changed"], "iam", "PutRolePermissionsBoundary", {
    requestParameters: { roleName: "deploy", permissionsBoundary: "arn:aws:iam::aws:policy/PowerUserAccess" },
  }),
  event(["permissions-changed"], "iam", "AttachUserPolicy", {
    requestParameters: { userName: "svc-backup", policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" },
  }),
  event(["permissions-changed"], "iam", "PutRolePolicy", {
    requestParameters: {
      roleName: "audit-helper",
      policyName: "x",
      policyDocument: '{"Statement":[{"Action":"*"}]}',
    },
  }),
  event(["functions-changed"], "lambda", "UpdateFunctionCode20150331v2", {
    requestParameters: { functionName: "invoice", publish: true },
  }),
  event(["instances-launched"], "ec2", "RunInstances", {
    requestParameters: {
      instanceType: "p4d.24xlarge",
      instancesSet: { items: [{ imageId: "ami-1", minCount: 1 }] },
    },
    responseElements: {
      instancesSet: {
        items: [
          {
            instanceId: implant,
            iamInstanceProfile: { arn: `arn:aws:iam::${production}:instance-profile/x` },
          },
        ],
      },
    },
  }),
  event(["commands-run"], "ssm", "SendCommand", {
    requestParameters: {
      documentName: "AWS-RunShellScript",
      instanceIds: [implant],
      parameters: "HIDDEN_DUE_TO_SECURITY_REASONS",
    },
  }),
  event(["commands-run"], "ssm", "StartSession", { requestParameters: { target: implant } }),
  event(["commands-run"], "ssm", "SendCommand", {
    requestParameters: {
      documentName: "AWS-RunShellScript",
      instanceIds: [],
      targets: [{ key: "tag:env", values: ["prod"] }],
    },
  }),
  event(["commands-run"], "ec2-instance-connect", "SendSSHPublicKey", {
    requestParameters: { instanceId: implant, instanceOSUser: "root" },
  }),
  event(["identity-center-changed"], "sso", "CreateAccountAssignment", {
    account: management,
    requestParameters: { targetId: production, principalId: "p", permissionSetArn: "arn:aws:sso:::x" },
  }),
  event(["identity-center-changed"], "identitystore", "CreateGroupMembership", {
    account: management,
    requestParameters: { groupId: "g", memberId: { userId: "u" } },
  }),
  event(["snapshots-shared"], "ec2", "ModifySnapshotAttribute", {
    requestParameters: {
      snapshotId: "snap-0123456789abcdef0",
      attributeType: "CREATE_VOLUME_PERMISSION",
      createVolumePermission: { add: { items: [{ userId: "999999999999" }] } },
    },
  }),
  event(["images-shared"], "ec2", "ModifyImageAttribute", {
    requestParameters: {
      imageId: "ami-0abc",
      attributeType: "launchPermission",
      launchPermission: { add: { items: [{ group: "all" }] } },
    },
  }),
  event(["database-snapshots-shared"], "rds", "ModifyDBSnapshotAttribute", {
    requestParameters: {
      dBSnapshotIdentifier: "customers-db",
      attributeName: "restore",
      valuesToAdd: ["999999999999"],
    },
  }),
  event(["database-snapshots-shared"], "rds", "StartExportTask", {
    requestParameters: {
      sourceArn: `arn:aws:rds:eu-west-1:${production}:snapshot:customers-db`,
      s3BucketName: "drop",
    },
  }),
  event(["buckets-opened"], "s3", "PutBucketPolicy", {
    requestParameters: {
      bucketName: bucket,
      bucketPolicy: { Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: "*" }] },
    },
  }),
  event(["buckets-opened"], "s3", "DeleteBucketPublicAccessBlock", {
    requestParameters: { bucketName: bucket },
  }),
  event(["buckets-opened"], "s3", "PutBucketAcl", {
    requestParameters: { bucketName: bucket, "x-amz-acl": ["public-read"] },
  }),
  event(["ports-opened"], "ec2", "ModifySecurityGroupRules", {
    requestParameters: {
      ModifySecurityGroupRulesRequest: {
        GroupId: "sg-0aaa",
        SecurityGroupRule: {
          SecurityGroupRuleId: "sgr-1",
          SecurityGroupRule: { CidrIpv4: "0.0.0.0/0" },
          tag: 1,
        },
      },
    },
  }),
  event(["ports-opened"], "ec2", "AuthorizeSecurityGroupIngress", {
    requestParameters: {
      groupId: "sg-0aaa",
      ipPermissions: {
        items: [
          { ipProtocol: "tcp", fromPort: 22, toPort: 22, ipRanges: { items: [{ cidrIp: "0.0.0.0/0" }] } },
        ],
      },
    },
  }),
  ...[1, 2, 3].map((number) =>
    event(["objects-read"], "s3", "GetObject", {
      who: asSession,
      readOnly: true,
      managementEvent: false,
      eventCategory: "Data",
      requestParameters: { bucketName: bucket, key: `customers-${number}.csv` },
      additionalEventData: { bytesTransferredOut: 1_000_000 * number },
    }),
  ),
  event(["objects-changed"], "s3", "CopyObject", {
    who: asSession,
    eventCategory: "Data",
    requestParameters: {
      bucketName: bucket,
      key: "customers-1.csv",
      "x-amz-server-side-encryption-aws-kms-key-id": "arn:aws:kms:eu-west-1:999999999999:key/ransom",
    },
  }),
  event(["objects-changed"], "s3", "DeleteObject", {
    who: asSession,
    eventCategory: "Data",
    requestParameters: { bucketName: bucket, key: "customers-2.csv" },
  }),
  event(["objects-changed"], "s3", "PutObjectAcl", {
    who: asSession,
    eventCategory: "Data",
    requestParameters: { bucketName: bucket, key: "customers-3.csv", "x-amz-acl": ["public-read"] },
  }),
  event(["objects-read"], "s3", "GetObject", {
    who: stranger,
    from: second,
    readOnly: true,
    eventCategory: "Data",
    requestParameters: { bucketName: bucket, key: "customers-1.csv" },
    additionalEventData: { bytesTransferredOut: 500 },
  }),
  ...[`/${bucket}/customers-1.csv`, `${bucket}/customers-2.csv?versionId=1`].map((source) =>
    event(["objects-read"], "s3", "CopyObject", {
      who: stranger,
      from: second,
      eventCategory: "Data",
      requestParameters: { bucketName: "drop", key: "x", "x-amz-copy-source": source },
    }),
  ),
  event(["secrets-read"], "secretsmanager", "GetSecretValue", {
    readOnly: true,
    requestParameters: { secretId: "prod/db" },
  }),
  event(["secrets-read"], "ssm", "GetParameter", {
    readOnly: true,
    requestParameters: { name: "/prod/token", withDecryption: true },
  }),
  event(["passwords-of-instances-read"], "ec2", "GetPasswordData", {
    readOnly: true,
    requestParameters: { instanceId: implant },
    errorCode: "Client.UnauthorizedOperation",
  }),
  event(["trails-touched"], "cloudtrail", "StopLogging", {
    requestParameters: { name: "acme-ir-organization" },
    ...denied,
  }),
  event(["trails-touched"], "cloudtrail", "PutEventSelectors", { requestParameters: { trailName: "local" } }),
  event(["watching-switched-off"], "ec2", "DeleteFlowLogs", {
    requestParameters: { DeleteFlowLogsRequest: { FlowLogId: { content: "fl-1", tag: 1 } } },
  }),
  event(["watching-switched-off"], "guardduty", "DeleteDetector", {
    requestParameters: { detectorId: "d" },
    ...denied,
  }),
  ...(
    [
      ["events", "DisableRule", { name: "acme-ir-alarms" }],
      ["sns", "Unsubscribe", { subscriptionArn: "arn:aws:sns:x" }],
      ["monitoring", "DeleteAlarms", { alarmNames: ["root"] }],
      ["logs", "DeleteSubscriptionFilter", { filterName: "to-us" }],
      ["config", "PutConfigurationRecorder", { configurationRecorder: { name: "default" } }],
      ["guardduty", "UpdateMemberDetectors", { features: [] }],
      ["macie2", "DisassociateFromAdministratorAccount", {}],
    ] as const
  ).map(([service, name, requestParameters]) =>
    event(["watching-switched-off"], service, name, { requestParameters }),
  ),
  event(["log-objects-touched"], "s3", "DeleteObject", {
    eventCategory: "Data",
    requestParameters: { bucketName: "acme-ir-evidence-444444444444-eu-west-1", key: "CASE-1/disk" },
  }),
  event(["log-objects-touched"], "s3", "DeleteObject", {
    eventCategory: "Data",
    requestParameters: { bucketName: "acme-ir-cloudtrail-333333333333-eu-west-1", key: "AWSLogs/x.json.gz" },
    ...denied,
  }),
  event(["encryption-keys-endangered"], "kms", "ScheduleKeyDeletion", {
    requestParameters: { keyId: "1234", pendingWindowInDays: 7 },
  }),
  event(["organization-changed"], "organizations", "DetachPolicy", {
    account: management,
    requestParameters: { policyId: "p-1", targetId: "r-ab12" },
    ...denied,
  }),
  ...Array.from({ length: 6 }, () =>
    signIn("Failure", consoleUser("anna"), second, "No", ["failed-sign-ins"]),
  ),
  signIn("Success", consoleUser("anna"), second, "No", ["sign-ins-without-mfa", "failed-sign-ins"]),
  signIn("Success", consoleUser("bert"), "192.0.2.9", "Yes", []),
  signIn("Success", asRoot(production), second, "YES", ["what-root-did"]),
  event(["what-root-did"], "account", "PutAlternateContact", { who: asRoot(production), from: second }),
  event([], "support", "DescribeCases", {
    who: { ...asRoot(production), invokedBy: "support.amazonaws.com" },
    from: "support.amazonaws.com",
  }),
];

/** Seconds of the attack's flows. */
export const flowStart = Date.UTC(2026, 10, 15, 3, 0) / 1000;

const flow = (minute: number, more: Partial<Flow>): Flow => ({
  account: production,
  region: "eu-west-1",
  start: flowStart + minute * 60,
  interface: "eni-0fedcba9876543210",
  instance: implant,
  source: "10.0.7.7",
  destination: thief,
  sourcePort: 50_000,
  destinationPort: 443,
  bytes: 1_000,
  action: "ACCEPT",
  direction: "egress",
  status: "OK",
  ...more,
});

export const dropAddress = "203.0.113.99";

export const flows: readonly Flow[] = [
  flow(0, { bytes: 5_000 }),
  flow(1, { bytes: 7_000, sourcePort: 50_001 }),
  flow(1, {
    source: thief,
    destination: "10.0.7.7",
    sourcePort: 443,
    destinationPort: 50_000,
    direction: "ingress",
    bytes: 900,
  }),
  flow(2, { destination: dropAddress, bytes: 90_000_000 }),
  flow(3, { destination: dropAddress, bytes: 80_000_000 }),
  // A backup inside, as large as what left.
  flow(3, {
    interface: "eni-0cccccccccccccccc",
    instance: "i-0cccccccccccccccc",
    source: "10.0.7.9",
    destination: "10.0.1.9",
    bytes: 500_000_000,
  }),
  flow(4, { destination: "10.0.1.5", destinationPort: 5432, bytes: 400 }),
  flow(5, {
    source: thief,
    destination: "10.0.7.7",
    sourcePort: 61_000,
    destinationPort: 22,
    direction: "ingress",
    bytes: 3_000,
  }),
  ...Array.from({ length: 25 }, (_, port) =>
    flow(6, {
      interface: "eni-0aaaaaaaaaaaaaaaa",
      instance: "i-0aaaaaaaaaaaaaaaa",
      source: second,
      destination: "10.0.8.8",
      sourcePort: 62_000,
      destinationPort: 1_000 + port,
      direction: "ingress",
      action: "REJECT",
      bytes: 60,
    }),
  ),
];

const lookUp = (minute: number, name: string, more: Partial<DnsQuery> = {}): DnsQuery => ({
  account: production,
  region: "eu-west-1",
  vpc: vpcOf(production),
  time: at(minute),
  name,
  address: "10.0.7.7",
  instance: implant,
  code: "NOERROR",
  ...more,
});

/** A machine that tunnels under a name of a country. */
export const quiet = "i-0dddddddddddddddd";

export const lookUps: readonly DnsQuery[] = [
  lookUp(0, "drop.evil.example."),
  lookUp(1, "drop.evil.example."),
  lookUp(2, "Evil.example."),
  // Ends alike, and is another's.
  lookUp(2, "notevil.example.", { instance: "i-0bbbbbbbbbbbbbbbb", address: "10.0.7.8" }),
  lookUp(3, "pool.miner.example.", { firewall: "BLOCK", code: "NXDOMAIN" }),
  ...Array.from({ length: 60 }, (_, index) =>
    lookUp(4, `${index.toString(16).padStart(12, "0")}.tunnel.example.`),
  ),
  // Below a suffix of two parts, under which others have names too.
  ...Array.from({ length: 55 }, (_, index) =>
    lookUp(5, `${index.toString(16)}x.exfil.co.uk.`, { instance: quiet, address: "10.0.7.9" }),
  ),
  lookUp(5, "www.shop.co.uk.", { instance: "i-0bbbbbbbbbbbbbbbb", address: "10.0.7.8" }),
  // Two machines that have the same address in two VPCs are two.
  ...Array.from({ length: 60 }, (_, index) =>
    lookUp(6, `${index}.cdn.example.`, {
      instance: "i-0cccccccccccccccc",
      address: "10.0.7.10",
      ...(index % 2 === 0 && { account: development, vpc: vpcOf(development) }),
    }),
  ),
];

export const timeOf = at;
