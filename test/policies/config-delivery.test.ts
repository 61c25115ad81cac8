import { recorderBaseline } from "../../baseline/recorder";
import { administratorAccess, decide } from "../../cli/access/decide";
import { synthesizedDeployment } from "../../cli/access/deployment";
import { simulate } from "../../cli/access/simulate";
import { rolesOf } from "../../cli/access/template";
import { bucketArn } from "../../landscape/arns";
import { bucketPolicy, keyPolicy } from "../../policies/logs";
import { exampleLandscape, resourcesOf, synthesized } from "../support/landscapes";

/**
 * What AWS asks of the role of a recorder that delivers into another account. Sources: "IAM Role Policy for your S3
 * Bucket" and "IAM Role Policy for KMS Key" ("Permissions for the IAM Role Assigned to AWS Config"), and the note of
 * "Permissions for the Amazon S3 Bucket for the AWS Config Delivery Channel" that such a role needs PutObjectAcl on
 * the bucket (AWS Config developer guide).
 */
const wanted = {
  objects: ["s3:PutObject", "s3:PutObjectAcl"],
  bucket: ["s3:GetBucketAcl"],
  key: ["kms:Decrypt", "kms:GenerateDataKey"],
} as const;

const landscape = exampleLandscape();
const deployment = synthesizedDeployment(landscape);
const archive = "333333333333";
const bucket = bucketArn(landscape, "config-history");
const checkFile = (account: string) => `${bucket}/AWSLogs/${account}/Config/ConfigWritabilityCheckFile`;

const roleIn = (account: string) => {
  const [role] = rolesOf({
    template: recorderBaseline(landscape),
    account,
    partition: "aws",
    region: "us-east-1",
    parameters: { HubAccountId: "222222222222" },
  });
  if (!role) throw new Error("the recorder's template makes no role for Config");
  return role;
};

/** With the role's own policies, those of the organization, and the bucket's or the key's. */
async function verdict(account: string, action: string, resource: string, resourcePolicy: unknown) {
  const { arn, policies } = roleIn(account);
  const { verdict: found, because } = await decide(deployment, {
    principal: arn,
    also: policies,
    action,
    resource,
    account: archive,
    context: {
      ...(action.startsWith("s3:Put") && { "s3:x-amz-acl": "bucket-owner-full-control" }),
      ...(action.startsWith("kms:") && { "kms:ViaService": "s3.eu-west-1.amazonaws.com" }),
    },
    resourcePolicy,
  });
  return found === "allowed" ? found : `${found} by ${because.join(", ")}`;
}

describe.each([
  ["a member", "555555555555"],
  ["an account that is not listed", "999999999999"],
  ["the log archive itself", archive],
])("Config in %s delivers", (_, account) => {
  it.each([
    ...wanted.objects.map((action) => [action, checkFile(account)] as const),
    ...wanted.bucket.map((action) => [action, bucket] as const),
  ])("%s, past role, bucket and guardrails", async (action, resource) => {
    const policy = bucketPolicy(landscape, "config-history");
    expect(await verdict(account, action, resource, policy)).toBe("allowed");
  });

  it.each(wanted.key)("%s, past role, key and guardrails", async (action) => {
    const key = `arn:aws:kms:eu-west-1:${archive}:key/11111111-1111-1111-1111-111111111111`;
    expect(await verdict(account, action, key, keyPolicy(landscape, "config-history"))).toBe("allowed");
  });
});

describe("access lists", () => {
  const member = "555555555555";

  it("are set by Config's role for the bucket's owner alone", async () => {
    const { arn, policies } = roleIn(member);
    const { verdict: found } = await simulate({
      principal: arn,
      action: "s3:PutObjectAcl",
      resource: checkFile(member),
      account: member,
      context: { "s3:x-amz-acl": "public-read" },
      identityPolicies: policies,
    });
    expect(found).toBe("unmatched");
  });

  it("are switched off on every bucket, which is why nobody has to be denied setting one", () => {
    const { texts, stack } = synthesized(landscape);
    const buckets = [...texts.keys()].flatMap((name) =>
      Object.keys(stack(name).resource?.aws_s3_bucket ?? {}).map((id) => ({ name, id })),
    );
    expect(buckets.length).toBeGreaterThan(8);
    for (const { name, id } of buckets) {
      expect([name, resourcesOf(stack(name), "aws_s3_bucket_ownership_controls")]).toEqual([
        name,
        expect.arrayContaining([
          expect.objectContaining({
            bucket: `\${aws_s3_bucket.${id}.id}`,
            rule: { object_ownership: "BucketOwnerEnforced" },
          }),
        ]),
      ]);
    }
  });

  it.each(["role/admin", "role/acme-ir/acme-ir-contain"])("are not switched on by %s", async (role) => {
    const { verdict: found, because } = await decide(deployment, {
      principal: `arn:aws:iam::${archive}:${role}`,
      also: [administratorAccess],
      action: "s3:PutBucketOwnershipControls",
      resource: bucket,
    });
    expect([found, because]).toEqual(["denied", expect.arrayContaining(["LogsAndEvidence"])]);
  });
});
