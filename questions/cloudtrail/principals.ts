import { askCloudTrail, type Parameter } from "../question";
import { principal as caller } from "./columns";

const principal: Parameter = {
  name: "principal",
  kind: "arn",
  about: "ARN of a user, a role or a role's session",
};

/** A role is found by its own ARN and by those of its sessions. */
const isPrincipal =
  "(useridentity.arn = :principal OR useridentity.sessioncontext.sessionissuer.arn = :principal)";

const key: Parameter = {
  name: "key",
  kind: "access-key",
  about: "access key's id, of a user or of a session",
};

const callColumns = ["time", "account", "region", "service", "call", "error", "address", "agent", "event"];
const callFields = `eventtime AS time, account, region, eventsource AS service, eventname AS call,
  errorcode AS error, sourceipaddress AS address, useragent AS agent, eventid AS event`;

export const principals = [
  askCloudTrail({
    id: "who-assumed-role",
    title: "Who assumed this role, from where, under which session name",
    parameters: [{ name: "role", kind: "arn", about: "ARN of the role" }],
    columns: [
      "time",
      "account",
      "region",
      "call",
      "caller",
      "session",
      "source_identity",
      "issued_key",
      "address",
      "error",
      "event",
    ],
    sql: `SELECT eventtime AS time, account, region, eventname AS call,
  ${caller} AS caller,
  json_extract_scalar(requestparameters, '$.roleSessionName') AS session,
  json_extract_scalar(requestparameters, '$.sourceIdentity') AS source_identity,
  json_extract_scalar(responseelements, '$.credentials.accessKeyId') AS issued_key,
  sourceipaddress AS address, errorcode AS error, eventid AS event
FROM cloudtrail
WHERE {{scope}}
  AND eventsource = 'sts.amazonaws.com'
  AND eventname IN ('AssumeRole', 'AssumeRoleWithSAML', 'AssumeRoleWithWebIdentity')
  AND (json_extract_scalar(requestparameters, '$.roleArn') = :role OR strpos(errormessage, :role) > 0)
ORDER BY eventtime`,
  }),
  askCloudTrail({
    id: "what-key-did",
    title: "Everything that this access key did, and from where",
    parameters: [key],
    columns: callColumns,
    sql: `SELECT ${callFields}
FROM cloudtrail
WHERE {{scope}} AND useridentity.accesskeyid = :key
ORDER BY eventtime`,
  }),
  askCloudTrail({
    id: "what-principal-did",
    title: "Everything that this user, role or session did",
    parameters: [principal],
    columns: callColumns,
    sql: `SELECT ${callFields}
FROM cloudtrail
WHERE {{scope}} AND ${isPrincipal}
ORDER BY eventtime`,
  }),
  askCloudTrail({
    id: "what-address-did",
    title: "Everything that came from this address, in all accounts",
    parameters: [{ name: "address", kind: "address", about: "where the calls came from" }],
    columns: ["time", "account", "region", "principal", "key", "service", "call", "error", "agent", "event"],
    sql: `SELECT eventtime AS time, account, region, ${caller} AS principal,
  useridentity.accesskeyid AS key, eventsource AS service, eventname AS call, errorcode AS error,
  useragent AS agent, eventid AS event
FROM cloudtrail
WHERE {{scope}} AND sourceipaddress = :address
ORDER BY eventtime`,
  }),
  askCloudTrail({
    id: "key-first-seen",
    title: "When and from where this access key was used first and last, by address and agent",
    parameters: [key],
    columns: ["address", "agent", "first_seen", "last_seen", "calls", "distinct_calls", "errors"],
    sql: `SELECT sourceipaddress AS address, useragent AS agent, min(eventtime) AS first_seen,
  max(eventtime) AS last_seen, count(*) AS calls, count(DISTINCT eventname) AS distinct_calls,
  count_if(errorcode IS NOT NULL) AS errors
FROM cloudtrail
WHERE {{scope}} AND useridentity.accesskeyid = :key
GROUP BY sourceipaddress, useragent
ORDER BY first_seen`,
  }),
  askCloudTrail({
    id: "principal-first-seen",
    title: "When and from where this user or role was seen first and last, by address and agent",
    parameters: [principal],
    columns: ["address", "agent", "first_seen", "last_seen", "calls", "regions"],
    sql: `SELECT sourceipaddress AS address, useragent AS agent, min(eventtime) AS first_seen,
  max(eventtime) AS last_seen, count(*) AS calls, count(DISTINCT region) AS regions
FROM cloudtrail
WHERE {{scope}} AND ${isPrincipal}
GROUP BY sourceipaddress, useragent
ORDER BY first_seen`,
  }),
  askCloudTrail({
    id: "calls-first-made",
    title: "Which calls this user or role made in the time, each with its first, most recent first",
    parameters: [principal],
    columns: ["service", "call", "first_made", "last_made", "calls", "errors"],
    sql: `SELECT eventsource AS service, eventname AS call, min(eventtime) AS first_made,
  max(eventtime) AS last_made, count(*) AS calls, count_if(errorcode IS NOT NULL) AS errors
FROM cloudtrail
WHERE {{scope}} AND ${isPrincipal}
GROUP BY eventsource, eventname
ORDER BY first_made DESC`,
  }),
  askCloudTrail({
    id: "sessions-opened-by",
    title: "Which sessions a user, role or session has opened: where it went next",
    parameters: [principal],
    columns: ["time", "account", "region", "call", "role", "session", "issued_key", "address", "event"],
    sql: `SELECT eventtime AS time, account, region, eventname AS call,
  json_extract_scalar(requestparameters, '$.roleArn') AS role,
  coalesce(json_extract_scalar(requestparameters, '$.roleSessionName'),
    json_extract_scalar(requestparameters, '$.name')) AS session,
  json_extract_scalar(responseelements, '$.credentials.accessKeyId') AS issued_key,
  sourceipaddress AS address, eventid AS event
FROM cloudtrail
WHERE {{scope}}
  AND eventname IN ('AssumeRole', 'GetFederationToken', 'GetSessionToken')
  AND errorcode IS NULL
  AND ${isPrincipal}
ORDER BY eventtime`,
  }),
  askCloudTrail({
    id: "denied-calls",
    title: "Who was denied most, and what they tried: somebody who feels their way",
    days: 7,
    parameters: [{ name: "least", kind: "number", about: "fewest distinct calls denied", otherwise: "10" }],
    columns: ["account", "principal", "address", "distinct_calls", "denied", "first_denied", "last_denied"],
    sql: `SELECT account, ${caller} AS principal, sourceipaddress AS address,
  count(DISTINCT eventname) AS distinct_calls, count(*) AS denied,
  min(eventtime) AS first_denied, max(eventtime) AS last_denied
FROM cloudtrail
WHERE {{scope}}
  AND regexp_like(errorcode, '^(Client\\.)?(AccessDenied|UnauthorizedOperation)')
GROUP BY account, ${caller}, sourceipaddress
HAVING count(DISTINCT eventname) >= :least
ORDER BY distinct_calls DESC, account, principal, address`,
  }),
  askCloudTrail({
    id: "caller-identity-asked",
    title: "Who asked who they are: often the first call with a stolen key",
    days: 7,
    columns: ["time", "account", "region", "principal", "key", "address", "agent", "event"],
    sql: `SELECT eventtime AS time, account, region, ${caller} AS principal,
  useridentity.accesskeyid AS key, sourceipaddress AS address, useragent AS agent, eventid AS event
FROM cloudtrail
WHERE {{scope}}
  AND eventsource = 'sts.amazonaws.com' AND eventname = 'GetCallerIdentity'
  AND useridentity.type IN ('IAMUser', 'Root')
  AND vpcendpointid IS NULL
ORDER BY eventtime`,
  }),
  askCloudTrail({
    id: "what-person-did",
    title: "Everything that sessions with this source identity did: one person, through whatever roles",
    parameters: [{ name: "person", kind: "source-identity", about: "source identity of the sessions" }],
    columns: [
      "time",
      "account",
      "region",
      "principal",
      "service",
      "call",
      "error",
      "address",
      "agent",
      "event",
    ],
    sql: `SELECT eventtime AS time, account, region, ${caller} AS principal, eventsource AS service,
  eventname AS call, errorcode AS error, sourceipaddress AS address, useragent AS agent, eventid AS event
FROM cloudtrail
WHERE {{scope}}
  AND useridentity.sessioncontext.sourceidentity = :person
ORDER BY eventtime`,
  }),
  askCloudTrail({
    id: "root-sessions-opened",
    title: "Which short sessions as a member's root were opened centrally, by whom and for which task",
    columns: ["time", "account", "region", "principal", "member", "task", "address", "error", "event"],
    sql: `SELECT eventtime AS time, account, region, ${caller} AS principal,
  json_extract_scalar(requestparameters, '$.targetPrincipal') AS member,
  json_extract_scalar(requestparameters, '$.taskPolicyArn.arn') AS task, sourceipaddress AS address,
  errorcode AS error, eventid AS event
FROM cloudtrail
WHERE {{scope}}
  AND eventsource = 'sts.amazonaws.com'
  AND eventname = 'AssumeRoot'
ORDER BY eventtime`,
  }),
];
