import type { Value } from "../graph";
import type { AccessKind } from "./model";

/** How the values of an attribute order, from weak to strong. */
export type Strength =
  /** More is stronger; what is not said counts as much as this, and so does zero where that means forever. */
  | { readonly more: { readonly unsaid: number; readonly forever?: number } }
  /** This value is the strong one; what is not said is `unsaid`. */
  | { readonly strong: Value; readonly unsaid?: Value }
  /** From weak to strong. */
  | { readonly order: readonly Value[]; readonly unsaid?: Value }
  /** Strong where something is said. */
  | "said"
  /** A list that is stronger the more it holds. */
  | "list";

export interface Setting {
  readonly kind: AccessKind;
  /** Names of attributes, joined by dots, past lists of blocks. */
  readonly at: string;
  readonly strength: Strength;
}

export const on: Strength = { strong: true, unsaid: false };
export const onUnlessSaid: Strength = { strong: true, unsaid: true };
export const off: Strength = { strong: false, unsaid: false };
export const forever = Number.POSITIVE_INFINITY;
export const days = (unsaid: number): Strength => ({ more: { unsaid } });

/** Of AWS's own values, which the provider and CloudFormation name alike. */
export const ruleState: Strength = {
  order: ["DISABLED", "ENABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"],
  unsaid: "ENABLED",
};
export const trafficType: Strength = { order: ["ACCEPT", "REJECT", "ALL"] };
export const executionLogLevel: Strength = { order: ["OFF", "FATAL", "ERROR", "ALL"], unsaid: "OFF" };

export const encrypted = (at: string, strength: Strength = "said"): Setting => ({
  kind: "encryption",
  at,
  strength,
});
export const logged = (at: string, strength: Strength = on): Setting => ({ kind: "logging", at, strength });
export const kept = (at: string, strength: Strength): Setting => ({ kind: "retention", at, strength });
export const protectedBy = (at: string, strength: Strength = on): Setting => ({
  kind: "protection",
  at,
  strength,
});
