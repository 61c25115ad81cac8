/**
 * Who called. Some callers have no ARN: a principal of another account, as the owner of a bucket sees it, has an
 * account and an id, and a service of AWS has its name. Source: "CloudTrail userIdentity element" (AWS CloudTrail user
 * guide).
 */
export const principal = `coalesce(useridentity.arn, useridentity.accountid || ':' || useridentity.principalid,
    useridentity.invokedby, useridentity.principalid, useridentity.username)`;

/** What a change is told by: when, where, who, whether it succeeded, and where from. */
export const change = `eventtime AS time, account, region, eventsource AS service, eventname AS call,
  ${principal} AS principal, errorcode AS error, sourceipaddress AS address`;
export const changeColumns = [
  "time",
  "account",
  "region",
  "service",
  "call",
  "principal",
  "error",
  "address",
] as const;

/** Whether an event is one of these calls; each is a regular expression of a call's name. */
export const isCall = (services: Readonly<Record<string, readonly string[]>>): string => {
  const patterns = Object.entries(services).map(
    ([service, names]) => `${service}\\.amazonaws\\.com (${names.join("|")})`,
  );
  return `regexp_like(concat(eventsource, ' ', eventname), '^(${patterns.join("|")})$')`;
};
