import type { Row } from "../../cli/query/duckdb";
import {
  agent,
  attack,
  bucket,
  dropAddress,
  flowStart,
  implant,
  key,
  person,
  quiet,
  role,
  second,
  session,
  sessionKey,
  stranger,
  thief,
  timeOf,
  user,
} from "./attack";
import type { CloudTrailRecord } from "./log-files";
import { production, vpcOf } from "./organization";

/** What a question must answer: exactly these rows, in this order. */
export interface Answer {
  readonly values: Readonly<Record<string, string>>;
  readonly rows: readonly Row[];
}

type Value = Row[string];

/** A value inside a record, by its path. */
function dig(record: CloudTrailRecord, path: string): Value {
  const found = path
    .split(".")
    .reduce<unknown>((value, name) => (value as Record<string, unknown> | null | undefined)?.[name], record);
  if (found === undefined || found === null) return null;
  return typeof found === "object" ? JSON.stringify(found) : (found as Value);
}

const first = (record: CloudTrailRecord, ...paths: string[]): Value =>
  paths.map((path) => dig(record, path)).find((value) => value !== null) ?? null;

type Projection = Readonly<Record<string, string | ((record: CloudTrailRecord) => Value)>>;

const project = (record: CloudTrailRecord, projection: Projection): Row =>
  Object.fromEntries(
    Object.entries(projection).map(([column, from]) => [
      column,
      typeof from === "string" ? dig(record, from) : from(record),
    ]),
  );

const records = (keep: (record: CloudTrailRecord) => boolean): CloudTrailRecord[] =>
  attack.map(({ record }) => record).filter(keep);

const answering = (question: string): CloudTrailRecord[] =>
  attack.filter(({ answers }) => answers.includes(question)).map(({ record }) => record);

const place = { time: "eventTime", account: "recipientAccountId", region: "awsRegion" };
const callerOf = (record: CloudTrailRecord): Value =>
  dig(record, "userIdentity.arn") ??
  `${dig(record, "userIdentity.accountId")}:${dig(record, "userIdentity.principalId")}`;
const who = { principal: callerOf };
const change = {
  ...place,
  service: "eventSource",
  call: "eventName",
  ...who,
  error: "errorCode",
  address: "sourceIPAddress",
};
const access = {
  ...place,
  call: "eventName",
  ...who,
  key: "userIdentity.accessKeyId",
  address: "sourceIPAddress",
  error: "errorCode",
};
const id = { event: "eventID" };
const call = { ...place, service: "eventSource", call: "eventName", error: "errorCode" };
const parameter = (name: string) => `requestParameters.${name}`;

const planted = (question: string, projection: Projection, values = {}): [string, Answer] => [
  question,
  { values, rows: answering(question).map((record) => project(record, projection)) },
];

const matching = (
  question: string,
  values: Record<string, string>,
  keep: (record: CloudTrailRecord) => boolean,
  projection: Projection,
): [string, Answer] => [
  question,
  { values, rows: records(keep).map((record) => project(record, projection)) },
];

const isUser = (record: CloudTrailRecord) => dig(record, "userIdentity.arn") === user;
const byKey = (record: CloudTrailRecord) => dig(record, "userIdentity.accessKeyId") === key;
const bySession = (record: CloudTrailRecord) => dig(record, "userIdentity.accessKeyId") === sessionKey;

const span = (events: readonly CloudTrailRecord[]) => {
  const times = events.map(({ eventTime }) => eventTime).sort();
  return { first: times[0] ?? null, last: times[times.length - 1] ?? null };
};
const distinct = (events: readonly CloudTrailRecord[], path: string): number =>
  new Set(events.map((record) => dig(record, path))).size;

const byUser = records(isUser);
const deniedByUser = answering("denied-calls");
const withKey = records(byKey);
const errorsOf = (events: readonly CloudTrailRecord[]) =>
  events.filter(({ errorCode }) => errorCode !== undefined).length;

