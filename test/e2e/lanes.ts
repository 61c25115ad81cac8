import { lanesWithPool as lanes } from "../local-aws/provider-pool/local";
import { atOnce } from "../support/at-once";

/** Works on stacks, as many at once as there are lanes. */
export const inLanes = <Result>(names: readonly string[], work: (name: string) => Promise<Result>) =>
  atOnce(lanes, names, work);

/**
 * Works on stacks, each after those it depends on, as many at once as there are lanes. The first error ends it: what is
 * under way is waited for, and nothing else is begun.
 *
 * @param stacks in an order in which each comes after those it depends on
 */
export async function inDependencyOrder(
  stacks: readonly { readonly name: string; readonly dependsOn: readonly string[] }[],
  work: (name: string) => Promise<void>,
): Promise<void> {
  const waiting = [...stacks];
  const done = new Set<string>();
  const running = new Map<string, Promise<void>>();
  const within = new Set(stacks.map(({ name }) => name));
  const ready = ({ dependsOn }: (typeof stacks)[number]) =>
    dependsOn.every((name) => done.has(name) || !within.has(name));
  try {
    while (waiting.length > 0 || running.size > 0) {
      const next = running.size < lanes ? waiting.findIndex(ready) : -1;
      const [stack] = next < 0 ? [] : waiting.splice(next, 1);
      if (stack !== undefined) {
        running.set(
          stack.name,
          work(stack.name).then(() => {
            done.add(stack.name);
            running.delete(stack.name);
          }),
        );
      } else if (running.size > 0) {
        await Promise.race(running.values());
      } else {
        throw new Error(`stacks wait for one another: ${waiting.map(({ name }) => name).join(", ")}`);
      }
    }
  } finally {
    await Promise.allSettled(running.values());
  }
}
