import type { Need } from "../../shared/need";

export const needs: readonly Need[] = [
  { action: "iam:GetRole", because: "whom the role's trust policy lets in" },
  { action: "cloudtrail:LookupEvents", because: "who has come in, and who has given out the user's keys" },
];
