import { fromLiteralJson } from "../../constructs/terraform-text";
import { bucketName, logKinds } from "../../landscape/names";
import { exampleLandscape, resourcesOf, type StackJson, synthesized } from "../support/landscapes";

const landscape = exampleLandscape();
const stack = synthesized(landscape).stack("log-archive");

/** The resource of a type that belongs to a bucket, found by the bucket it refers to. */
function companion(stackJson: StackJson, type: string, kind: string): Record<string, unknown> {
  const name = bucketName(landscape, kind as "findings");
  const [id] =
    Object.entries(stackJson.resource?.aws_s3_bucket ?? {}).find(([, bucket]) => bucket.bucket === name) ??
    [];
  const found = resourcesOf(stackJson, type).filter(
    (resource) => resource.bucket === `\${aws_s3_bucket.${id}.id}`,
  );
  if (found.length !== 1) throw new Error(`${found.length} ${type} of ${kind}`);
  return found[0] as Record<string, unknown>;
}

const everyBucket = [...logKinds, "config-history", "access-logs"];

describe("the log archive", () => {
  it("has a bucket for each kind of log and one for access logs", () => {
    expect(
      resourcesOf(stack, "aws_s3_bucket")
        .map((bucket) => bucket.bucket)
        .sort(),
    ).toEqual(everyBucket.map((kind) => bucketName(landscape, kind as "findings")).sort());
  });

  it.each(everyBucket)("keeps %s versioned, private and owned by the archive", (kind) => {
    expect(companion(stack, "aws_s3_bucket_versioning", kind)).toMatchObject({
      versioning_configuration: { status: "Enabled" },
    });
    expect(companion(stack, "aws_s3_bucket_public_access_block", kind)).toMatchObject({
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
    expect(companion(stack, "aws_s3_bucket_ownership_controls", kind)).toMatchObject({
      rule: { object_ownership: "BucketOwnerEnforced" },
    });
  });

  it.each(logKinds)("locks %s by default retention, in governance unless told otherwise", (kind) => {
    expect(companion(stack, "aws_s3_bucket_object_lock_configuration", kind)).toMatchObject({
      rule: { default_retention: { mode: "GOVERNANCE", days: 365 } },
    });
  });

  it("locks for compliance only where that is acknowledged", () => {
    const irreversible = exampleLandscape([
      "lock: governance",
      "lockDays: 120\n  acknowledgeIrreversible: true\n  lock: compliance",
    ]);
    const compliance = synthesized(irreversible).stack("log-archive");
    for (const kind of logKinds) {
      expect(companion(compliance, "aws_s3_bucket_object_lock_configuration", kind)).toMatchObject({
        rule: { default_retention: { mode: "COMPLIANCE", days: 120 } },
      });
    }
  });

  it("does not lock what Config records, which it could not deliver then", () => {
    expect(() => companion(stack, "aws_s3_bucket_object_lock_configuration", "config-history")).toThrow(
      "0 aws_",
    );
    expect(
      resourcesOf(stack, "aws_s3_bucket").find(({ bucket }) => String(bucket).includes("config-history"))
        ?.object_lock_enabled,
    ).toBe(false);
  });

  it.each(logKinds)("archives %s, and lets it go after the retention and never before the lock", (kind) => {
    const { rule } = companion(stack, "aws_s3_bucket_lifecycle_configuration", kind) as {
      rule: Record<string, unknown>[];
    };
    expect(rule[0]).toMatchObject({
      status: "Enabled",
      transition: [{ days: 90, storage_class: "GLACIER_IR" }],
      expiration: [{ days: 365 }],
      noncurrent_version_expiration: [{ noncurrent_days: 365 }],
    });
  });

  it("sends the access log of every log bucket to one that S3 can deliver to", () => {
    for (const kind of logKinds) {
      expect(companion(stack, "aws_s3_bucket_logging", kind)).toMatchObject({
        target_bucket: expect.stringMatching(/^\$\{aws_s3_bucket\.access-logs_bucket_\w+\.id\}$/),
        target_prefix: `${kind}/`,
      });
    }
    expect(() => companion(stack, "aws_s3_bucket_logging", "access-logs")).toThrow("0 aws_s3_bucket_logging");
    expect(() => companion(stack, "aws_s3_bucket_object_lock_configuration", "access-logs")).toThrow("0 aws");
    expect(
      companion(stack, "aws_s3_bucket_server_side_encryption_configuration", "access-logs"),
    ).toMatchObject({
      rule: [{ apply_server_side_encryption_by_default: { sse_algorithm: "AES256" } }],
    });
  });

  it("encrypts what is delivered without a key of its own under a rotated key for each kind", () => {
    for (const kind of ["flow-logs", "dns-queries", "findings"]) {
      const { rule } = companion(stack, "aws_s3_bucket_server_side_encryption_configuration", kind) as {
        rule: Record<string, unknown>[];
      };
      expect(rule[0]).toMatchObject({
        apply_server_side_encryption_by_default: {
          sse_algorithm: "aws:kms",
          kms_master_key_id: expect.stringMatching(
            new RegExp(`^\\$\\{aws_kms_key\\.${kind}-key_.*\\.arn\\}$`),
          ),
        },
        bucket_key_enabled: true,
      });
    }
    for (const key of resourcesOf(stack, "aws_kms_key")) {
      expect(key).toMatchObject({ enable_key_rotation: true, deletion_window_in_days: 30 });
    }
  });

  it("refuses to be destroyed: neither a bucket nor a key goes with the stack", () => {
    for (const type of ["aws_s3_bucket", "aws_kms_key"]) {
      for (const resource of resourcesOf(stack, type))
        expect(resource).toMatchObject({ lifecycle: { prevent_destroy: true } });
    }
    for (const bucket of resourcesOf(stack, "aws_s3_bucket")) expect(bucket.force_destroy).toBe(false);
  });

  it("names no member account in any policy", () => {
    const policies = JSON.stringify(stack.resource);
    for (const { id } of landscape.members) expect(policies).not.toContain(id);
  });

  it("puts no role and no user into a principal", () => {
    const documents = [
      ...resourcesOf(stack, "aws_s3_bucket_policy"),
      ...resourcesOf(stack, "aws_kms_key"),
    ].map((resource) =>
      fromLiteralJson<{ Statement: { Effect: string; Principal: unknown; Condition?: object }[] }>(
        resource.policy,
      ),
    );
    for (const { Effect, Principal, Condition } of documents.flatMap(({ Statement }) => Statement)) {
      expect(JSON.stringify(Principal)).not.toMatch(/:(role|user)\//);
      if (Effect === "Allow") expect(Principal).not.toBe("*");
      if (Principal === "*" && Condition === undefined) expect(Effect).toBe("Deny");
    }
  });

  it("is not made where the organization has logs of its own", () => {
    const existing = exampleLandscape(
      ["  owner: kit", "  owner: existing"],
      ["  retentionDays: 365\n", ""],
      ["  lock: governance", "  # "],
      ["  dataEvents: [s3-write]\n", ""],
      ["  config: kit", "  config: existing"],
    );
    expect([...synthesized(existing).texts.keys()]).not.toEqual(expect.arrayContaining(["log-archive"]));
    expect([...synthesized(existing).texts.keys()]).not.toEqual(expect.arrayContaining(["trail"]));
  });
});
