import { type AccessRequest, administratorAccess, decide } from "../../cli/access/decide";
import { simulate } from "../../cli/access/simulate";
import { bucketArn, deployRolesArn, roleArn } from "../../landscape/arns";
import { custodyFunctionArn, custodyTableArn } from "../../landscape/evidence-arns";
import {
  custodyKeyAliasName,
  evidenceKeyAliasName,
  type RoleUse,
  signingKeyAliasName,
} from "../../landscape/names";
import { evidenceBucketPolicy, toolsBucketPolicy } from "../../policies/evidence/bucket";
import { custodyKeyPolicy, evidenceKeyPolicy, signingKeyPolicy } from "../../policies/evidence/keys";
import { gatewayEndpointPolicy } from "../../policies/forensic-endpoints";
import { exampleDeployment, landscape } from "../proofs/setting";

const forensics = "444444444444";
const member = "555555555555";
const region = "eu-west-1";
const { evidence } = landscape.forensics ?? { evidence: undefined };
if (!evidence) throw new Error("the example has no forensics");

const kit = (use: RoleUse, account: string): Actor => ({ principal: roleArn(landscape, use, account) });
const administrator = (account: string): Actor => ({
  principal: `arn:aws:iam::${account}:role/administrator`,
  also: [administratorAccess],
});

interface Actor {
  readonly principal: string;
  readonly also?: readonly unknown[];
  readonly context?: Readonly<Record<string, string>>;
}

/** Everybody who could have to do with it; what a role of the kit may do itself comes from what is synthesized. */
const actors = {
  "the administrator of forensics": administrator(forensics),
  "the deployer of forensics": {
    principal: deployRolesArn(landscape, forensics),
    also: [administratorAccess],
  },
  "a member's administrator": administrator(member),
  "a stranger": {
    ...administrator("999999999999"),
    context: { "aws:PrincipalOrgID": "o-foreign000" },
  },
  "a collector in a member": kit("evidence", member),
  "a responder with evidence": kit("evidence", forensics),
  "a machine of an analyst": kit("forensic-analysis", forensics),
  "the custodian": kit("custody", forensics),
  "a responder with contain": kit("contain", forensics),
  "a responder with recover": kit("recover", forensics),
  "a responder with credentials": kit("credentials", forensics),
} as const satisfies Record<string, Actor>;
type ActorName = keyof typeof actors;
const everybody = Object.keys(actors) as ActorName[];

/** Who of all is allowed something. */
async function allowed(request: Omit<AccessRequest, "principal" | "also">): Promise<ActorName[]> {
  const verdicts = await Promise.all(
    everybody.map(async (name) => {
      const actor: Actor = actors[name];
      const { verdict, because } = await decide(exampleDeployment(), {
        ...request,
        account: forensics,
        principal: actor.principal,
        ...(actor.also && { also: actor.also }),
        context: {
          "aws:SecureTransport": "true",
          "s3:TlsVersion": "1.3",
          "aws:PrincipalIsAWSService": "false",
          "aws:PrincipalTag/ir:case": "CASE-1",
          "kms:CallerAccount": actor.principal.split(":")[4] ?? "",
          ...request.context,
          ...actor.context,
        },
      });
      expect([name, verdict === "cannot-tell" ? because : ""]).toEqual([name, ""]);
      return [name, verdict] as const;
    }),
  );
  return verdicts.filter(([, verdict]) => verdict === "allowed").map(([name]) => name);
}

