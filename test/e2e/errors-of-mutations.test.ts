import { errorsAt } from "./organization/mutations/mutation";

/** As Terraform tells two errors of one run, a border before each line. */
const output = `
aws_kms_key.findings-key: Modifying...
╷
│ Error: putting KMS Key Policy: MalformedPolicyDocumentException: Policy contains
│ one or more invalid principals
│ 
│   with aws_kms_key.findings-key,
│   on cdk.tf.json line 10, in resource.aws_kms_key.findings-key:
╵
╷
│ Error: putting S3 Bucket Versioning: InvalidBucketState
│ 
│   with aws_s3_bucket_versioning.flow-logs_versioning_1A2B,
│   on cdk.tf.json line 90:
╵
`;

describe("errors of a run that holds several mistakes", () => {
  const run = { exitCode: 1, stdout: "", output };

  it("are told of the resource that makes them, and of no other", () => {
    expect(errorsAt(run, ["aws_kms_key", "findings-key"])).toEqual([
      expect.stringContaining("Policy contains one or more invalid principals"),
    ]);
    expect(errorsAt(run, ["aws_s3_bucket_versioning", "flow-logs"])).toEqual([
      expect.stringContaining("InvalidBucketState"),
    ]);
    expect(errorsAt(run, ["aws_kms_key", "flow-logs-key"])).toEqual([]);
  });

  it("are all of them where the whole stack fails", () => {
    expect(errorsAt(run, undefined)).toHaveLength(2);
  });
});
