import type { Need } from "../../shared/need";

export const needs: readonly Need[] = [
  { action: "cloudtrail:LookupEvents", because: "what the principal did, from where, and whom it became" },
];