describe("a bucket of evidence", () => {
  const bucket = bucketArn(landscape, "evidence", region);
  const resourcePolicy = evidenceBucketPolicy(landscape, evidence, region);
  const on = (action: string, key: string | undefined, context: Record<string, string> = {}) =>
    allowed({ action, resource: key === undefined ? bucket : `${bucket}/${key}`, resourcePolicy, context });

  const readers = ["a responder with evidence", "a machine of an analyst", "the custodian"];

  it.each<[string, string, string, Record<string, string>, readonly string[]]>([
    [
      "write below the case",
      "s3:PutObject",
      "evidence/CASE-1/files/x",
      {},
      ["a collector in a member", "a responder with evidence"],
    ],
    ["write below another case", "s3:PutObject", "evidence/CASE-2/files/x", {}, []],
    ["write below no case", "s3:PutObject", "x", {}, []],
    ["write a manifest", "s3:PutObject", "custody/CASE-1/000001.json", {}, ["the custodian"]],
    ["read of the case", "s3:GetObject", "evidence/CASE-1/files/x", {}, readers],
    [
      "read a version of it",
      "s3:GetObjectVersion",
      "evidence/CASE-1/files/x",
      {},
      ["a responder with evidence", "the custodian"],
    ],
    [
      "read of another case",
      "s3:GetObject",
      "evidence/CASE-2/files/x",
      {},
      ["a machine of an analyst", "the custodian"],
    ],
    ["bypass the lock", "s3:BypassGovernanceRetention", "evidence/CASE-1/files/x", {}, []],
    [
      "lock for longer",
      "s3:PutObjectRetention",
      "evidence/CASE-1/files/x",
      { "s3:object-lock-remaining-retention-days": "700" },
      ["the deployer of forensics"],
    ],
    [
      "lock for longer than the maximum",
      "s3:PutObjectRetention",
      "evidence/CASE-1/files/x",
      { "s3:object-lock-remaining-retention-days": "3654" },
      [],
    ],
    [
      "write what is locked for longer than the maximum",
      "s3:PutObject",
      "evidence/CASE-1/files/x",
      { "s3:object-lock-remaining-retention-days": "3654" },
      [],
    ],
    [
      "write under S3's own key",
      "s3:PutObject",
      "evidence/CASE-1/files/x",
      { "s3:x-amz-server-side-encryption": "AES256" },
      [],
    ],
    [
      "write under a key that AWS does not have",
      "s3:PutObject",
      "evidence/CASE-1/files/x",
      { "s3:x-amz-server-side-encryption-customer-algorithm": "AES256" },
      [],
    ],
    [
      "write a file in a folder that is called as manifests are",
      "s3:PutObject",
      "evidence/CASE-1/custody/x",
      {},
      ["a collector in a member", "a responder with evidence"],
    ],
    [
      "write under a key of another account",
      "s3:PutObject",
      "evidence/CASE-1/files/x",
      {
        "s3:x-amz-server-side-encryption": "aws:kms",
        "s3:x-amz-server-side-encryption-aws-kms-key-id": `arn:aws:kms:${region}:${member}:key/1`,
      },
      [],
    ],
    // A version under a lock stays all the same: that is S3's, and nobody may bypass it.
    ["hide", "s3:DeleteObject", "evidence/CASE-1/files/x", {}, ["the deployer of forensics"]],
    [
      "delete a version",
      "s3:DeleteObjectVersion",
      "evidence/CASE-1/files/x",
      {},
      ["the deployer of forensics"],
    ],
    ["open by an ACL", "s3:PutObjectAcl", "evidence/CASE-1/files/x", {}, ["the deployer of forensics"]],
  ])("lets nobody %s but whom it must", async (_, action, key, context, names) => {
    expect(await on(action, key, context)).toEqual(everybody.filter((name) => names.includes(name)));
  });

  it.each([
    "s3:DeleteBucket",
    "s3:DeleteBucketPolicy",
    "s3:PutBucketAcl",
    "s3:PutBucketLogging",
    "s3:PutBucketObjectLockConfiguration",
    "s3:PutBucketPolicy",
    "s3:PutBucketPublicAccessBlock",
    "s3:PutBucketVersioning",
    "s3:PutEncryptionConfiguration",
    "s3:PutLifecycleConfiguration",
    "s3:PutReplicationConfiguration",
  ])("is changed by nobody but the deployer: %s", async (action) => {
    expect(await on(action, undefined)).toEqual(["the deployer of forensics"]);
  });

  it("lets nobody in over plaintext", async () => {
    for (const action of ["s3:GetObject", "s3:PutObject"]) {
      expect(await on(action, "evidence/CASE-1/files/x", { "aws:SecureTransport": "false" })).toEqual([]);
    }
  });

  it("has a lock that the landscape may not make shorter than a piece needs, nor beyond the maximum", () => {
    expect(evidence.lockDays).toBeLessThanOrEqual(evidence.maximumDays);
  });
});

