import type { QuarantineKind } from "../landscape/names";
import { type PolicyDocument, policyDocument } from "./document";

/** Unconditional: `aws:TokenIssueTime` does not exist on long-term keys, so a deny by time leaves them working. */
const denyAll = policyDocument([{ Sid: "Quarantine", Effect: "Deny", Action: ["*"], Resource: ["*"] }]);

/**
 * What an attacker digs in with. Attached where the workload behind the principal must go on for a while; the
 * principal is not contained by it.
 */
const denyPersistence = policyDocument([
  {
    Sid: "NoDiggingIn",
    Effect: "Deny",
    Action: [
      "account:*",
      "cloudformation:*",
      "cloudtrail:*",
      "config:*",
      "ec2:AssociateIamInstanceProfile",
      "ec2:CreateKeyPair",
      "ec2:ImportKeyPair",
      "ec2:ModifyInstanceAttribute",
      "ec2:ReplaceIamInstanceProfileAssociation",
      "ec2:RunInstances",
      "guardduty:*",
      "iam:*",
      "lambda:AddPermission",
      "lambda:CreateFunction",
      "lambda:CreateFunctionUrlConfig",
      "lambda:UpdateFunctionCode",
      "lambda:UpdateFunctionConfiguration",
      "organizations:*",
      "ram:*",
      "rolesanywhere:*",
      "securityhub:*",
      "ssm:CreateActivation",
      "ssm:SendCommand",
      "ssm:StartSession",
      "sso:*",
      "sts:AssumeRole",
      "sts:GetFederationToken",
      "sts:GetSessionToken",
    ],
    Resource: ["*"],
  },
]);

export const quarantineDocuments: Readonly<Record<QuarantineKind, PolicyDocument>> = {
  "deny-all": denyAll,
  "deny-persistence": denyPersistence,
};
