import { simulate, type Verdict } from "../../cli/access/simulate";
import { bucketArn, trailArn } from "../../landscape/arns";
import { type LogKind, logKinds } from "../../landscape/names";
import { bucketPolicy, keyPolicy } from "../../policies/logs";
import { exampleLandscape } from "../support/landscapes";

const landscape = exampleLandscape();
const archive = "333333333333";
const security = "222222222222";
const member = "555555555555";
const foreign = "999999999999";
const organization = "o-a1b2c3d4e5";

const tls = { "aws:SecureTransport": "true", "s3:TlsVersion": "1.3" };
const plaintext = { "aws:SecureTransport": "false" };

/** A role of an account, with every permission that its own account can give it. */
const person = (account: string, org: string | undefined = organization) => ({
  principal: `arn:aws:iam::${account}:role/admin`,
  context: {
    ...tls,
    "aws:PrincipalIsAWSService": "false",
    "aws:PrincipalArn": `arn:aws:iam::${account}:role/admin`,
    ...(org !== undefined && { "aws:PrincipalOrgID": org }),
  },
  identityPolicies: [{ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] }],
});

const service = (principal: string, source: Record<string, string>) => ({
  principal,
  context: { ...tls, "aws:PrincipalIsAWSService": "true", ...source },
});

const ourTrail = {
  "aws:SourceArn": trailArn(landscape),
  "aws:SourceAccount": "111111111111",
  "s3:x-amz-acl": "bucket-owner-full-control",
};
const cloudtrail = (source = {}) => service("cloudtrail.amazonaws.com", { ...ourTrail, ...source });
const delivery = (account: string, org: string) =>
  service("delivery.logs.amazonaws.com", {
    "aws:SourceAccount": account,
    "aws:SourceOrgID": org,
    "aws:SourceArn": `arn:aws:logs:us-east-1:${account}:*`,
  });
const guardDuty = (account: string) =>
  service("guardduty.amazonaws.com", {
    "aws:SourceAccount": account,
    "aws:SourceArn": `arn:aws:guardduty:eu-west-1:${account}:detector/12abc`,
  });
const accessLogging = (bucket: string, account = archive) =>
  service("logging.s3.amazonaws.com", { "aws:SourceAccount": account, "aws:SourceArn": bucket });

interface Caller {
  readonly principal: string;
  readonly context: Record<string, string>;
  readonly identityPolicies?: readonly unknown[];
}

const decide = async (kind: LogKind | "access-logs", caller: Caller, action: string, key?: string) => {
  // The ACL comes with what is written, and with nothing else.
  const { "s3:x-amz-acl": acl, ...context } = caller.context;
  const { verdict } = await simulate({
    ...caller,
    context: { ...context, ...(acl !== undefined && action === "s3:PutObject" && { "s3:x-amz-acl": acl }) },
    action,
    resource: key === undefined ? bucketArn(landscape, kind) : `${bucketArn(landscape, kind)}/${key}`,
    account: archive,
    resourcePolicy: bucketPolicy(landscape, kind),
  });
  return verdict;
};

const buckets = [...logKinds, "config-history", "access-logs"] as const;

/** Config in an account, by the role that the baseline makes for it, or by another. */
const recorder = (account: string, role = "acme-ir/acme-ir-config-eu-west-1", org = organization) => {
  const principal = `arn:aws:iam::${account}:role/${role}`;
  const { context, ...others } = person(account, org);
  const acl = { "s3:x-amz-acl": "bucket-owner-full-control" };
  return { ...others, principal, context: { ...context, "aws:PrincipalArn": principal, ...acl } };
};

