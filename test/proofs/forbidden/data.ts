import {
  arn,
  except,
  type Forbidden,
  forbid,
  forensics,
  instance,
  logArchive,
  s3,
  shared,
  stranger,
  stratus,
} from "./model";

const secret = arn("secretsmanager", "secret:payments/database-AbCdEf");
const parameter = arn("ssm", "parameter/payments/database-password");
const bucket = s3("payments-customer-data");
const customer = `${bucket}/x`;
const table = arn("dynamodb", "table/payments");
const queue = arn("sqs", "payments-orders");
const stream = arn("kinesis", "stream/payments");
const database = arn("rds", "db:payments");
const files = arn("elasticfilesystem", "file-system/fs-0abc");
const key = arn("kms", "key/55550000-0000-4000-8000-000000000001");
const repository = arn("ecr", "repository/payments");
const viaSecrets = { "kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com" };

/** Secrets: rotated, never read or set. */
const secrets = forbid("all", [
  [
    "secretsmanager:GetSecretValue",
    secret,
    "reads a secret",
    stratus("credential-access.secretsmanager-retrieve-secrets"),
  ],
  [
    "secretsmanager:BatchGetSecretValue",
    "*",
    "reads secrets",
    stratus("credential-access.secretsmanager-batch-retrieve-secrets"),
  ],
  ["secretsmanager:PutSecretValue", secret, "sets a secret that is then known"],
  ["secretsmanager:UpdateSecret", secret, "sets a secret, or encrypts it by another key"],
  ["secretsmanager:UpdateSecretVersionStage", secret, "brings a leaked secret back"],
  ["secretsmanager:DeleteSecret", secret, "stops a workload"],
  ["secretsmanager:PutResourcePolicy", secret, "lets a stranger read a secret"],
  ["secretsmanager:ReplicateSecretToRegions", secret, "puts a secret where nobody watches"],
  [
    "secretsmanager:RotateSecret",
    arn("secretsmanager", "secret:payments/api-AbCdEf"),
    "hands a secret to a function of choice",
    { "secretsmanager:RotationLambdaARN": arn("lambda", "function:backdoor", stranger) },
  ],
  [
    "ssm:GetParameter",
    parameter,
    "reads a secret",
    stratus("credential-access.ssm-retrieve-securestring-parameters"),
  ],
  ["ssm:GetParameters", parameter, "reads secrets"],
  ["ssm:GetParametersByPath", arn("ssm", "parameter/payments"), "reads secrets"],
  ["ssm:GetParameterHistory", parameter, "reads secrets of before"],
  [
    "ssm:PutParameter",
    arn("ssm", "parameter/acme-ir/baseline"),
    "says that a baseline stands where none does",
  ],
  ["ssm:DeleteParameter", parameter, "stops a workload"],
  ["kms:Decrypt", key, "reads secrets", viaSecrets],
  ["kms:Sign", arn("kms", "key/55550000-0000-4000-8000-000000000002"), "signs in a customer's name"],
  ["acm:ExportCertificate", arn("acm", "certificate/5f1c"), "a certificate with its private key"],
  ["acm-pca:IssueCertificate", arn("acm-pca", "certificate-authority/5f1c"), "certificates that all trust"],
  ["redshift:GetClusterCredentials", arn("redshift", "dbuser:payments/admin"), "a password to a warehouse"],
  [
    "lightsail:GetRelationalDatabaseMasterUserPassword",
    arn("lightsail", "RelationalDatabase/5f1c"),
    "reads a database's password",
  ],
  ["codecommit:GitPull", arn("codecommit", "payments"), "source code, and secrets in it"],
  ["ecr:GetDownloadUrlForLayer", repository, "code, and secrets in it"],
  ["ecr:BatchGetImage", repository, "code, and secrets in it"],
  [
    "apigateway:GET",
    "arn:aws:apigateway:eu-west-1::/apikeys/0abc",
    "reads keys of customers, values included",
  ],
]);

