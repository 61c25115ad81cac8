import { accountRootArn } from "../../landscape/arns";
import type { Account, Landscape } from "../../landscape/model";
import { accountId } from "../../landscape/names";
import { type Condition, type Statement, services } from "../document";

/**
 * Statements that every log key has. In a key policy the resource `*` means this key and no other.
 *
 * The owner account administers the key and cannot decrypt with it: whoever there could, would have to grant it to
 * itself by `kms:PutKeyPolicy`, which is logged. Source: "Key policies in AWS KMS", AWS KMS developer guide.
 */
export function administerKey(landscape: Landscape, owner: Account): Statement {
  return {
    Sid: "AdministerKey",
    Effect: "Allow",
    Principal: { AWS: [accountRootArn(landscape, owner)] },
    Action: [
      "kms:CancelKeyDeletion",
      "kms:CreateAlias",
      "kms:DeleteAlias",
      "kms:DescribeKey",
      "kms:DisableKey",
      "kms:DisableKeyRotation",
      "kms:EnableKey",
      "kms:EnableKeyRotation",
      "kms:GetKeyPolicy",
      "kms:GetKeyRotationStatus",
      "kms:ListAliases",
      "kms:ListGrants",
      "kms:ListKeyPolicies",
      "kms:ListKeyRotations",
      "kms:ListResourceTags",
      "kms:PutKeyPolicy",
      "kms:RevokeGrant",
      "kms:RotateKeyOnDemand",
      "kms:ScheduleKeyDeletion",
      "kms:TagResource",
      "kms:UntagResource",
      "kms:UpdateAlias",
      "kms:UpdateKeyDescription",
    ],
    Resource: ["*"],
  };
}

/** The security account decrypts logs, and only by reading them from S3 in the home region. */
export function decryptForInvestigation(landscape: Landscape, more: Condition = {}): Statement {
  return {
    Sid: "DecryptForInvestigation",
    Effect: "Allow",
    Principal: { AWS: [accountRootArn(landscape, landscape.hub)] },
    Action: ["kms:Decrypt"],
    Resource: ["*"],
    Condition: {
      StringEquals: { "kms:ViaService": `s3.${landscape.homeRegion}.${landscape.partition.dnsSuffix}` },
      ...more,
    },
  };
}

/** A service, in one region, with what the caller may do there. */
export const viaService = ({ partition }: Landscape, service: string, region: string): string =>
  `${service}.${region}.${partition.dnsSuffix}`;

/**
 * Whoever may use a table of the account, or what else a service keeps there, has it encrypted and decrypted by the
 * service. Source: "Authorizing use of a customer managed key" (Amazon DynamoDB developer guide).
 *
 * @param through services: one, or several, of the home region
 */
export const encryptFor = (
  landscape: Landscape,
  owner: Account,
  Sid: string,
  through: string | readonly string[],
): Statement => ({
  Sid,
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
      "kms:CallerAccount": accountId(owner),
      "kms:ViaService":
        typeof through === "string"
          ? viaService(landscape, through, landscape.homeRegion)
          : through.map((service) => viaService(landscape, service, landscape.homeRegion)),
    },
  },
});

/** Source: "Encrypt log data in CloudWatch Logs using AWS KMS" (Amazon CloudWatch Logs user guide). */
export const encryptLogs = (
  landscape: Landscape,
  Sid: string,
  logGroups: readonly string[],
  region = landscape.homeRegion,
): Statement => ({
  Sid,
  Effect: "Allow",
  Principal: services(viaService(landscape, "logs", region)),
  Action: ["kms:Decrypt*", "kms:DescribeKey", "kms:Encrypt*", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
  Resource: ["*"],
  Condition: { ArnLike: { "kms:EncryptionContext:aws:logs:arn": logGroups } },
});
