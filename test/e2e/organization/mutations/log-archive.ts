import { addressOf, find, inPolicy, type Mutation, resourcesOf, statement, together } from "./mutation";

const findingsPolicy = ["aws_s3_bucket_policy", "findings_policy"] as const;
const findingsKey = ["aws_kms_key", "findings-key"] as const;
const flowLogsKey = ["aws_kms_key", "flow-logs-key"] as const;
const versioning = ["aws_s3_bucket_versioning", "flow-logs_versioning"] as const;
const findingsLogging = ["aws_s3_bucket_logging", "findings_access-logging"] as const;
const queriesLogging = ["aws_s3_bucket_logging", "dns-queries_access-logging"] as const;

export const logArchiveMutations: readonly Mutation[] = [
  together("log-archive", [
    {
      name: "names a role in a bucket policy that does not exist",
      refusal: "s3-policy-principals",
      error: "Invalid principal in policy",
      at: findingsPolicy,
      change: (stack, workspace) =>
        inPolicy(stack, findingsPolicy, (policy) => {
          statement(policy, "ReadForInvestigation").Principal = {
            AWS: [`arn:aws:iam::${workspace.landscape().accounts.security.id}:role/nobody`],
          };
        }),
    },
    {
      name: "names an account in a key policy that does not exist",
      refusal: "kms-key-policy",
      error: "one or more invalid principals",
      at: findingsKey,
      change: (stack) =>
        inPolicy(stack, findingsKey, (policy) => {
          statement(policy, "DecryptForInvestigation").Principal = {
            AWS: ["arn:aws:iam::999999999999:root"],
          };
        }),
    },
    {
      name: "locks itself out of a key",
      refusal: "kms-key-policy",
      error: "will not allow you to update the key policy in the future",
      at: flowLogsKey,
      change: (stack) =>
        inPolicy(stack, flowLogsKey, (policy) => {
          const administration = statement(policy, "AdministerKey");
          administration.Action = administration.Action.filter((action) => action !== "kms:PutKeyPolicy");
        }),
    },
    {
      name: "suspends versioning under a lock",
      refusal: "s3-object-lock",
      error: "the versioning state cannot be changed",
      at: versioning,
      change: (stack) => {
        const found = find(stack, ...versioning) as unknown as {
          versioning_configuration: { status: string };
        };
        found.versioning_configuration.status = "Suspended";
      },
    },
    {
      name: "locks a bucket that keeps no versions",
      refusal: "s3-object-lock",
      error: "Versioning must be 'Enabled'",
      at: ["aws_s3_bucket_object_lock_configuration", "unversioned"],
      change: (stack) => {
        resourcesOf(stack, "aws_s3_bucket").unversioned = { bucket: "acme-ir-unversioned" };
        resourcesOf(stack, "aws_s3_bucket_object_lock_configuration").unversioned = {
          bucket: "${aws_s3_bucket.unversioned.id}",
          rule: { default_retention: { mode: "GOVERNANCE", days: 1 } },
        };
      },
    },
    {
      name: "sends access logs to a bucket that is locked",
      refusal: "s3-access-logging",
      error: "has a default retention period",
      at: findingsLogging,
      change: (stack) => {
        const target = addressOf(JSON.stringify(stack), "aws_s3_bucket", "cloudtrail_bucket");
        find(stack, ...findingsLogging).target_bucket = `\${${target}.id}`;
      },
    },
    {
      name: "sends access logs where S3 may not write",
      refusal: "s3-access-logging",
      error: "permission to write to the target bucket",
      at: queriesLogging,
      change: (stack) => {
        find(stack, ...queriesLogging).target_prefix = "elsewhere/";
      },
    },
  ]),
];
