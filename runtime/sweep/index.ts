import type { TSchema } from "@sinclair/typebox";
import type { Step } from "../shared/step";
import { listPlaces } from "./list-places";
import type { SweepSetting } from "./setting";
import { summarize } from "./summarize";
import { sweepPlace } from "./sweep-place";

/** Steps of the sweep, in the order in which its workflow runs them. */
export const sweepSteps: readonly Step<TSchema, TSchema, SweepSetting>[] = [
  listPlaces,
  sweepPlace,
  summarize,
] as unknown as readonly Step<TSchema, TSchema, SweepSetting>[];
