import { askCloudTrail } from "../question";

export const signIns = [
  askCloudTrail({
    id: "sign-ins-without-mfa",
    title: "Who signed in to the console without a second factor of IAM's",
    columns: ["time", "account", "type", "user_name", "address", "agent", "event"],
    sql: `SELECT eventtime AS time, account, useridentity.type AS type, useridentity.username AS user_name,
  sourceipaddress AS address, useragent AS agent, eventid AS event
FROM cloudtrail
WHERE {{scope}}
  AND eventsource = 'signin.amazonaws.com'
  AND eventname = 'ConsoleLogin'
  AND json_extract_scalar(responseelements, '$.ConsoleLogin') = 'Success'
  AND lower(json_extract_scalar(additionaleventdata, '$.MFAUsed')) = 'no'
  AND useridentity.type IN ('IAMUser', 'Root')
ORDER BY eventtime`,
  }),
  askCloudTrail({
    id: "failed-sign-ins",
    title: "Which addresses failed to sign in, how often, and whether they got in after all",
    days: 30,
    parameters: [{ name: "least", kind: "number", about: "fewest failures", otherwise: "5" }],
    columns: ["account", "address", "failures", "user_names", "first_failure", "last_failure", "successes"],
    sql: `SELECT account, sourceipaddress AS address,
  count_if(json_extract_scalar(responseelements, '$.ConsoleLogin') = 'Failure') AS failures,
  count(DISTINCT useridentity.username) AS user_names,
  min(CASE WHEN json_extract_scalar(responseelements, '$.ConsoleLogin') = 'Failure' THEN eventtime END) AS first_failure,
  max(CASE WHEN json_extract_scalar(responseelements, '$.ConsoleLogin') = 'Failure' THEN eventtime END) AS last_failure,
  count_if(json_extract_scalar(responseelements, '$.ConsoleLogin') = 'Success') AS successes
FROM cloudtrail
WHERE {{scope}} AND eventsource = 'signin.amazonaws.com' AND eventname = 'ConsoleLogin'
GROUP BY account, sourceipaddress
HAVING count_if(json_extract_scalar(responseelements, '$.ConsoleLogin') = 'Failure') >= :least
ORDER BY failures DESC, account, address`,
  }),
  askCloudTrail({
    id: "what-root-did",
    title: "What a root user did, in any account",
    columns: ["time", "account", "region", "service", "call", "error", "address", "agent", "event"],
    sql: `SELECT eventtime AS time, account, region, eventsource AS service, eventname AS call,
  errorcode AS error, sourceipaddress AS address, useragent AS agent, eventid AS event
FROM cloudtrail
WHERE {{scope}} AND useridentity.type = 'Root' AND useridentity.invokedby IS NULL
ORDER BY eventtime`,
  }),
];
