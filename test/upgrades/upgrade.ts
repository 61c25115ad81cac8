import { landscapeOf, synthesized } from "../support/landscapes";
import { wholeRun } from "../support/share";
import { type Release, readRelease } from "./fixture";
import { type Loss, lossesOfPlan, stacksLeftBehind } from "./losses";
import { type PlanRequest, planAgainst } from "./plan";

/**
 * Today's stacks with the states of the release that they meet. A stack whose text is still the release's has nothing
 * to change; the long run asks Terraform about it all the same.
 */
export function requestsFor(
  { stacks, states }: Release,
  today: ReadonlyMap<string, string>,
  all = wholeRun(),
): PlanRequest[] {
  return Object.entries(states).flatMap(([stack, state]) => {
    const configuration = today.get(stack);
    if (configuration === undefined) return [];
    const same = JSON.stringify(JSON.parse(configuration)) === stacks[stack];
    return same && !all ? [] : [{ stack, configuration, state }];
  });
}

/**
 * What an upgrade from a kept release to today's kit would lose.
 *
 * @throws ReleaseMissing
 * @throws Error where the kit no longer reads the release's landscape, or Terraform can't plan
 */
export async function lossesFrom(version: string): Promise<Loss[]> {
  const release = readRelease(version);
  const { texts } = synthesized(landscapeOf(release.landscape));
  const plans = await planAgainst(requestsFor(release, texts));
  const losses = await Promise.all(plans.map(lossesOfPlan));
  return [...stacksLeftBehind(Object.keys(release.stacks), [...texts.keys()]), ...losses.flat()];
}
