import type { Resource } from "../graph";
import type { Statement } from "../policies";
import type { Layers } from "./requests";

/** What the policies of a holder decide about. */
export type HolderKind = "permissions" | "trust" | "resource-policy" | "guardrail";

/** Who is given something, or what is guarded, with all policies that decide about it together. */
export interface Holder {
  readonly kind: HolderKind;
  readonly resource: Resource;
  readonly layers: Layers;
  /** ARNs of policies that are AWS's or stand elsewhere, so that nobody here knows what they say. */
  readonly elsewhere: readonly string[];
  readonly boundaryElsewhere: string | undefined;
  /** What the boundary that stands here says. */
  readonly boundary: readonly Statement[] | undefined;
  /** Names of attributes whose policies are known after apply only. */
  readonly unread: readonly string[];
  /** What expressions in the policies refer to: where they change, so may what is unknown. */
  readonly refersTo: readonly string[];
}

/** Stands beside a guardrail that only denies. */
export const everything: Statement = { Effect: "Allow", Action: ["*"], Resource: ["*"] };

/** What decides where a holder is not there: nothing is allowed, but for a guardrail, which then guards nothing. */
export const layersWithout = (kind: HolderKind): Layers => [kind === "guardrail" ? [everything] : []];
