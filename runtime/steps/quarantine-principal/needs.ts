import type { Need } from "../../shared/need";

export const needs: readonly Need[] = [
  { action: "iam:AttachUserPolicy", because: "the staged deny-all policy, on a user" },
  { action: "iam:AttachRolePolicy", because: "the staged deny-all policy, on a role" },
  { action: "iam:ListAttachedUserPolicies", because: "whether it is attached already, and is afterwards" },
  { action: "iam:ListAttachedRolePolicies", because: "whether it is attached already, and is afterwards" },
  { action: "iam:PutUserPermissionsBoundary", because: "where the user's policies are full" },
  { action: "iam:PutRolePermissionsBoundary", because: "where the role's policies are full" },
  { action: "iam:GetUser", because: "the boundary that stood before" },
  { action: "iam:GetRole", because: "the boundary that stood before" },
];

/** What the step itself never does: a human releases, automation does not. */
export const releaseNeeds: readonly Need[] = [
  { action: "iam:DetachUserPolicy", because: "to release the user" },
  { action: "iam:DetachRolePolicy", because: "to release the role" },
];
