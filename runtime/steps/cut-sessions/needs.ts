import type { Need } from "../../shared/need";

export const needs: readonly Need[] = [
  { action: "iam:GetRole", because: "the role's unique id, of which a session's id is made" },
];

/** In the hub's account. */
export const hubNeeds: readonly Need[] = [
  { action: "lambda:InvokeFunction", because: "cuts are written by one function, and by nobody else" },
];
