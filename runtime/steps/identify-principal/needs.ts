import type { Need } from "../../shared/need";

export const needs: readonly Need[] = [
  { action: "iam:GetAccessKeyLastUsed", because: "a long-term key's user" },
  { action: "iam:GetUser", because: "the user's path and unique ARN" },
  { action: "iam:GetRole", because: "the role's path and unique ARN" },
  { action: "cloudtrail:LookupEvents", because: "whose session a temporary key is: IAM does not tell" },
];

/** In the hub's account. */
export const hubNeeds: readonly Need[] = [
  { action: "sts:GetAccessKeyInfo", because: "the account of a key" },
];
