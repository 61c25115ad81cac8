import type { Need } from "../../shared/need";

export const needs: readonly Need[] = [
  { action: "iam:ListAttachedUserPolicies", because: "whether the quarantine is still attached" },
  { action: "iam:ListAttachedRolePolicies", because: "whether the quarantine is still attached" },
  { action: "iam:GetUser", because: "whether the deny-all boundary is set" },
  { action: "iam:GetRole", because: "whether the deny-all boundary is set" },
  { action: "iam:GetPolicy", because: "which version of the quarantine policy is in force" },
  { action: "iam:GetPolicyVersion", because: "whether its text still denies everything" },
  { action: "iam:ListAccessKeys", because: "whether a key is active, or a new one was made" },
  {
    action: "iam:SimulatePrincipalPolicy",
    because: "what AWS itself decides for the principal's live policies",
  },
  { action: "cloudtrail:LookupEvents", because: "whether a call went through after the containment" },
];