describe("the key of evidence", () => {
  const keyArn = `arn:aws:kms:${region}:${forensics}:key/evidence`;
  const on = (action: string, context: Record<string, string> = {}) =>
    allowed({
      action,
      resource: keyArn,
      resourcePolicy: evidenceKeyPolicy(landscape, region),
      context: { "kms:ResourceAliases": evidenceKeyAliasName(landscape), ...context },
    });
  const s3 = { "kms:ViaService": `s3.${region}.amazonaws.com` };
  const ec2 = { "kms:ViaService": `ec2.${region}.amazonaws.com` };
  const session = { "kms:EncryptionContext:aws:ssm:SessionId": "emergency-1-0123456789abcdef0" };
  const writers = ["a collector in a member", "a responder with evidence"];

  it.each<[string, string, Record<string, string>, readonly string[]]>([
    ["encrypts files", "kms:GenerateDataKey", s3, [...writers, "the custodian"]],
    ["decrypts files", "kms:Decrypt", s3, [...writers, "a machine of an analyst", "the custodian"]],
    ["decrypts at will", "kms:Decrypt", {}, []],
    [
      "takes the key of a session out",
      "kms:Decrypt",
      session,
      ["a responder with evidence", "a machine of an analyst"],
    ],
    ["makes the key of a session", "kms:GenerateDataKey", session, ["a responder with evidence"]],
    [
      "decrypts by a service of another region",
      "kms:Decrypt",
      { "kms:ViaService": "s3.us-east-1.amazonaws.com" },
      [],
    ],
    ["copies snapshots under it", "kms:ReEncryptTo", ec2, writers],
    ["lets EBS go on", "kms:CreateGrant", { ...ec2, "kms:GrantIsForAWSResource": "true" }, writers],
    ["grants to anybody", "kms:CreateGrant", { ...ec2, "kms:GrantIsForAWSResource": "false" }, []],
    ["deletes it", "kms:ScheduleKeyDeletion", {}, ["the deployer of forensics"]],
    ["disables it", "kms:DisableKey", {}, ["the deployer of forensics"]],
    ["changes its policy", "kms:PutKeyPolicy", {}, ["the deployer of forensics"]],
  ])("is used by nobody who %s but whom it must", async (_, action, context, names) => {
    expect(await on(action, context)).toEqual(everybody.filter((name) => names.includes(name)));
  });
});

