import type { Principal } from "./principal";
import type { Setting } from "./setting";

/** When the last change about a principal that is in force was made, UTC; undefined where this case made none. */
export async function containedSince(setting: Setting, { arn }: Principal): Promise<string | undefined> {
  const times = (await setting.ledger.entries())
    .filter(({ state, target }) => state === "done" && target === arn)
    .flatMap(({ doneAt }) => doneAt ?? []);
  return times.sort().at(-1);
}
