import { accountRootArn } from "../../landscape/arns";
import type { Account, Landscape } from "../../landscape/model";
import type { Condition, Statement } from "../document";

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