describe.each(buckets)("bucket %s", (kind) => {
  const withoutTls = { ...person(archive), context: { ...person(archive).context, ...plaintext } };
  const oldTls = { ...person(archive), context: { ...person(archive).context, "s3:TlsVersion": "1.1" } };

  it.each<[string, Caller, string, string | undefined, Verdict]>([
    ["its own administrator over plaintext", withoutTls, "s3:GetObject", "x", "denied"],
    ["its own administrator over plaintext, on the bucket", withoutTls, "s3:ListBucket", undefined, "denied"],
    ["its own administrator over TLS 1.1", oldTls, "s3:GetObject", "x", "denied"],
    ["a stranger", person(foreign, "o-foreign000"), "s3:GetObject", "x", "denied"],
    [
      "a stranger in no organization",
      { ...person(foreign, undefined), context: { ...tls, "aws:PrincipalIsAWSService": "false" } },
      "s3:GetObject",
      "x",
      "denied",
    ],
    ["a stranger who writes", person(foreign, "o-foreign000"), "s3:PutObject", "x", "denied"],
    ["a member's administrator who reads", person(member), "s3:GetObject", "x", "unmatched"],
    ["a member's administrator who writes", person(member), "s3:PutObject", "x", "unmatched"],
    ["a member's administrator who deletes", person(member), "s3:DeleteObject", "x", "unmatched"],
    [
      "a member's administrator who changes the policy",
      person(member),
      "s3:PutBucketPolicy",
      undefined,
      "unmatched",
    ],
    ["the archive's administrator who reads", person(archive), "s3:GetObject", "x", "allowed"],
  ])("decides about %s", async (_, caller, action, key, verdict) => {
    expect(await decide(kind, caller, action, key)).toBe(verdict);
  });
});

describe.each([...logKinds, "config-history"] as const)("log bucket %s", (kind) => {
  it.each<[string, Caller, string, string | undefined, Verdict]>([
    [
      "lets nobody bypass the lock, not even the archive's administrator",
      person(archive),
      "s3:BypassGovernanceRetention",
      "x",
      "denied",
    ],
    ["lets the security account read", person(security), "s3:GetObject", "x", "allowed"],
    ["lets the security account list", person(security), "s3:ListBucket", undefined, "allowed"],
    ["does not let the security account write", person(security), "s3:PutObject", "x", "unmatched"],
    [
      "does not let the security account delete",
      person(security),
      "s3:DeleteObjectVersion",
      "x",
      "unmatched",
    ],
  ])("%s", async (_, caller, action, key, verdict) => {
    expect(await decide(kind, caller, action, key)).toBe(verdict);
  });
});

