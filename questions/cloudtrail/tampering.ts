import { logKinds } from "../../landscape/names";
import { askCloudTrail } from "../question";
import { change, changeColumns, isCall } from "./columns";

/** Calls after which less is recorded, found or told, by service. */
const watching = {
  "access-analyzer": ["DeleteAnalyzer", "CreateArchiveRule"],
  bedrock: ["DeleteModelInvocationLoggingConfiguration"],
  config: [
    "(Stop|Delete|Put)ConfigurationRecorder",
    "(Delete|Put)DeliveryChannel",
    "DeleteConfigRule",
    "DeleteOrganizationConfigRule",
  ],
  detective: ["DeleteGraph", "DisassociateMembership"],
  ec2: ["DeleteFlowLogs"],
  events: ["DeleteRule", "DisableRule", "RemoveTargets", "DeleteEventBus"],
  guardduty: [
    "(Delete|Update)Detector",
    "UpdateMemberDetectors",
    "UpdateOrganizationConfiguration",
    "DisableOrganizationAdminAccount",
    "DisassociateFrom(Administrator|Master)Account",
    "(Disassociate|Delete)Members",
    "StopMonitoringMembers",
    "(Delete|Update)PublishingDestination",
    "(Create|Update)(Filter|IPSet|TrustedEntitySet)",
    "DeleteThreat(Intel|Entity)Set",
  ],
  inspector2: ["Disable(DelegatedAdminAccount)?", "CreateFilter", "DisassociateMember"],
  logs: [
    "DeleteLog(Group|Stream)",
    "(Delete|Put)RetentionPolicy",
    "(Delete|Put)SubscriptionFilter",
    "DeleteMetricFilter",
    "PutDataProtectionPolicy",
    "DeleteDestination",
  ],
  macie2: [
    "DisableMacie",
    "UpdateMacieSession",
    "CreateFindingsFilter",
    "DisassociateFrom(Administrator|Master)Account",
  ],
  monitoring: ["DeleteAlarms", "DisableAlarmActions"],
  route53resolver: ["(Disassociate|Delete)ResolverQueryLogConfig"],
  s3: ["PutBucketLogging"],
  securityhub: [
    "DisableSecurityHub",
    "BatchDisableStandards",
    "UpdateStandardsControl",
    "DisableImportFindingsForProduct",
    "CreateAutomationRule",
    "DeleteFindingAggregator",
    "DisableOrganizationAdminAccount",
    "DisassociateFrom(Administrator|Master)Account",
  ],
  sns: ["DeleteTopic", "Unsubscribe", "SetTopicAttributes"],
  wafv2: ["DeleteLoggingConfiguration"],
} as const;

/** Buckets of the kit that must not be written to by hand. */
const guardedBuckets = [...logKinds, "config-history", "access-logs", "evidence"];

export const tampering = [
  askCloudTrail({
    id: "trails-touched",
    title: "Who stopped, changed or deleted trails, or tried to",
    columns: [...changeColumns, "trail", "event"],
    sql: `SELECT ${change},
  coalesce(json_extract_scalar(requestparameters, '$.name'),
    json_extract_scalar(requestparameters, '$.trailName')) AS trail, eventid AS event
FROM cloudtrail
WHERE {{scope}}
  AND eventsource = 'cloudtrail.amazonaws.com'
  AND eventname IN ('StopLogging', 'DeleteTrail', 'UpdateTrail', 'PutEventSelectors', 'PutInsightSelectors',
    'DeleteEventDataStore', 'DeregisterOrganizationDelegatedAdmin')
ORDER BY eventtime`,
  }),
  askCloudTrail({
    id: "watching-switched-off",
    title: "Who switched off or blinded logs, detectors, recorders, rules, alarms or other watching",
    columns: [...changeColumns, "parameters", "event"],
    sql: `SELECT ${change}, requestparameters AS parameters, eventid AS event
FROM cloudtrail
WHERE {{scope}}
  AND ${isCall(watching)}
ORDER BY eventtime`,
  }),
  askCloudTrail({
    id: "log-objects-touched",
    title: "Who deleted objects of log buckets, or weakened their lock",
    columns: [...changeColumns, "bucket", "object", "event"],
    sql: `SELECT ${change}, json_extract_scalar(requestparameters, '$.bucketName') AS bucket,
  json_extract_scalar(requestparameters, '$.key') AS object, eventid AS event
FROM cloudtrail
WHERE {{scope}}
  AND eventsource = 's3.amazonaws.com'
  AND eventname IN ('DeleteObject', 'DeleteObjects', 'PutObjectRetention', 'PutObjectLegalHold',
    'PutBucketLifecycle', 'PutBucketLifecycleConfiguration', 'PutBucketObjectLockConfiguration',
    'PutObjectLockConfiguration', 'DeleteBucket', 'PutBucketLogging')
  AND regexp_like(json_extract_scalar(requestparameters, '$.bucketName'),
    '-ir-(${guardedBuckets.join("|")})-')
ORDER BY eventtime`,
  }),
  askCloudTrail({
    id: "encryption-keys-endangered",
    title: "Which encryption keys were disabled, are to be deleted, or had their policy changed",
    columns: [...changeColumns, "encryption_key", "event"],
    sql: `SELECT ${change}, json_extract_scalar(requestparameters, '$.keyId') AS encryption_key, eventid AS event
FROM cloudtrail
WHERE {{scope}}
  AND eventsource = 'kms.amazonaws.com'
  AND eventname IN ('DisableKey', 'ScheduleKeyDeletion', 'PutKeyPolicy', 'DisableKeyRotation', 'DeleteImportedKeyMaterial')
ORDER BY eventtime`,
  }),
  askCloudTrail({
    id: "organization-changed",
    title: "Who changed policies, accounts or delegations of the organization",
    columns: [...changeColumns, "parameters", "event"],
    sql: `SELECT ${change}, requestparameters AS parameters, eventid AS event
FROM cloudtrail
WHERE {{scope}}
  AND eventsource = 'organizations.amazonaws.com'
  AND readonly = 'false'
ORDER BY eventtime`,
  }),
];
