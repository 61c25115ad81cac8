import { custodyLogGroupArn, sessionLogArn } from "../../landscape/evidence-arns";
import type { Landscape } from "../../landscape/model";
import { type PolicyDocument, policyDocument } from "../document";
import { administerKey, encryptFor, encryptLogs } from "../logs/key";
import { analysts, collectors, custodian, onlyBy, readers, through } from "./parties";

/**
 * The key of a region's evidence. Administrators can't use it; collectors encrypt, and copy snapshots of members under
 * it; readers decrypt in the forensics account.
 *
 * Actions of copying are those of "Share an encrypted snapshot" (Amazon EBS user guide), in the region's EC2 only.
 */
export function evidenceKeyPolicy(landscape: Landscape, region: string): PolicyDocument {
  const { forensics } = landscape.accounts;
  const everyone = { Effect: "Allow", Principal: "*", Resource: ["*"] } as const;
  const byCollectors = (service?: string) =>
    onlyBy(
      landscape,
      [collectors(landscape)],
      service === undefined ? {} : through(landscape, service, region),
    );
  return policyDocument([
    administerKey(landscape, forensics),
    {
      ...everyone,
      Sid: "CollectorsFindIt",
      Action: ["kms:DescribeKey"],
      Condition: byCollectors(),
    },
    {
      ...everyone,
      Sid: "CollectorsEncryptFiles",
      // Decrypt, since an upload in parts reads back what it has encrypted.
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Condition: byCollectors("s3"),
    },
    {
      ...everyone,
      Sid: "CollectorsCopySnapshots",
      Action: ["kms:Decrypt", "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncryptFrom", "kms:ReEncryptTo"],
      Condition: byCollectors("ec2"),
    },
    {
      ...everyone,
      Sid: "EbsWorksOn",
      // Copying and attaching go on after the call has returned, by a grant to EBS.
      Action: ["kms:CreateGrant"],
      Condition: {
        ...byCollectors("ec2"),
        Bool: { "kms:GrantIsForAWSResource": "true" },
      },
    },
    {
      ...everyone,
      Sid: "ReadersDecrypt",
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Condition: onlyBy(landscape, readers(landscape), through(landscape, "s3", region)),
    },
    {
      ...everyone,
      Sid: "SessionsOfAnalysts",
      // Whoever opens a session makes its key, and the machine takes it out ("Turn on KMS key encryption of session data").
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Condition: {
        ...onlyBy(landscape, analysts(landscape)),
        Null: { "kms:EncryptionContext:aws:ssm:SessionId": "false" },
      },
    },
    encryptLogs(landscape, "LogOfSessions", [sessionLogArn(landscape, region)], region),
  ]);
}

/** The key that signs: nobody but the custodian signs with it, and readers of evidence check signatures. */
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
    encryptFor(landscape, landscape.accounts.forensics, "Table", "dynamodb"),
    encryptLogs(landscape, "Log", [custodyLogGroupArn(landscape)]),
  ]);
