import { type Landscape, parseLandscape } from "../../landscape";
import { formatProblem } from "../../landscape/problems";
import { tooLong } from "../../stacks/fit";
import { type Extreme, extremeText } from "./extreme-text";

export type { Extreme } from "./extreme-text";

/** As `validate` takes it, or its problems. */
export const validated = (extreme: Extreme) => parseLandscape("extreme.yaml", extremeText(extreme), tooLong);

/** @throws Error where `validate` refuses the landscape */
export function extremeLandscape(extreme: Extreme): Landscape {
  const result = validated(extreme);
  if (result.ok) return result.value;
  throw new Error(result.problems.slice(0, 20).map(formatProblem).join("\n"));
}

/** The most, of something of which more is longer, that `validate` lets through; it does let `least` through. */
export function mostOf(least: number, beyond: number, extremeOf: (many: number) => Extreme): number {
  let [fits, refused] = [least, beyond];
  while (refused - fits > 1) {
    const middle = Math.floor((fits + refused) / 2);
    if (validated(extremeOf(middle)).ok) fits = middle;
    else refused = middle;
  }
  return fits;
}

/** In Ireland and wherever names of regions are longest. */
export const longRegions = ["eu-west-1", "ap-northeast-1", "ap-southeast-1"];

/** Whatever the schema limits is at its limit; of what it doesn't there are a few. */
export const largest: Extreme = {
  partition: "aws",
  landingZone: "none",
  distribution: "stackset",
  organizationName: "a23456789012345x",
  organizationId: `o-${"a".repeat(32)}`,
  regions: longRegions,
  unwatchedRegions: "deny",
  deployRole: "OrganizationAccountAccessRole",
  onlyUsers: false,
  amounts: {
    users: 2,
    userNameLength: 20,
    exceptions: 1,
    perimeterUnits: 3,
    standardsUnits: 3,
    noise: 99,
    tools: 30,
    tags: 40,
    members: 137,
    channels: 20,
    imageLength: 20,
  },
};