describe("delivery", () => {
  const trailKey = (folder: string) => `AWSLogs/${folder}/CloudTrail/eu-west-1/2026/01/01/x.json.gz`;
  const configKey = `AWSLogs/${member}/Config/eu-west-1/2026/1/1/ConfigHistory/x.json.gz`;
  const logKey = `AWSLogs/aws-account-id=${member}/aws-service=vpcflowlogs/aws-region=us-east-1/year=2026/x.parquet`;

  it.each<[string, LogKind | "access-logs", Caller, string, string | undefined, Verdict]>([
    [
      "of this organization's trail, under the organization",
      "cloudtrail",
      cloudtrail(),
      "s3:PutObject",
      trailKey(organization),
      "allowed",
    ],
    [
      "of this organization's trail, under the management account",
      "cloudtrail",
      cloudtrail(),
      "s3:PutObject",
      trailKey("111111111111"),
      "allowed",
    ],
    [
      "of this organization's trail, elsewhere",
      "cloudtrail",
      cloudtrail(),
      "s3:PutObject",
      trailKey(member),
      "unmatched",
    ],
    [
      "of this organization's trail, checking the bucket",
      "cloudtrail",
      cloudtrail(),
      "s3:GetBucketAcl",
      undefined,
      "allowed",
    ],
    [
      "of another trail",
      "cloudtrail",
      cloudtrail({ "aws:SourceArn": `arn:aws:cloudtrail:eu-west-1:${foreign}:trail/x` }),
      "s3:PutObject",
      trailKey(organization),
      "unmatched",
    ],
    [
      "of Config, as its role in a member",
      "config-history",
      recorder(member),
      "s3:PutObject",
      configKey,
      "allowed",
    ],
    [
      "of Config, checking the bucket",
      "config-history",
      recorder(member),
      "s3:GetBucketAcl",
      undefined,
      "allowed",
    ],
    [
      "of Config, for another owner",
      "config-history",
      { ...recorder(member), context: { ...recorder(member).context, "s3:x-amz-acl": "private" } },
      "s3:PutObject",
      configKey,
      "unmatched",
    ],
    ["of Config, elsewhere", "config-history", recorder(member), "s3:PutObject", "other/x", "unmatched"],
    [
      "of Config, as a role of the same name without the kit's path",
      "config-history",
      recorder(member, "acme-ir-config-eu-west-1"),
      "s3:PutObject",
      configKey,
      "unmatched",
    ],
    [
      "of Config of another organization",
      "config-history",
      recorder(foreign, undefined, "o-foreign000"),
      "s3:PutObject",
      configKey,
      "denied",
    ],
    [
      "of Config, reading what others delivered",
      "config-history",
      recorder(member),
      "s3:GetObject",
      configKey,
      "unmatched",
    ],
    [
      "of the trail into the bucket of flow logs",
      "flow-logs",
      cloudtrail(),
      "s3:PutObject",
      trailKey(organization),
      "unmatched",
    ],
    [
      "of a member's flow logs",
      "flow-logs",
      delivery(member, organization),
      "s3:PutObject",
      logKey,
      "allowed",
    ],
    [
      "of a member's flow logs, checking the bucket",
      "flow-logs",
      delivery(member, organization),
      "s3:GetBucketAcl",
      undefined,
      "allowed",
    ],
    [
      "of a member's DNS queries",
      "dns-queries",
      delivery(member, organization),
      "s3:PutObject",
      `AWSLogs/${member}/vpcdnsquerylogs/vpc-1/x`,
      "allowed",
    ],
    [
      "of a foreign organization's flow logs",
      "flow-logs",
      delivery(foreign, "o-foreign000"),
      "s3:PutObject",
      logKey,
      "unmatched",
    ],
    [
      "of a foreign account's flow logs, in no organization",
      "flow-logs",
      service("delivery.logs.amazonaws.com", {
        "aws:SourceAccount": foreign,
        "aws:SourceArn": `arn:aws:logs:us-east-1:${foreign}:*`,
      }),
      "s3:PutObject",
      logKey,
      "unmatched",
    ],
    [
      "of the security account's findings",
      "findings",
      guardDuty(security),
      "s3:PutObject",
      "AWSLogs/x",
      "allowed",
    ],
    [
      "of a foreign account's findings",
      "findings",
      guardDuty(foreign),
      "s3:PutObject",
      "AWSLogs/x",
      "unmatched",
    ],
    [
      "of the log buckets' access logs",
      "access-logs",
      accessLogging(bucketArn(landscape, "cloudtrail")),
      "s3:PutObject",
      "cloudtrail/x",
      "allowed",
    ],
    [
      "of a foreign bucket's access logs",
      "access-logs",
      accessLogging("arn:aws:s3:::foreign", foreign),
      "s3:PutObject",
      "cloudtrail/x",
      "unmatched",
    ],
    [
      "of access logs into a log bucket",
      "cloudtrail",
      accessLogging(bucketArn(landscape, "findings")),
      "s3:PutObject",
      "x",
      "unmatched",
    ],
  ])("%s", async (_, kind, caller, action, key, verdict) => {
    expect(await decide(kind, caller, action, key)).toBe(verdict);
  });

  it("of findings from an opt-in region comes from a principal of that region, and only from one that is watched", async () => {
    const southern = exampleLandscape(["[eu-west-1, us-east-1]", "[af-south-1, eu-west-1, us-east-1]"]);
    const write = (watched: typeof landscape) =>
      simulate({
        ...service("guardduty.af-south-1.amazonaws.com", {
          "aws:SourceAccount": security,
          "aws:SourceArn": `arn:aws:guardduty:af-south-1:${security}:detector/1`,
        }),
        action: "s3:PutObject",
        resource: `${bucketArn(landscape, "findings")}/x`,
        account: archive,
        resourcePolicy: bucketPolicy(watched, "findings"),
      });
    expect((await write(southern)).verdict).toBe("allowed");
    expect((await write(landscape)).verdict).toBe("unmatched");
  });
});

