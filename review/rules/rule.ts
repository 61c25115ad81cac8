import type { Static } from "@sinclair/typebox";
import type * as rules from "./rule-schema";
import type { Framework, Severity } from "./terms";

export type Schema = Static<typeof rules.schema>;
export type Clause = Static<typeof rules.clause>;
export type ResourceCheck = Static<typeof rules.resourceCheck>;
export type CompanionCheck = Static<typeof rules.companionCheck>;
export type PresenceCheck = Static<typeof rules.presenceCheck>;
export type PolicyCheck = Static<typeof rules.policyCheck>;
export type Check = ResourceCheck | CompanionCheck | PresenceCheck | PolicyCheck;

/** What is checked, why, and which controls it serves: plain data, one file a rule. */
export interface Rule {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly why: string;
  /** Where AWS, or a framework's publisher, says so. */
  readonly source: string;
  readonly fix: string;
  readonly controls: Readonly<Partial<Record<Framework, readonly string[]>>>;
  readonly checks: readonly Check[];
}
