import type { CloudTrailRecord, DnsQuery, Flow } from "./log-files";
import { accounts, days, regions, vpcOf } from "./organization";

/** The same numbers in every run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const pick = <T>(items: readonly T[], next: (below: number) => number): T => items[next(items.length)] as T;
const two = (value: number): string => String(value).padStart(2, "0");
const officeAddress = (next: (below: number) => number): string => `192.0.2.${next(200) + 1}`;

interface Call {
  readonly source: string;
  readonly name: string;
  readonly [field: string]: unknown;
}

/** What happens all day, and what looks like an attack and is none. */
const calls: readonly Call[] = [
  { source: "ec2", name: "DescribeInstances", readOnly: true },
  { source: "ec2", name: "DescribeSecurityGroups", readOnly: true },
  { source: "s3", name: "ListBuckets", readOnly: true },
  { source: "iam", name: "GetRole", readOnly: true, requestParameters: { roleName: "app" } },
  { source: "organizations", name: "ListAccounts", readOnly: true },
  { source: "kms", name: "Decrypt", readOnly: true },
  { source: "lambda", name: "Invoke", readOnly: false },
  { source: "logs", name: "CreateLogStream", readOnly: false },
  { source: "cloudtrail", name: "DescribeTrails", readOnly: true },
  { source: "guardduty", name: "ListFindings", readOnly: true },
  {
    source: "s3",
    name: "PutObject",
    readOnly: false,
    requestParameters: { bucketName: "app-data", key: "a" },
  },
  {
    source: "s3",
    name: "DeleteObject",
    readOnly: false,
    requestParameters: { bucketName: "app-data", key: "b" },
  },
  {
    source: "s3",
    name: "GetObject",
    readOnly: true,
    requestParameters: { bucketName: "app-data", key: "c" },
    additionalEventData: { bytesTransferredOut: 100 },
  },
  // A parameter that is read without being decrypted, and a snapshot that is shared no longer.
  {
    source: "ssm",
    name: "GetParameter",
    readOnly: true,
    requestParameters: { name: "/a", withDecryption: false },
  },
  {
    source: "ec2",
    name: "ModifySnapshotAttribute",
    readOnly: false,
    requestParameters: {
      snapshotId: "snap-1",
      createVolumePermission: { remove: { items: [{ userId: "1" }] } },
    },
  },
  {
    source: "ec2",
    name: "AuthorizeSecurityGroupIngress",
    readOnly: false,
    requestParameters: {
      groupId: "sg-1",
      ipPermissions: { items: [{ ipProtocol: "tcp", ipRanges: { items: [{ cidrIp: "10.0.0.0/8" }] } }] },
    },
  },
  {
    source: "rds",
    name: "ModifyDBSnapshotAttribute",
    readOnly: false,
    requestParameters: { dBSnapshotIdentifier: "d", attributeName: "restore", valuesToRemove: ["1"] },
  },
  { source: "kms", name: "EnableKeyRotation", readOnly: false, requestParameters: { keyId: "k" } },
  { source: "sts", name: "GetCallerIdentity", readOnly: true },
];

/** Sessions of the application's role; never of a user. */
export function* benignEvents(count: number): Generator<CloudTrailRecord> {
  const next = numbers(1);
  for (let index = 0; index < count; index += 1) {
    const account = pick(accounts, next);
    const { source, name, ...call } = pick(calls, next);
    const role = `arn:aws:iam::${account}:role/app-${next(20)}`;
    yield {
      eventVersion: "1.09",
      userIdentity: {
        type: "AssumedRole",
        principalId: "AROAEXAMPLE:app",
        arn: `${role.replace(":iam:", ":sts:").replace(":role/", ":assumed-role/")}/app`,
        accountId: account,
        accessKeyId: `ASIA${String(next(1000)).padStart(16, "0")}`,
        sessionContext: {
          sessionIssuer: {
            type: "Role",
            principalId: "AROAEXAMPLE",
            arn: role,
            accountId: account,
            userName: "app",
          },
          attributes: { creationDate: `${pick(days, next)}T00:00:00Z`, mfaAuthenticated: "false" },
        },
      },
      eventTime: `${pick(days, next)}T${two(next(24))}:${two(next(60))}:${two(next(60))}Z`,
      eventSource: `${source}.amazonaws.com`,
      eventName: name,
      awsRegion: pick(regions, next),
      sourceIPAddress: officeAddress(next),
      userAgent: "aws-sdk-js/3.0",
      requestParameters: null,
      responseElements: null,
      ...call,
      // One of a hundred is denied, which alone is no sign of anything.
      ...(next(100) === 0 && { errorCode: "AccessDenied", errorMessage: "not authorized" }),
      eventID: `benign-${index}`,
      eventType: "AwsApiCall",
      managementEvent: true,
      recipientAccountId: account,
      eventCategory: "Management",
    };
  }
}

const seconds = (day: string, hour: number, minute: number): number =>
  Date.parse(`${day}T${two(hour)}:${two(minute)}:00Z`) / 1000;

export function* benignFlows(count: number): Generator<Flow> {
  const next = numbers(2);
  for (let index = 0; index < count; index += 1) {
    const account = pick(accounts, next);
    const machine = next(50);
    const inside = `10.0.${next(4)}.${machine}`;
    const outward = next(2) === 0;
    // Inward from the load balancer, outward to the internet in small pieces; some are turned away.
    const outside = outward ? `192.0.2.${next(200) + 1}` : `10.0.9.${next(5) + 1}`;
    yield {
      account,
      region: pick(regions, next),
      start: seconds(pick(days, next), 3, next(60)),
      interface: `eni-${account.slice(-4)}${two(machine)}`,
      instance: `i-${account.slice(-6)}${two(machine)}`,
      source: outward ? inside : outside,
      destination: outward ? outside : inside,
      sourcePort: 40_000 + next(20_000),
      destinationPort: pick([443, 80, 8080], next),
      bytes: 1_000 + next(9_000),
      action: next(200) === 0 ? "REJECT" : "ACCEPT",
      direction: outward ? "egress" : "ingress",
      status: next(300) === 0 ? "NODATA" : "OK",
    };
  }
}

const names = [
  "s3.eu-west-1.amazonaws.com.",
  "api.example.com.",
  "www.example.org.",
  "updates.example.net.",
  "9.2.0.192.in-addr.arpa.",
  "ip-10-0-0-1.eu-west-1.compute.internal.",
];

export function* benignQueries(count: number): Generator<DnsQuery> {
  const next = numbers(3);
  for (let index = 0; index < count; index += 1) {
    const account = pick(accounts, next);
    const machine = next(50);
    yield {
      account,
      region: pick(regions, next),
      vpc: vpcOf(account),
      time: `${pick(days, next)}T${two(next(24))}:${two(next(60))}:${two(next(60))}Z`,
      name: pick(names, next),
      address: `10.0.0.${machine}`,
      instance: `i-${account.slice(-6)}${two(machine)}`,
      code: next(50) === 0 ? "NXDOMAIN" : "NOERROR",
    };
  }
}
