import type { Clock } from "./clock";

/** Milliseconds between looks: short ones first, since small things take seconds and large ones hours. */
const shortestPause = 2_000;
const longestPause = 30_000;

/** Looks until there is an answer, and gives it; nothing where none came in time. It looks at least once. */
export async function awaited<T>(
  clock: Clock,
  until: Date,
  look: () => Promise<T | undefined>,
): Promise<T | undefined> {
  for (let pause = shortestPause; ; pause = Math.min(pause * 2, longestPause)) {
    const found = await look();
    if (found !== undefined) return found;
    if (clock.now() >= until) return undefined;
    await clock.sleep(pause);
  }
}
