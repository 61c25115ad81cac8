import { bucketArn, deployRoleArn } from "../../landscape/arns";
import { forensicKeysArn } from "../../landscape/evidence-arns";
import { manifestsPrefix, piecesOf } from "../../landscape/evidence-prefixes";
import type { Evidence, Landscape } from "../../landscape/model";
import { caseTag } from "../../landscape/tasks";
import { type PolicyDocument, policyDocument, type Statement } from "../document";
import { unless } from "../guardrails/exempt";
import { accessLogsDelivery } from "../logs/access-logs";
import { bucketDenies, denyBypassingLock } from "../logs/bucket";
import { collectors, custodian, onlyBy, readers } from "./parties";

/**
 * Evidence of a region: written below the prefix of a case by whoever collects for it, signed for by the custodian,
 * read in the forensics account, deleted by nobody. Most statements are denials, since in its own account a bucket's
 * policy allows nothing that an administrator's could not allow too.
 */
export function evidenceBucketPolicy(
  landscape: Landscape,
  evidence: Evidence,
  region: string,
): PolicyDocument {
  const bucket = bucketArn(landscape, "evidence", region);
  const everyone = { Principal: "*" as const };
  const objects = [`${bucket}/*`];
  const manifests = [`${bucket}/${manifestsPrefix}*`];
  const deny = (Sid: string, rest: Omit<Statement, "Sid" | "Effect">): Statement => ({
    Sid,
    Effect: "Deny",
    ...everyone,
    ...rest,
  });
  return policyDocument([
    ...bucketDenies(landscape, "evidence", region),
    denyBypassingLock(landscape, "evidence", region),
    deny("OnlyCollectorsWrite", {
      Action: [
        "s3:AbortMultipartUpload",
        "s3:ObjectOwnerOverrideToBucketOwner",
        "s3:PutObject",
        "s3:Replicate*",
      ],
      Resource: objects,
      Condition: unless([collectors(landscape), custodian(landscape)]),
    }),
    deny("OnlyTheCustodianSigns", {
      Action: ["s3:PutObject"],
      Resource: manifests,
      Condition: unless([custodian(landscape)]),
    }),
    deny("TheCustodianOnlySigns", {
      Action: ["s3:PutObject"],
      NotResource: [...manifests, bucket],
      Condition: { ArnLike: { "aws:PrincipalArn": [custodian(landscape)] } },
    }),
    deny("OnlyReadersRead", {
      Action: ["s3:GetObject*"],
      Resource: objects,
      Condition: unless(readers(landscape)),
    }),
    deny("NobodyHides", {
      // A marker deletes nothing and hides everything. The deployer may, once the lock has ended; and lengthens locks.
      Action: [
        "s3:DeleteObject*",
        "s3:PutObjectAcl",
        "s3:PutObjectLegalHold",
        "s3:PutObjectRetention",
        "s3:PutObjectTagging",
        "s3:PutObjectVersion*",
      ],
      Resource: objects,
      Condition: unless([deployRoleArn(landscape, landscape.accounts.forensics)]),
    }),
    deny("NotLongerThanTheMaximum", {
      Action: ["s3:PutObject", "s3:PutObjectRetention"],
      Resource: objects,
      Condition: {
        NumericGreaterThan: { "s3:object-lock-remaining-retention-days": String(evidence.maximumDays) },
      },
    }),
    deny("OnlyUnderKeysOfThisAccount", {
      Action: ["s3:PutObject"],
      Resource: objects,
      Condition: {
        // A condition that negates holds where the key is absent, and then the bucket's own encryption applies.
        Null: { "s3:x-amz-server-side-encryption-aws-kms-key-id": "false" },
        ArnNotLike: {
          "s3:x-amz-server-side-encryption-aws-kms-key-id": [forensicKeysArn(landscape, region)],
        },
      },
    }),
    deny("OnlyUnderKeysOfAws", {
      // What a writer encrypts with a key of his own nobody else ever reads.
      Action: ["s3:PutObject"],
      Resource: objects,
      Condition: { Null: { "s3:x-amz-server-side-encryption-customer-algorithm": "false" } },
    }),
    deny("OnlyUnderKeys", {
      Action: ["s3:PutObject"],
      Resource: objects,
      Condition: {
        Null: { "s3:x-amz-server-side-encryption": "false" },
        StringNotEquals: { "s3:x-amz-server-side-encryption": "aws:kms" },
      },
    }),
    {
      Sid: "CollectBelowTheCase",
      Effect: "Allow",
      ...everyone,
      Action: ["s3:AbortMultipartUpload", "s3:PutObject"],
      Resource: [`${bucket}/${piecesOf(`\${aws:PrincipalTag/${caseTag}}`)}*`],
      Condition: onlyBy(landscape, [collectors(landscape)]),
    },
  ]);
}

/** Kinds of buckets that stand in each region of evidence, and log to the third. */
export const loggedKinds = ["evidence", "tools"] as const;

export const evidenceAccessPolicy = (landscape: Landscape, region: string): PolicyDocument =>
  policyDocument([
    ...bucketDenies(landscape, "evidence-access", region),
    ...accessLogsDelivery(landscape, "evidence-access", loggedKinds, region),
  ]);

/** Tools for analysis: what runs beside evidence, and so is put there by the deployer alone. */
export const toolsBucketPolicy = (landscape: Landscape, region: string): PolicyDocument =>
  policyDocument([
    ...bucketDenies(landscape, "tools", region),
    {
      Sid: "OnlyTheDeployerWrites",
      Effect: "Deny",
      Principal: "*",
      Action: ["s3:DeleteObject*", "s3:PutObject*", "s3:Replicate*"],
      Resource: [`${bucketArn(landscape, "tools", region)}/*`],
      Condition: unless([deployRoleArn(landscape, landscape.accounts.forensics)]),
    },
  ]);
