import { askCloudTrail } from "../question";
import { change, changeColumns } from "./columns";

export const exposure = [
  askCloudTrail({
    id: "snapshots-shared",
    title: "Which volumes' snapshots were shared, and with whom",
    columns: [...changeColumns, "snapshot", "shared_with", "event"],
    sql: `SELECT ${change}, json_extract_scalar(requestparameters, '$.snapshotId') AS snapshot,
  json_format(json_extract(requestparameters, '$.createVolumePermission.add.items')) AS shared_with,
  eventid AS event
FROM cloudtrail
WHERE {{scope}}
  AND eventsource = 'ec2.amazonaws.com' AND eventname = 'ModifySnapshotAttribute'
  AND json_extract(requestparameters, '$.createVolumePermission.add') IS NOT NULL
ORDER BY eventtime`,
  }),
  askCloudTrail({
    id: "images-shared",
    title: "Which machine images were shared, and with whom",
    columns: [...changeColumns, "image", "shared_with", "event"],
    sql: `SELECT ${change}, json_extract_scalar(requestparameters, '$.imageId') AS image,
  json_format(json_extract(requestparameters, '$.launchPermission.add.items')) AS shared_with,
  eventid AS event
FROM cloudtrail
WHERE {{scope}}
  AND eventsource = 'ec2.amazonaws.com' AND eventname = 'ModifyImageAttribute'
  AND json_extract(requestparameters, '$.launchPermission.add') IS NOT NULL
ORDER BY eventtime`,
  }),
  askCloudTrail({
    id: "database-snapshots-shared",
    title: "Which snapshots of databases were shared or exported, and where to",
    columns: [...changeColumns, "snapshot", "shared_with", "bucket", "event"],
    sql: `SELECT ${change},
  coalesce(json_extract_scalar(requestparameters, '$.dBSnapshotIdentifier'),
    json_extract_scalar(requestparameters, '$.dBClusterSnapshotIdentifier'),
    json_extract_scalar(requestparameters, '$.sourceArn')) AS snapshot,
  json_format(json_extract(requestparameters, '$.valuesToAdd')) AS shared_with,
  json_extract_scalar(requestparameters, '$.s3BucketName') AS bucket, eventid AS event
FROM cloudtrail
WHERE {{scope}}
  AND eventsource = 'rds.amazonaws.com'
  AND (eventname = 'StartExportTask'
    OR (eventname IN ('ModifyDBSnapshotAttribute', 'ModifyDBClusterSnapshotAttribute')
      AND json_extract(requestparameters, '$.valuesToAdd') IS NOT NULL))
ORDER BY eventtime`,
  }),
  askCloudTrail({
    id: "buckets-opened",
    title: "Whose policy, access list or public access block of buckets was changed",
    columns: [...changeColumns, "bucket", "parameters", "event"],
    sql: `SELECT ${change}, json_extract_scalar(requestparameters, '$.bucketName') AS bucket,
  requestparameters AS parameters, eventid AS event
FROM cloudtrail
WHERE {{scope}}
  AND eventsource IN ('s3.amazonaws.com', 's3-control.amazonaws.com')
  AND eventname IN ('PutBucketPolicy', 'DeleteBucketPolicy', 'PutBucketAcl', 'PutBucketReplication',
    'PutBucketPublicAccessBlock', 'DeleteBucketPublicAccessBlock', 'PutAccountPublicAccessBlock',
    'DeleteAccountPublicAccessBlock')
ORDER BY eventtime`,
  }),
  askCloudTrail({
    id: "ports-opened",
    title: "Which security groups were opened to the whole internet",
    columns: [...changeColumns, "security_group", "parameters", "event"],
    sql: `SELECT ${change},
  coalesce(json_extract_scalar(requestparameters, '$.groupId'),
    json_extract_scalar(requestparameters, '$.ModifySecurityGroupRulesRequest.GroupId')) AS security_group,
  requestparameters AS parameters, eventid AS event
FROM cloudtrail
WHERE {{scope}}
  AND eventsource = 'ec2.amazonaws.com'
  AND eventname IN ('AuthorizeSecurityGroupIngress', 'ModifySecurityGroupRules')
  AND regexp_like(requestparameters, '"(0\\.0\\.0\\.0/0|::/0)"')
ORDER BY eventtime`,
  }),
];
