import { custodyLogGroupArn } from "../../landscape/evidence-arns";
import type { Landscape } from "../../landscape/model";
import { accountId } from "../../landscape/names";
import { type PolicyDocument, policyDocument, services } from "../document";
import { administerKey } from "../logs/key";
import { collectors, custodian, onlyBy, readers, through } from "./parties";

/**
 * The key of a region's evidence. Administrators can't use it; collectors encrypt, and copy snapshots of members under
 * it; readers decrypt in the forensics account.
 *
 * Actions of copying are those of "Share an encrypted snapshot" (Amazon EBS user guide), in the region's EC2 only.
 */
export function evidenceKeyPolicy(landscape: Landscape, region: string): PolicyDocument {
  const { forensics } = landscape.accounts;
  const everyone = { Effect: "Allow", Principal: "*", Resource: ["*"] } as const;
  const byCollectors = onlyBy(landscape, [collectors(landscape)]);
  const byReaders = onlyBy(landscape, readers(landscape));
  return policyDocument([
    administerKey(landscape, forensics),
    {
      ...everyone,
      Sid: "CollectorsFindIt",
      Action: ["kms:DescribeKey"],
      Condition: byCollectors,
    },
    {
      ...everyone,
      Sid: "CollectorsEncryptFiles",
      // Decrypt, since an upload in parts reads back what it has encrypted.
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Condition: {
        ...byCollectors,
        StringEquals: { ...byCollectors.StringEquals, ...through(landscape, "s3", region) },
      },
    },
    {
      ...everyone,
      Sid: "CollectorsCopySnapshots",
      Action: ["kms:Decrypt", "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncryptFrom", "kms:ReEncryptTo"],
      Condition: {
        ...byCollectors,
        StringEquals: { ...byCollectors.StringEquals, ...through(landscape, "ec2", region) },
      },
    },
    {
      ...everyone,
      Sid: "EbsWorksOn",
      // Copying and attaching go on after the call has returned, by a grant to EBS.
      Action: ["kms:CreateGrant"],
      Condition: {
        ...byCollectors,
        StringEquals: { ...byCollectors.StringEquals, ...through(landscape, "ec2", region) },
        Bool: { "kms:GrantIsForAWSResource": "true" },
      },
    },
    {
      ...everyone,
      Sid: "ReadersDecrypt",
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Condition: {
        ...byReaders,
        StringEquals: { ...byReaders.StringEquals, ...through(landscape, "s3", region) },
      },
    },
  ]);
}

/** The key that signs: nobody but the custodian uses it, and anybody of the organization may check a signature. */
export const signingKeyPolicy = (landscape: Landscape): PolicyDocument =>
  policyDocument([
    administerKey(landscape, landscape.accounts.forensics),
    {
      Sid: "TheCustodianSigns",
      Effect: "Allow",
      Principal: "*",
      Action: ["kms:Sign"],
      Resource: ["*"],
      Condition: onlyBy(landscape, [custodian(landscape)]),
    },
    {
      Sid: "ReadersCheck",
      Effect: "Allow",
      Principal: "*",
      Action: ["kms:GetPublicKey", "kms:Verify"],
      Resource: ["*"],
      Condition: onlyBy(landscape, readers(landscape)),
    },
  ]);

/** The table of custody, and the log of its function. */
export const custodyKeyPolicy = (landscape: Landscape): PolicyDocument =>
  policyDocument([
    administerKey(landscape, landscape.accounts.forensics),
    {
      // Source: "Authorizing use of a customer managed key" (Amazon DynamoDB developer guide).
      Sid: "Table",
      Effect: "Allow",
      Principal: "*",
      Action: [
        "kms:CreateGrant",
        "kms:Decrypt",
        "kms:DescribeKey",
        "kms:Encrypt",
        "kms:GenerateDataKey*",
        "kms:ReEncrypt*",
      ],
      Resource: ["*"],
      Condition: {
        StringEquals: {
          "kms:CallerAccount": accountId(landscape.accounts.forensics),
          ...through(landscape, "dynamodb", landscape.homeRegion),
        },
      },
    },
    {
      // Source: "Encrypt log data in CloudWatch Logs using AWS KMS" (Amazon CloudWatch Logs user guide).
      Sid: "Log",
      Effect: "Allow",
      Principal: services(`logs.${landscape.homeRegion}.${landscape.partition.dnsSuffix}`),
      Action: ["kms:Decrypt*", "kms:DescribeKey", "kms:Encrypt*", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
      Resource: ["*"],
      Condition: { ArnLike: { "kms:EncryptionContext:aws:logs:arn": [custodyLogGroupArn(landscape)] } },
    },
  ]);
