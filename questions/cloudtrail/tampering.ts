import { askCloudTrail } from "../question";

const change = `eventtime AS time, account, region, eventsource AS service, eventname AS call,
  useridentity.arn AS principal, errorcode AS error, sourceipaddress AS address`;
const changeColumns = ["time", "account", "region", "service", "call", "principal", "error", "address"];

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
    title: "Who switched off flow logs, query logs, detectors, recorders or other watching",
    columns: [...changeColumns, "parameters", "event"],
    sql: `SELECT ${change}, requestparameters AS parameters, eventid AS event
FROM cloudtrail
WHERE {{scope}}
  AND regexp_like(concat(eventsource, ' ', eventname),
    '^(ec2\\.amazonaws\\.com DeleteFlowLogs|route53resolver\\.amazonaws\\.com (Disassociate|Delete)ResolverQueryLogConfig|guardduty\\.amazonaws\\.com (DeleteDetector|UpdateDetector|DisassociateFromAdministratorAccount|DisassociateFromMasterAccount|DeletePublishingDestination|StopMonitoringMembers|CreateIPSet|CreateFilter)|securityhub\\.amazonaws\\.com (DisableSecurityHub|BatchDisableStandards|DisassociateFromAdministratorAccount)|config\\.amazonaws\\.com (StopConfigurationRecorder|DeleteConfigurationRecorder|DeleteDeliveryChannel)|macie2\\.amazonaws\\.com DisableMacie|inspector2\\.amazonaws\\.com Disable|access-analyzer\\.amazonaws\\.com DeleteAnalyzer|logs\\.amazonaws\\.com (DeleteLogGroup|DeleteLogStream|PutRetentionPolicy))$')
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
    '-ir-(cloudtrail|flow-logs|dns-queries|findings|access-logs|evidence)-')
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