describe("a key", () => {
  const decideKey = async (
    kind: LogKind,
    caller: Caller,
    action: string,
    context: Record<string, string> = {},
  ) => {
    const owner = kind === "cloudtrail" ? "111111111111" : archive;
    const { verdict } = await simulate({
      ...caller,
      context: { ...caller.context, ...context },
      action,
      resource: `arn:aws:kms:eu-west-1:${owner}:key/12345678-1234-1234-1234-123456789012`,
      account: owner,
      resourcePolicy: keyPolicy(landscape, kind),
    });
    return verdict;
  };
  // Keys are not asked over a bucket, and the simulator refuses S3's own context keys for them.
  const atKms = ({
    context: { "s3:TlsVersion": _, "s3:x-amz-acl": __, ...context },
    ...caller
  }: Caller): Caller => ({ ...caller, context });
  const throughS3 = { "kms:ViaService": "s3.eu-west-1.amazonaws.com" };
  const trailContext = { "kms:EncryptionContext:aws:cloudtrail:arn": trailArn(landscape) };

  it.each<[string, LogKind, Caller, string, Record<string, string>, Verdict]>([
    [
      "encrypts for this organization's trail",
      "cloudtrail",
      cloudtrail(),
      "kms:GenerateDataKey",
      trailContext,
      "allowed",
    ],
    [
      "does not encrypt for a foreign trail",
      "cloudtrail",
      cloudtrail({ "aws:SourceArn": `arn:aws:cloudtrail:eu-west-1:${foreign}:trail/x` }),
      "kms:GenerateDataKey",
      trailContext,
      "unmatched",
    ],
    [
      "does not encrypt without the trail's context",
      "cloudtrail",
      cloudtrail(),
      "kms:GenerateDataKey",
      {},
      "unmatched",
    ],
    ["is described to CloudTrail", "cloudtrail", cloudtrail(), "kms:DescribeKey", {}, "allowed"],
    [
      "encrypts a member's flow logs",
      "flow-logs",
      delivery(member, organization),
      "kms:GenerateDataKey",
      {},
      "allowed",
    ],
    [
      "does not encrypt a foreign organization's",
      "flow-logs",
      delivery(foreign, "o-foreign000"),
      "kms:GenerateDataKey",
      {},
      "unmatched",
    ],
    [
      "encrypts findings of the security account",
      "findings",
      guardDuty(security),
      "kms:GenerateDataKey",
      {},
      "allowed",
    ],
    [
      "does not encrypt findings of others",
      "findings",
      guardDuty(foreign),
      "kms:GenerateDataKey",
      {},
      "unmatched",
    ],
    [
      "decrypts for the security account through S3",
      "flow-logs",
      person(security),
      "kms:Decrypt",
      throughS3,
      "allowed",
    ],
    [
      "does not decrypt for the security account otherwise",
      "flow-logs",
      person(security),
      "kms:Decrypt",
      {},
      "unmatched",
    ],
    [
      "does not decrypt for a member's administrator",
      "flow-logs",
      person(member),
      "kms:Decrypt",
      throughS3,
      "unmatched",
    ],
    [
      "does not decrypt for a stranger",
      "findings",
      person(foreign, "o-foreign000"),
      "kms:Decrypt",
      throughS3,
      "unmatched",
    ],
    [
      "decrypts trails for the security account",
      "cloudtrail",
      person(security),
      "kms:Decrypt",
      { ...throughS3, ...trailContext },
      "allowed",
    ],
    [
      "does not decrypt other things than trails under the trail's key",
      "cloudtrail",
      person(security),
      "kms:Decrypt",
      throughS3,
      "unmatched",
    ],
    ["is administered by its account", "findings", person(archive), "kms:PutKeyPolicy", {}, "allowed"],
    ["does not decrypt for its administrator", "findings", person(archive), "kms:Decrypt", {}, "unmatched"],
    [
      "is not administered by a member",
      "findings",
      person(member),
      "kms:ScheduleKeyDeletion",
      {},
      "unmatched",
    ],
  ])("%s (%s)", async (_, kind, caller, action, context, verdict) => {
    expect(await decideKey(kind, atKms(caller), action, context)).toBe(verdict);
  });
});
