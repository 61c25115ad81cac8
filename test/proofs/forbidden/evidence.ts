import {
  arn,
  ec2,
  except,
  type Forbidden,
  forbid,
  forensics,
  logArchive,
  management,
  s3,
  stratus,
} from "./model";

const logs = s3("acme-ir-cloudtrail-333333333333-eu-west-1");
const log = `${logs}/AWSLogs/o-a1b2c3d4e5/555555555555/CloudTrail/eu-west-1/2026/09/26/events.json.gz`;
const flowLogs = s3("acme-ir-flow-logs-333333333333-eu-west-1");
const evidence = s3("acme-ir-evidence-444444444444-eu-west-1");
const item = `${evidence}/2026-001/i-0123456789abcdef0/memory.lime`;
const trail = arn("cloudtrail", "trail/acme-ir-organization", management);
const local = arn("cloudtrail", "trail/payments");
const lake = arn("cloudtrail", "eventdatastore/5f1c0000-0000-4000-8000-000000000000");
const group = arn("logs", "log-group:/aws/lambda/payments-api");

/** The record of calls. */
const trails = forbid("all", [
  [
    "cloudtrail:StopLogging",
    trail,
    "ends the organization's record",
    stratus("defense-evasion.cloudtrail-stop"),
  ],
  [
    "cloudtrail:DeleteTrail",
    trail,
    "ends the organization's record",
    stratus("defense-evasion.cloudtrail-delete"),
  ],
  ["cloudtrail:UpdateTrail", trail, "sends the organization's record elsewhere"],
  [
    "cloudtrail:PutEventSelectors",
    trail,
    "narrows the organization's record",
    stratus("defense-evasion.cloudtrail-event-selectors"),
  ],
  ["cloudtrail:PutInsightSelectors", trail, "narrows the organization's record"],
  ["cloudtrail:StopLogging", local, "ends an account's own record"],
  ["cloudtrail:DeleteTrail", local, "ends an account's own record"],
  ["cloudtrail:UpdateTrail", local, "sends an account's own record elsewhere"],
  ["cloudtrail:CreateTrail", arn("cloudtrail", "trail/backdoor"), "sends a stranger every call"],
  ["cloudtrail:DeleteEventDataStore", lake, "destroys the record"],
  ["cloudtrail:StopEventDataStoreIngestion", lake, "ends the record"],
  ["cloudtrail:UpdateEventDataStore", lake, "shortens the record"],
]);

/** Objects in the log archive and in forensics. */
const archive = [
  ...forbid(
    "all",
    [
      ["s3:DeleteObject", log, "destroys logs", stratus("impact.s3-ransomware-individual-deletion")],
      ["s3:DeleteObjectVersion", log, "destroys logs for good"],
      ["s3:PutObject", log, "forges logs"],
      ["s3:PutObjectAcl", log, "shows logs to strangers"],
      ["s3:PutObjectRetention", log, "shortens how long logs must be kept"],
      ["s3:BypassGovernanceRetention", log, "deletes what must be kept"],
      ["s3:PutObjectTagging", log, "moves logs into another lifecycle"],
      ["s3:DeleteBucket", logs, "destroys the archive"],
      ["s3:PutBucketPolicy", logs, "opens the archive, or shuts services out"],
      ["s3:DeleteBucketPolicy", logs, "shuts services out"],
      [
        "s3:PutLifecycleConfiguration",
        logs,
        "logs expire",
        stratus("defense-evasion.cloudtrail-lifecycle-rule"),
      ],
      ["s3:PutBucketVersioning", logs, "lets logs be overwritten"],
      ["s3:PutBucketObjectLockConfiguration", logs, "shortens how long logs must be kept"],
      ["s3:PutEncryptionConfiguration", logs, "encrypts logs by another key"],
      ["s3:PutReplicationConfiguration", logs, "copies logs to a stranger"],
      ["s3:PutBucketNotification", logs, "tells a stranger of every log"],
      ["s3:PutLifecycleConfiguration", flowLogs, "logs expire"],
      ["s3:PutBucketLogging", flowLogs, "ends the log of who reads logs"],
      ["s3:PutBucketOwnershipControls", flowLogs, "brings access lists back"],
    ],
    logArchive,
  ),
  ...forbid(
    "all",
    [
      ["s3:DeleteObject", item, "destroys evidence"],
      ["s3:DeleteObjectVersion", item, "destroys evidence for good"],
      ["s3:BypassGovernanceRetention", item, "deletes what must be kept"],
      ["s3:PutBucketPolicy", evidence, "shows evidence to strangers"],
      ["s3:PutLifecycleConfiguration", evidence, "evidence expires"],
      ["s3:PutBucketVersioning", evidence, "lets evidence be overwritten"],
      ["s3:DeleteBucket", evidence, "destroys all evidence"],
    ],
    forensics,
  ),
];

/** Logs that stand in the account. */
const accountLogs = forbid("all", [
  ["logs:DeleteLogGroup", group, "destroys logs"],
  ["logs:DeleteLogStream", `${group}:log-stream:2026/09/26/0abc`, "destroys logs"],
  ["logs:PutRetentionPolicy", group, "logs expire"],
  ["logs:PutSubscriptionFilter", group, "sends logs to a stranger"],
  ["logs:DeleteSubscriptionFilter", group, "logs no longer reach who watches"],
  ["logs:DeleteMetricFilter", group, "an alarm has nothing to count"],
  ["logs:PutDataProtectionPolicy", group, "masks what an investigation looks for"],
  ["logs:PutLogEvents", `${group}:log-stream:2026/09/26/0abc`, "forges logs"],
  ["logs:DisassociateKmsKey", group, "leaves new logs without a key"],
  ["logs:PutResourcePolicy", "*", "lets strangers write logs"],
  [
    "ec2:DeleteFlowLogs",
    ec2("vpc-flow-log/fl-0abc"),
    "ends a log",
    stratus("defense-evasion.vpc-remove-flow-logs"),
  ],
  [
    "route53resolver:DeleteResolverQueryLogConfig",
    arn("route53resolver", "resolver-query-log-config/rqlc-0abc"),
    "ends a log",
    stratus("defense-evasion.dns-delete-logs"),
  ],
  [
    "route53resolver:DisassociateResolverQueryLogConfig",
    arn("route53resolver", "resolver-query-log-config/rqlc-0abc"),
    "takes a network out of a log",
    stratus("defense-evasion.dns-delete-logs"),
  ],
  ["bedrock:DeleteModelInvocationLoggingConfiguration", "*", "ends the log of prompts"],
]);

/** The evidence task puts objects with a lock and a hold, and may export logs; nobody else touches these. */
const kept = [
  ...forbid(
    except("evidence"),
    [
      ["s3:PutObjectLegalHold", item, "lifts a hold"],
      ["s3:PutObjectRetention", item, "shortens how long evidence must be kept"],
    ],
    forensics,
  ),
  ...forbid(except("evidence"), [["logs:CreateExportTask", group, "copies logs to a bucket of choice"]]),
];

export const evidenceForbidden: readonly Forbidden[] = [...trails, ...archive, ...accountLogs, ...kept];
