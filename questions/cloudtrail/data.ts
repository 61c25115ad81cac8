import { askCloudTrail, type Parameter } from "../question";
import { principal } from "./columns";

const bucket: Parameter = { name: "bucket", kind: "bucket", about: "name of the bucket" };

const access = `eventtime AS time, account, region, eventname AS call, ${principal} AS principal,
  useridentity.accesskeyid AS key, sourceipaddress AS address, errorcode AS error`;
const accessColumns = ["time", "account", "region", "call", "principal", "key", "address", "error"];

export const data = [
  askCloudTrail({
    id: "objects-read",
    title: "Who read objects of this bucket or copied them elsewhere, and how many bytes went out",
    // A copy is recorded as a write.
    evidence: ["s3-read", "s3-write"],
    days: 30,
    parameters: [bucket],
    columns: [
      "account",
      "call",
      "principal",
      "key",
      "address",
      "objects",
      "bytes_out",
      "first_read",
      "last_read",
    ],
    sql: `SELECT account, eventname AS call, ${principal} AS principal, useridentity.accesskeyid AS key,
  sourceipaddress AS address,
  count(DISTINCT coalesce(json_extract_scalar(requestparameters, '$["x-amz-copy-source"]'),
    json_extract_scalar(requestparameters, '$.key'))) AS objects,
  sum(CAST(json_extract_scalar(additionaleventdata, '$.bytesTransferredOut') AS double)) AS bytes_out,
  min(eventtime) AS first_read, max(eventtime) AS last_read
FROM cloudtrail
WHERE {{scope}}
  AND eventsource = 's3.amazonaws.com'
  AND errorcode IS NULL
  AND ((eventname IN ('GetObject', 'SelectObjectContent', 'GetObjectTorrent')
      AND json_extract_scalar(requestparameters, '$.bucketName') = :bucket)
    OR (eventname IN ('CopyObject', 'UploadPartCopy')
      AND regexp_extract(json_extract_scalar(requestparameters, '$["x-amz-copy-source"]'), '^/?([^/%?]+)', 1) = :bucket))
GROUP BY account, eventname, ${principal}, useridentity.accesskeyid, sourceipaddress
ORDER BY bytes_out DESC, call, principal, address`,
  }),
  askCloudTrail({
    id: "objects-changed",
    title: "Who wrote or deleted objects of this bucket, or opened them to others",
    evidence: ["s3-write"],
    days: 30,
    parameters: [bucket],
    columns: [...accessColumns, "object", "key_of_encryption", "event"],
    sql: `SELECT ${access}, json_extract_scalar(requestparameters, '$.key') AS object,
  json_extract_scalar(requestparameters, '$["x-amz-server-side-encryption-aws-kms-key-id"]') AS key_of_encryption,
  eventid AS event
FROM cloudtrail
WHERE {{scope}}
  AND eventsource = 's3.amazonaws.com'
  AND eventname IN ('PutObject', 'CopyObject', 'CompleteMultipartUpload', 'DeleteObject', 'DeleteObjects', 'PutObjectAcl')
  AND json_extract_scalar(requestparameters, '$.bucketName') = :bucket
ORDER BY eventtime`,
  }),
  askCloudTrail({
    id: "secrets-read",
    title: "Who read secrets and encrypted parameters",
    days: 30,
    columns: [...accessColumns, "secret", "event"],
    sql: `SELECT ${access},
  coalesce(json_extract_scalar(requestparameters, '$.secretId'),
    json_extract_scalar(requestparameters, '$.name'),
    json_format(json_extract(requestparameters, '$.names')),
    json_format(json_extract(requestparameters, '$.secretIdList')),
    json_extract_scalar(requestparameters, '$.path')) AS secret, eventid AS event
FROM cloudtrail
WHERE {{scope}}
  AND useridentity.invokedby IS NULL
  AND ((eventsource = 'secretsmanager.amazonaws.com' AND eventname IN ('GetSecretValue', 'BatchGetSecretValue'))
    OR (eventsource = 'ssm.amazonaws.com' AND eventname IN ('GetParameter', 'GetParameters', 'GetParametersByPath')
      AND json_extract_scalar(requestparameters, '$.withDecryption') = 'true'))
ORDER BY eventtime`,
  }),
  askCloudTrail({
    id: "passwords-of-instances-read",
    title: "Who asked for the administrator's password of Windows instances",
    columns: [...accessColumns, "instance", "event"],
    sql: `SELECT ${access}, json_extract_scalar(requestparameters, '$.instanceId') AS instance, eventid AS event
FROM cloudtrail
WHERE {{scope}} AND eventsource = 'ec2.amazonaws.com' AND eventname = 'GetPasswordData'
ORDER BY eventtime`,
  }),
];