/** Objects of customers, in buckets. */
const objects = forbid("all", [
  ["s3:GetObject", customer, "reads data of customers"],
  ["s3:GetObjectVersion", customer, "reads data of customers"],
  [
    "s3:PutObject",
    customer,
    "changes data of customers",
    stratus("impact.s3-ransomware-client-side-encryption"),
  ],
  [
    "s3:DeleteObject",
    customer,
    "destroys data of customers",
    stratus("impact.s3-ransomware-individual-deletion"),
  ],
  ["s3:PutObjectAcl", customer, "gives data away"],
  ["s3:RestoreObject", customer, "fetches archived data of customers"],
  ["s3:PutBucketPolicy", bucket, "gives data away", stratus("exfiltration.s3-backdoor-bucket-policy")],
  ["s3:DeleteBucketPolicy", bucket, "removes denials"],
  ["s3:PutBucketAcl", bucket, "gives data away", { "s3:x-amz-acl": "public-read" }],
  ["s3:PutReplicationConfiguration", bucket, "copies data of customers to a stranger"],
  ["s3:PutLifecycleConfiguration", bucket, "data of customers expire"],
  ["s3:CreateAccessPoint", arn("s3", "accesspoint/backdoor"), "another way to data of customers"],
  ["s3:CreateAccessGrant", arn("s3", "access-grants/default/grant/0abc"), "grants data of customers"],
  ["s3:GetDataAccess", arn("s3", "access-grants/default"), "credentials to data of customers"],
  ["s3:CreateJob", "*", "copies or deletes objects by the million"],
]);

/** Databases, queues, files, disks. */
const stores = forbid("all", [
  ["dynamodb:GetItem", table, "reads data of customers"],
  ["dynamodb:Query", table, "reads data of customers"],
  ["dynamodb:Scan", table, "reads data of customers"],
  ["dynamodb:PartiQLSelect", table, "reads data of customers"],
  ["dynamodb:PutItem", table, "changes data of customers"],
  ["dynamodb:ExportTableToPointInTime", table, "copies data of customers"],
  ["sqs:ReceiveMessage", queue, "reads messages"],
  ["sqs:PurgeQueue", queue, "destroys messages"],
  ["kinesis:GetRecords", stream, "reads messages"],
  ["rds-db:connect", arn("rds-db", "dbuser:db-0ABC/admin"), "signs in to a database"],
  ["rds-data:ExecuteStatement", arn("rds", "cluster:payments"), "queries a database"],
  ["rds:ModifyDBInstance", database, "sets the password, or opens it to the Internet"],
  ["rds:StartExportTask", arn("rds", "snapshot:payments-2026-09-26"), "copies data of customers"],
  ["redshift-data:ExecuteStatement", arn("redshift", "cluster:payments"), "queries a warehouse"],
  [
    "athena:GetQueryResults",
    arn("athena", "workgroup/primary"),
    "reads results of the account's own queries",
  ],
  ["es:ESHttpGet", arn("es", "domain/payments"), "reads data of customers"],
  ["cognito-idp:AdminGetUser", arn("cognito-idp", "userpool/eu-west-1_0abc"), "reads data of customers"],
  [
    "cognito-idp:AdminSetUserPassword",
    arn("cognito-idp", "userpool/eu-west-1_0abc"),
    "signs in as a customer",
  ],
  ["elasticfilesystem:ClientMount", files, "reads files"],
  ["elasticfilesystem:PutFileSystemPolicy", files, "lets strangers read files"],
  ["ebs:GetSnapshotBlock", shared("ec2", "snapshot/snap-0123456789abcdef0"), "reads a disk past forensics"],
  ["ec2:CreateStoreImageTask", shared("ec2", "image/ami-0123456789abcdef0"), "copies a disk to a bucket"],
  ["ec2:CreateInstanceExportTask", instance, "copies a disk to a bucket"],
  ["logs:Unmask", arn("logs", "log-group:/aws/lambda/payments-api"), "reads what a log hides"],
  ["macie2:GetSensitiveDataOccurrences", "*", "reads the sensitive data that a finding is about"],
  ["lakeformation:GetDataAccess", "*", "credentials to data of customers"],
  ["lakeformation:PutDataLakeSettings", "*", "makes a principal administrator of the lake"],
]);

/** Evidence is read in forensics, by whom the evidence task serves; and logs are read where they lie. */
const kept = forbid(
  except("evidence"),
  [
    [
      "s3:GetObject",
      s3("acme-ir-evidence-444444444444-eu-west-1/2026-001/memory.lime"),
      "reads memory, secrets and all",
    ],
  ],
  forensics,
);

const unread = forbid(
  ["auto-logging"],
  [["s3:GetObject", s3("acme-ir-cloudtrail-333333333333-eu-west-1/AWSLogs/x"), "inventory reads no logs"]],
  logArchive,
);

/** Copies of snapshots need this of the key; nobody else does. */
const copying = forbid(except("evidence", "recover"), [
  ["kms:ReEncryptFrom", key, "moves data under a key of one's own"],
]);

export const dataForbidden: readonly Forbidden[] = [
  ...secrets,
  ...objects,
  ...stores,
  ...kept,
  ...copying,
  ...unread,
];