const calls = [...new Set(records(bySession).map(({ eventName }) => eventName))].map((name) => {
  const events = records(bySession).filter(({ eventName }) => eventName === name);
  return {
    service: "s3.amazonaws.com",
    call: name,
    first_made: span(events).first,
    last_made: span(events).last,
    calls: events.length,
    errors: 0,
  };
});

const failures = answering("failed-sign-ins").filter(
  (record) => dig(record, "responseElements.ConsoleLogin") === "Failure",
);
const readBy = (name: string, principal: string, more: Row): Row => {
  const events = answering("objects-read").filter(
    (record) => record.eventName === name && callerOf(record) === principal,
  );
  return {
    account: production,
    call: name,
    principal,
    ...more,
    first_read: span(events).first,
    last_read: span(events).last,
  };
};

const minute = (number: number): string =>
  new Date((flowStart + number * 60) * 1000).toISOString().slice(0, 19).replace("T", " ");
const endOf = (number: number): string =>
  new Date((flowStart + number * 60 + 59) * 1000).toISOString().slice(0, 19).replace("T", " ");
const here = { account: production, region: "eu-west-1" };
const implantInterface = "eni-0fedcba9876543210";

/** For each question, what an investigator would find in the planted logs, and nothing of ordinary life. */
export const answers: ReadonlyMap<string, Answer> = new Map<string, Answer>([
  planted(
    "who-assumed-role",
    {
      ...place,
      call: "eventName",
      caller: "userIdentity.arn",
      session: parameter("roleSessionName"),
      source_identity: () => null,
      issued_key: "responseElements.credentials.accessKeyId",
      address: "sourceIPAddress",
      error: "errorCode",
      ...id,
    },
    { role },
  ),
  matching("what-key-did", { key }, byKey, {
    ...call,
    address: "sourceIPAddress",
    agent: "userAgent",
    ...id,
  }),
  matching("what-principal-did", { principal: session }, bySession, {
    ...call,
    address: "sourceIPAddress",
    agent: "userAgent",
    ...id,
  }),
  matching("what-address-did", { address: second }, (record) => record.sourceIPAddress === second, {
    ...place,
    ...who,
    key: "userIdentity.accessKeyId",
    service: "eventSource",
    call: "eventName",
    error: "errorCode",
    agent: "userAgent",
    ...id,
  }),
  [
    "key-first-seen",
    {
      values: { key },
      rows: [
        {
          address: thief,
          agent,
          first_seen: span(withKey).first,
          last_seen: span(withKey).last,
          calls: withKey.length,
          distinct_calls: distinct(withKey, "eventName"),
          errors: errorsOf(withKey),
        },
      ],
    },
  ],
  [
    "principal-first-seen",
    {
      values: { principal: user },
      rows: [
        {
          address: thief,
          agent,
          first_seen: span(byUser).first,
          last_seen: span(byUser).last,
          calls: byUser.length,
          regions: 1,
        },
      ],
    },
  ],
  ["calls-first-made", { values: { principal: role }, rows: calls.reverse() }],
  planted(
    "sessions-opened-by",
    {
      ...place,
      call: "eventName",
      role: parameter("roleArn"),
      session: (record) => first(record, parameter("roleSessionName"), parameter("name")),
      issued_key: "responseElements.credentials.accessKeyId",
      address: "sourceIPAddress",
      ...id,
    },
    { principal: user },
  ),
  [
    "denied-calls",
    {
      values: {},
      rows: [
        {
          account: production,
          principal: user,
          address: thief,
          distinct_calls: new Set(
            [
              ...byUser.filter(
                ({ errorCode, recipientAccountId }) =>
                  errorCode !== undefined && recipientAccountId === production,
              ),
            ].map(({ eventName }) => eventName),
          ).size,
          denied: byUser.filter(
            ({ errorCode, recipientAccountId }) =>
              errorCode !== undefined && recipientAccountId === production,
          ).length,
          first_denied: span(deniedByUser).first,
          last_denied: span(
            byUser.filter(
              ({ errorCode, recipientAccountId }) =>
                errorCode !== undefined && recipientAccountId === production,
            ),
          ).last,
        },
      ],
    },
  ],
  planted(
    "what-person-did",
    {
      ...place,
      ...who,
      service: "eventSource",
      call: "eventName",
      error: "errorCode",
      address: "sourceIPAddress",
      agent: "userAgent",
      ...id,
    },
    { person },
  ),
  planted("root-sessions-opened", {
    ...place,
    ...who,
    member: parameter("targetPrincipal"),
    task: parameter("taskPolicyArn.arn"),
    address: "sourceIPAddress",
    error: "errorCode",
    ...id,
  }),
  planted("identity-center-changed", { ...change, parameters: "requestParameters", ...id }),
  planted("caller-identity-asked", {
    ...place,
    ...who,
    key: "userIdentity.accessKeyId",
    address: "sourceIPAddress",
    agent: "userAgent",
    ...id,
  }),
  planted("sign-ins-without-mfa", {
    time: "eventTime",
    account: "recipientAccountId",
    type: "userIdentity.type",
    user_name: "userIdentity.userName",
    address: "sourceIPAddress",
    agent: "userAgent",
    ...id,
  }),
  [
    "failed-sign-ins",
    {
      values: {},
      rows: [
        {
          account: production,
          address: second,
          failures: 6,
          user_names: 1,
          first_failure: span(failures).first,
          last_failure: span(failures).last,
          // Anna's, and root's.
          successes: 2,
        },
      ],
    },
  ],
  planted("what-root-did", { ...call, address: "sourceIPAddress", agent: "userAgent", ...id }),
  planted("credentials-made", {
    ...change,
    for_user: parameter("userName"),
    made_key: "responseElements.accessKey.accessKeyId",
    ...id,
  }),
  planted("users-made", {
    ...change,
    user_name: parameter("userName"),
    group_name: parameter("groupName"),
    ...id,
  }),
  planted("roles-made", {
    ...change,
    role_name: parameter("roleName"),
    trust: parameter("assumeRolePolicyDocument"),
    ...id,
  }),
  planted("trusts-changed", {
    ...change,
    changed: (record) => first(record, parameter("roleName"), parameter("name")),
    document: parameter("policyDocument"),
    ...id,
  }),
  planted("permissions-changed", {
    ...change,
    changed: (record) => first(record, parameter("userName"), parameter("roleName")),
    policy: (record) =>
      first(record, parameter("policyArn"), parameter("permissionsBoundary"), parameter("policyName")),
    document: parameter("policyDocument"),
    ...id,
  }),
  planted("functions-changed", {
    ...change,
    function_name: parameter("functionName"),
    role: () => null,
    ...id,
  }),
  planted("instances-launched", {
    ...change,
    instance_type: parameter("instanceType"),
    image: () => "ami-1",
    first_instance: () => implant,
    profile: () => `arn:aws:iam::${production}:instance-profile/x`,
    ...id,
  }),
  planted("commands-run", {
    ...change,
    document: parameter("documentName"),
    targets: (record) =>
      [parameter("instanceIds"), parameter("targets"), parameter("target"), parameter("instanceId")]
        .map((path) => dig(record, path))
        .find((value) => value !== null && value !== "[]") ?? null,
    ...id,
  }),
  planted("snapshots-shared", {
    ...change,
    snapshot: parameter("snapshotId"),
    shared_with: () => '[{"userId":"999999999999"}]',
    ...id,
  }),
  planted("images-shared", {
    ...change,
    image: parameter("imageId"),
    shared_with: () => '[{"group":"all"}]',
    ...id,
  }),
  planted("database-snapshots-shared", {
    ...change,
    snapshot: (record) => first(record, parameter("dBSnapshotIdentifier"), parameter("sourceArn")),
    shared_with: parameter("valuesToAdd"),
    bucket: parameter("s3BucketName"),
    ...id,
  }),
  planted("buckets-opened", {
    ...change,
    bucket: parameter("bucketName"),
    parameters: "requestParameters",
    ...id,
  }),
  planted("ports-opened", {
    ...change,
    security_group: () => "sg-0aaa",
    parameters: "requestParameters",
    ...id,
  }),
  [
    "objects-read",
    {
      values: { bucket },
      rows: [
        readBy("GetObject", session, {
          key: sessionKey,
          address: thief,
          objects: 3,
          bytes_out: 6_000_000,
        }),
        readBy("GetObject", `${stranger.accountId}:${stranger.principalId}`, {
          key: null,
          address: second,
          objects: 1,
          bytes_out: 500,
        }),
        readBy("CopyObject", `${stranger.accountId}:${stranger.principalId}`, {
          key: null,
          address: second,
          objects: 2,
          bytes_out: null,
        }),
      ],
    },
  ],
  planted(
    "objects-changed",
    {
      ...access,
      object: parameter("key"),
      key_of_encryption: parameter("x-amz-server-side-encryption-aws-kms-key-id"),
      ...id,
    },
    { bucket },
  ),
  planted("secrets-read", {
    ...access,
    secret: (record) => first(record, parameter("secretId"), parameter("name")),
    ...id,
  }),
  planted("passwords-of-instances-read", { ...access, instance: parameter("instanceId"), ...id }),
  planted("trails-touched", {
    ...change,
    trail: (record) => first(record, parameter("name"), parameter("trailName")),
    ...id,
  }),
  planted("watching-switched-off", { ...change, parameters: "requestParameters", ...id }),
  planted("log-objects-touched", {
    ...change,
    bucket: parameter("bucketName"),
    object: parameter("key"),
    ...id,
  }),
  planted("encryption-keys-endangered", { ...change, encryption_key: parameter("keyId"), ...id }),
  planted("organization-changed", { ...change, parameters: "requestParameters", ...id }),
  [
    "what-instance-talked-to",
    {
      values: { instance: implant },
      rows: [
        {
          ...here,
          peer: dropAddress,
          port: 443,
          protocol: 6,
          bytes_in: 0,
          bytes_out: 170_000_000,
          first_seen: minute(2),
          last_seen: endOf(3),
          rejected: 0,
        },
        {
          ...here,
          peer: thief,
          port: 443,
          protocol: 6,
          bytes_in: 900,
          bytes_out: 12_000,
          first_seen: minute(0),
          last_seen: endOf(1),
          rejected: 0,
        },
        {
          ...here,
          peer: "10.0.1.5",
          port: 5432,
          protocol: 6,
          bytes_in: 0,
          bytes_out: 400,
          first_seen: minute(4),
          last_seen: endOf(4),
          rejected: 0,
        },
        {
          ...here,
          peer: thief,
          port: 22,
          protocol: 6,
          bytes_in: 3_000,
          bytes_out: 0,
          first_seen: minute(5),
          last_seen: endOf(5),
          rejected: 0,
        },
      ],
    },
  ],
  [
    "bytes-out-by-destination",
    {
      values: { instance: implant },
      rows: [
        {
          ...here,
          destination: dropAddress,
          bytes_out: 170_000_000,
          connections: 1,
          first_seen: minute(2),
          last_seen: endOf(3),
        },
        {
          ...here,
          destination: thief,
          bytes_out: 12_000,
          connections: 2,
          first_seen: minute(0),
          last_seen: endOf(1),
        },
      ],
    },
  ],
  [
    "most-bytes-out",
    {
      values: {},
      rows: [
        {
          ...here,
          instance: implant,
          interface: implantInterface,
          bytes_out: 170_012_000,
          destinations: 2,
          largest_to: dropAddress,
          first_seen: minute(0),
          last_seen: endOf(3),
        },
      ],
    },
  ],
  [
    "who-talked-to-address",
    {
      values: { address: thief },
      rows: [
        {
          ...here,
          vpc: vpcOf(production),
          instance: implant,
          interface: implantInterface,
          port: 443,
          bytes: 12_900,
          first_seen: minute(0),
          last_seen: endOf(1),
          accepted: 3,
          rejected: 0,
        },
        {
          ...here,
          vpc: vpcOf(production),
          instance: implant,
          interface: implantInterface,
          port: 22,
          bytes: 3_000,
          first_seen: minute(5),
          last_seen: endOf(5),
          accepted: 1,
          rejected: 0,
        },
      ],
    },
  ],
  [
    "ports-probed",
    {
      values: {},
      rows: [
        {
          ...here,
          interface: "eni-0aaaaaaaaaaaaaaaa",
          source: second,
          ports: 25,
          first_seen: minute(6),
          last_seen: endOf(6),
        },
      ],
    },
  ],
  [
    "reached-from-internet",
    {
      values: {},
      rows: [
        {
          ...here,
          interface: implantInterface,
          instance: implant,
          port: 22,
          protocol: 6,
          sources: 1,
          bytes: 3_000,
          first_seen: minute(5),
          last_seen: endOf(5),
        },
      ],
    },
  ],
  [
    "which-names-instance-looked-up",
    {
      values: { instance: implant },
      rows: [
        {
          ...here,
          name: "drop.evil.example.",
          type: "A",
          queries: 2,
          first_seen: timeOf(0),
          last_seen: timeOf(1),
          not_found: 0,
        },
        {
          ...here,
          name: "Evil.example.",
          type: "A",
          queries: 1,
          first_seen: timeOf(2),
          last_seen: timeOf(2),
          not_found: 0,
        },
        {
          ...here,
          name: "pool.miner.example.",
          type: "A",
          queries: 1,
          first_seen: timeOf(3),
          last_seen: timeOf(3),
          not_found: 1,
        },
        ...Array.from({ length: 60 }, (_, index) => ({
          ...here,
          name: `${index.toString(16).padStart(12, "0")}.tunnel.example.`,
          type: "A",
          queries: 1,
          first_seen: timeOf(4),
          last_seen: timeOf(4),
          not_found: 0,
        })),
      ],
    },
  ],
  [
    "who-looked-up-name",
    {
      values: { domain: "evil.example" },
      rows: [
        {
          ...here,
          vpc: vpcOf(production),
          instance: implant,
          address: "10.0.7.7",
          name: "drop.evil.example.",
          queries: 2,
          first_seen: timeOf(0),
          last_seen: timeOf(1),
        },
        {
          ...here,
          vpc: vpcOf(production),
          instance: implant,
          address: "10.0.7.7",
          name: "Evil.example.",
          queries: 1,
          first_seen: timeOf(2),
          last_seen: timeOf(2),
        },
      ],
    },
  ],
  [
    "rare-names",
    {
      values: {},
      rows: [
        {
          ...here,
          instance: implant,
          domain: "tunnel.example",
          names: 60,
          queries: 60,
          first_seen: timeOf(4),
          last_seen: timeOf(4),
        },
        {
          ...here,
          instance: quiet,
          domain: "exfil.co.uk",
          names: 55,
          queries: 55,
          first_seen: timeOf(5),
          last_seen: timeOf(5),
        },
      ],
    },
  ],
  [
    "names-blocked",
    {
      values: {},
      rows: [
        {
          ...here,
          vpc: vpcOf(production),
          instance: implant,
          name: "pool.miner.example.",
          action: "BLOCK",
          queries: 1,
          first_seen: timeOf(3),
          last_seen: timeOf(3),
        },
      ],
    },
  ],
]);
