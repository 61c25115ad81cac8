import type { Deployed } from "../../landscape/deployed/schema";
import type { Landscape } from "../../landscape/model";
import { compare } from "../../stacks/synthesize";

/** The lock file of a landscape from which everything has been deployed. */
export const deployedOf = (landscape: Landscape, before?: Deployed): Deployed =>
  compare(landscape, before).record;
