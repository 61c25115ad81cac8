import type { Refusal } from "./refusal";
export const refusals: readonly Refusal[] = [];