describe("custody", () => {
  const signingKey = `arn:aws:kms:${region}:${forensics}:key/signing`;
  const onKey = (action: string, context: Record<string, string> = {}) =>
    allowed({
      action,
      resource: signingKey,
      resourcePolicy: signingKeyPolicy(landscape),
      context: { "kms:ResourceAliases": signingKeyAliasName(landscape), ...context },
    });

  it.each<[string, string, readonly string[]]>([
    ["signs", "kms:Sign", ["the custodian"]],
    ["checks a signature", "kms:GetPublicKey", ["a responder with evidence", "the custodian"]],
    ["deletes the key", "kms:ScheduleKeyDeletion", ["the deployer of forensics"]],
    ["changes who may sign", "kms:PutKeyPolicy", ["the deployer of forensics"]],
    ["grants signing", "kms:CreateGrant", []],
  ])("is such that nobody %s but whom it must", async (_, action, names) => {
    expect(await onKey(action)).toEqual(everybody.filter((name) => names.includes(name)));
  });

  it("is asked for signatures by responders with evidence alone, and told which manifest is the last by its function", async () => {
    const invoke = await allowed({
      action: "lambda:InvokeFunction",
      resource: custodyFunctionArn(landscape),
    });
    expect(invoke).toEqual(["the deployer of forensics", "a responder with evidence"]);
    const write = await allowed({
      action: "dynamodb:PutItem",
      resource: custodyTableArn(landscape),
      context: { "dynamodb:LeadingKeys": "CASE-1" },
    });
    expect(write).toEqual(["the deployer of forensics", "the custodian"]);
    const read = await allowed({
      action: "dynamodb:GetItem",
      resource: custodyTableArn(landscape),
      context: { "dynamodb:LeadingKeys": "CASE-1" },
    });
    expect(read).toEqual(["the deployer of forensics", "a responder with evidence", "the custodian"]);
    const readAnother = await allowed({
      action: "dynamodb:GetItem",
      resource: custodyTableArn(landscape),
      context: { "dynamodb:LeadingKeys": "CASE-2" },
    });
    expect(readAnother).toEqual(["the deployer of forensics", "the custodian"]);
  });

  it("has a table that DynamoDB decrypts for those who may read it", async () => {
    const decrypt = await allowed({
      action: "kms:Decrypt",
      resource: `arn:aws:kms:${region}:${forensics}:key/custody`,
      resourcePolicy: custodyKeyPolicy(landscape),
      context: {
        "kms:ResourceAliases": custodyKeyAliasName(landscape),
        "kms:ViaService": `dynamodb.${region}.amazonaws.com`,
      },
    });
    expect(decrypt).toEqual(expect.arrayContaining(["a responder with evidence", "the custodian"]));
    expect(decrypt).not.toContain("a member's administrator");
  });
});

describe("tools for analysis", () => {
  it("are put there by the deployer alone", async () => {
    const bucket = bucketArn(landscape, "tools", region);
    const put = await allowed({
      action: "s3:PutObject",
      resource: `${bucket}/memory.tar.gz`,
      resourcePolicy: toolsBucketPolicy(landscape, region),
    });
    expect(put).toEqual(["the deployer of forensics"]);
  });
});

describe("the endpoint to S3", () => {
  /** An endpoint's policy lets through what it allows, whatever else allows it: as a service control policy does. */
  const through = async (principal: string, bucket: string, account: string) => {
    const endpoint = gatewayEndpointPolicy(landscape, region);
    const { verdict } = await simulate({
      principal,
      action: "s3:PutObject",
      resource: `${bucket}/evidence/CASE-1/files/x`,
      account,
      context: { "aws:PrincipalAccount": principal.split(":")[4] ?? "", "aws:ResourceAccount": account },
      identityPolicies: [administratorAccess],
      resourcePolicy: {
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: "*", Action: "*", Resource: "*" }],
      },
      serviceControlPolicies: [
        [{ ...endpoint, Statement: endpoint.Statement.map(({ Principal, ...statement }) => statement) }],
      ],
    });
    return verdict;
  };
  const own = bucketArn(landscape, "evidence", region);
  const analyst = roleArn(landscape, "forensic-analysis", forensics);

  it("carries nothing by credentials of another account, and nothing to another bucket or region", async () => {
    expect(await through(analyst, own, forensics)).toBe("allowed");
    expect(await through("arn:aws:iam::999999999999:role/thief", own, forensics)).not.toBe("allowed");
    expect(await through(analyst, "arn:aws:s3:::somewhere-else", forensics)).not.toBe("allowed");
    expect(await through(analyst, "arn:aws:s3:::somewhere-else", "999999999999")).not.toBe("allowed");
    expect(await through(analyst, bucketArn(landscape, "evidence", "us-east-1"), forensics)).not.toBe(
      "allowed",
    );
  });
});
