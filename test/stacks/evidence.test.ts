import { fromLiteralJson } from "../../constructs/terraform-text";
import { bucketName } from "../../landscape/names";
import type { PolicyDocument } from "../../policies/document";
import type { CustodyEnvironment } from "../../runtime/functions/custody-environment";
import { planStacks } from "../../stacks";
import { exampleLandscape, resourcesOf, type StackJson, synthesized } from "../support/landscapes";

const landscape = exampleLandscape();
const { stack } = synthesized(landscape);
const regions = ["eu-west-1", "us-east-1"] as const;

/** The only resource of a type that belongs to a bucket. */
function ofBucket(json: StackJson, kind: "evidence" | "evidence-access" | "tools", region: string) {
  const name = bucketName(landscape, kind, region);
  const [id = "", bucket] =
    Object.entries(json.resource?.aws_s3_bucket ?? {}).find(([, one]) => one.bucket === name) ?? [];
  return {
    bucket,
    one: (type: string): Record<string, unknown> => {
      const found = resourcesOf(json, type).filter((one) => one.bucket === `\${aws_s3_bucket.${id}.id}`);
      expect([type, found.length]).toEqual([type, 1]);
      return found[0] as Record<string, unknown>;
    },
    has: (type: string): boolean =>
      resourcesOf(json, type).some((one) => one.bucket === `\${aws_s3_bucket.${id}.id}`),
  };
}

describe.each(regions)("evidence in %s", (region) => {
  const json = stack(`evidence-${region}`);
  const evidence = ofBucket(json, "evidence", region);

  it("lies in the forensics account, in this region", () => {
    const { account, region: where } = planStacks(landscape).stacks.find(
      ({ name }) => name === `evidence-${region}`,
    ) ?? { account: undefined, region: undefined };
    expect([account?.id, where]).toEqual(["444444444444", region]);
  });

  it("is locked from its first moment, kept in every version, and destroyed by nobody's mistake", () => {
    expect(evidence.bucket).toMatchObject({
      object_lock_enabled: true,
      force_destroy: false,
      lifecycle: { prevent_destroy: true },
    });
    expect(evidence.one("aws_s3_bucket_object_lock_configuration")).toMatchObject({
      rule: { default_retention: { mode: "GOVERNANCE", days: 365 } },
    });
    expect(evidence.one("aws_s3_bucket_versioning")).toMatchObject({
      versioning_configuration: { status: "Enabled" },
    });
  });

  it("does not go by itself", () => {
    const { rule } = evidence.one("aws_s3_bucket_lifecycle_configuration") as { rule: object[] };
    expect(JSON.stringify(rule)).not.toContain("expiration");
  });

  it("lies under a key of its own that rotates, and leaves a log of who has touched it", () => {
    const [key] = resourcesOf(json, "aws_kms_key");
    expect(key).toMatchObject({ enable_key_rotation: true, lifecycle: { prevent_destroy: true } });
    expect(JSON.stringify(evidence.one("aws_s3_bucket_server_side_encryption_configuration"))).toContain(
      '"sse_algorithm":"aws:kms"',
    );
    expect(evidence.one("aws_s3_bucket_logging")).toMatchObject({ target_prefix: "evidence/" });
    const log = ofBucket(json, "evidence-access", region);
    // S3 would not deliver into a bucket with default retention.
    expect(log.has("aws_s3_bucket_object_lock_configuration")).toBe(false);
    expect(log.one("aws_s3_bucket_lifecycle_configuration")).toMatchObject({
      rule: expect.arrayContaining([expect.objectContaining({ expiration: [{ days: 730 }] })]),
    });
  });

  it.each(["evidence", "evidence-access", "tools"] as const)(
    "keeps bucket %s private and versioned",
    (kind) => {
      const one = ofBucket(json, kind, region);
      expect(one.one("aws_s3_bucket_public_access_block")).toMatchObject({
        block_public_acls: true,
        block_public_policy: true,
        ignore_public_acls: true,
        restrict_public_buckets: true,
      });
      expect(one.one("aws_s3_bucket_versioning")).toMatchObject({
        versioning_configuration: { status: "Enabled" },
      });
      const policy = fromLiteralJson<PolicyDocument>(one.one("aws_s3_bucket_policy").policy);
      expect(policy.Statement.map(({ Sid }) => Sid)).toEqual(
        expect.arrayContaining(["DenyPlaintext", "DenyOutdatedTls", "DenyStrangers"]),
      );
    },
  );
});

