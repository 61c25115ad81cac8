import type { TerraformResourceLifecycle } from "cdktf";

/**
 * Of a resource whose description AWS takes only when it is made: what stands keeps its own, since a new wording would
 * mean another resource in its place (ADR 0029).
 */
export const fixedWhenMade: TerraformResourceLifecycle = { ignoreChanges: ["description"] };
