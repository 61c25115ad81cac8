import type { Graph } from "./graph";
import { UnreadableInput } from "./problem";
import { isObject, readJson } from "./read/json";
import { printable } from "./report/printable";

/** How what is about to be applied differs from what was reviewed, by stack. */
export interface Difference {
  readonly stack: string;
  readonly what: "changed since the review" | "was not reviewed" | "was reviewed, and is not here";
}

/**
 * Compares stacks or plans with the report of a review, byte by byte.
 *
 * @param report file of a report as JSON
 * @throws UnreadableInput where the file is no such report
 */
export function differencesFrom(report: string, { digests }: Pick<Graph, "digests">): Difference[] {
  const reviewed = digestsIn(report);
  const here = new Map(Object.entries(digests).map(([stack, digest]) => [printable(stack), digest]));
  const changed = [...here].flatMap(([stack, digest]): Difference[] => {
    const known = reviewed.get(stack);
    if (known === digest) return [];
    return [{ stack, what: known === undefined ? "was not reviewed" : "changed since the review" }];
  });
  const missing = [...reviewed.keys()]
    .filter((stack) => !here.has(stack))
    .map((stack): Difference => ({ stack, what: "was reviewed, and is not here" }));
  return [...changed, ...missing];
}

function digestsIn(file: string): Map<string, string> {
  const { value } = readJson(file);
  if (!isObject(value) || value.version !== 1 || !isObject(value.digests)) {
    throw new UnreadableInput(
      `${file} is no report of a review; ir-kit review --format json --out writes one`,
    );
  }
  return new Map(Object.entries(value.digests).map(([stack, digest]) => [printable(stack), String(digest)]));
}