describe("evidence by choice", () => {
  const withEvidence = (...lines: string[]) =>
    synthesized(
      exampleLandscape([
        "    lockDays: 365 # after which a piece may be deleted; nothing goes by itself unless retentionDays says so",
        lines.map((line) => `    ${line}`).join("\n"),
      ]),
    ).stack("evidence-eu-west-1");

  it("goes by itself after its time, and not before its lock ends", () => {
    const json = withEvidence("lockDays: 100", "retentionDays: 200");
    const evidence = ofBucket(json, "evidence", "eu-west-1");
    expect(evidence.one("aws_s3_bucket_lifecycle_configuration")).toMatchObject({
      rule: expect.arrayContaining([
        expect.objectContaining({
          // Manifests stay.
          filter: [{ prefix: "evidence/" }],
          expiration: [{ days: 200 }],
          noncurrent_version_expiration: [{ noncurrent_days: 1 }],
        }),
      ]),
    });
  });

  it("is locked against everybody where that is acknowledged", () => {
    const text = exampleLandscape([
      "lock: governance # or compliance, which nobody can undo: it needs acknowledgeIrreversible: true",
      "lock: compliance\n    acknowledgeIrreversible: true",
    ]);
    const json = synthesized(text).stack("evidence-eu-west-1");
    expect(
      ofBucket(json, "evidence", "eu-west-1").one("aws_s3_bucket_object_lock_configuration"),
    ).toMatchObject({ rule: { default_retention: { mode: "COMPLIANCE", days: 365 } } });
  });

  it("has a bucket in the home region too, where custody is, and in no region that the landscape does not name", () => {
    const only = exampleLandscape([
      "forensics:\n  evidence:",
      "forensics:\n  regions: [us-east-1]\n  evidence:",
    ]);
    const names = planStacks(only).stacks.map(({ name }) => name);
    expect(names.filter((name) => /^(evidence|forensics|custody)/.test(name))).toEqual([
      "evidence-eu-west-1",
      "evidence-us-east-1",
      "custody",
      "forensics-us-east-1",
    ]);
  });
});

describe("custody", () => {
  const json = stack("custody");

  it("signs by a key that signs and does nothing else", () => {
    const keys = resourcesOf(json, "aws_kms_key");
    expect(keys.filter(({ key_usage: usage }) => usage === "SIGN_VERIFY")).toEqual([
      expect.objectContaining({
        customer_master_key_spec: "ECC_NIST_P256",
        lifecycle: expect.objectContaining({ prevent_destroy: true }),
      }),
    ]);
    expect(keys).toHaveLength(2);
  });

  it("knows the last manifest of each case, in a table that nobody deletes by mistake", () => {
    const [table] = resourcesOf(json, "aws_dynamodb_table");
    expect(table).toMatchObject({
      deletion_protection_enabled: true,
      point_in_time_recovery: { enabled: true },
      server_side_encryption: { enabled: true },
      lifecycle: { prevent_destroy: true },
    });
  });

  it("has a function that knows the bucket of each region", () => {
    const [custodian] = resourcesOf(json, "aws_lambda_function");
    const { variables } = (custodian as { environment: { variables: Record<string, string> } }).environment;
    const environment = fromLiteralJson<CustodyEnvironment>(variables.IR_KIT_FUNCTION);
    expect(environment.buckets).toEqual(
      Object.fromEntries(regions.map((region) => [region, bucketName(landscape, "evidence", region)])),
    );
  });
});
