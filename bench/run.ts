import type { Measurement } from "./measurement";
import type { Part } from "./part";
import { Scratch } from "./scratch";

const usage = (parts: readonly Part[]): string => {
  const width = Math.max(...parts.map(({ name }) => name.length));
  return [
    "usage: npm run bench -- [part…]",
    "",
    "Measures the parts whose name holds one of the words, or all of them, and exits with 1 where a ratio misses its",
    "goal. Parts:",
    ...parts.map(({ name, about }) => `  ${name.padEnd(width)}  ${about}`),
    "",
  ].join("\n");
};

const lineOf = ({ what, baseline, ratio, goal, detail }: Measurement): string =>
  `${ratio <= goal ? "good  " : "missed"}  ${ratio.toFixed(2).padStart(6)} ≤ ${String(goal).padEnd(4)}  ${what}  (of ${baseline}: ${detail})\n`;

/** Prints each figure as soon as it is measured, so that a run that is cut off has shown what it had. */
async function measureAll(parts: readonly Part[], scratch: Scratch): Promise<readonly Measurement[]> {
  const measurements: Measurement[] = [];
  for (const { name, measure } of parts) {
    const start = performance.now();
    process.stderr.write(`${name} …\n`);
    for await (const measurement of measure(scratch)) {
      process.stdout.write(lineOf(measurement));
      measurements.push(measurement);
    }
    process.stderr.write(`${name}: ${((performance.now() - start) / 1000).toFixed(0)} s\n`);
  }
  return measurements;
}

/**
 * Measures the parts that are asked for and tells the exit code: 0 where every ratio meets its goal, 1 where one misses
 * it, 2 where a word names no part.
 *
 * @param words what is asked for: `--help`, or pieces of names
 */
export async function runParts(parts: readonly Part[], words: readonly string[]): Promise<number> {
  if (words.includes("--help") || words.includes("-h")) {
    process.stdout.write(usage(parts));
    return 0;
  }
  const unknown = words.filter((word) => !parts.some(({ name }) => name.includes(word)));
  if (unknown.length > 0) {
    process.stderr.write(`no part of the bench is called ${unknown.join(", ")}\n\n${usage(parts)}`);
    return 2;
  }
  const scratch = new Scratch();
  try {
    const wanted = parts.filter(
      ({ name }) => words.length === 0 || words.some((word) => name.includes(word)),
    );
    const measurements = await measureAll(wanted, scratch);
    const missed = measurements.filter(({ ratio, goal }) => ratio > goal).length;
    const memory = process.memoryUsage.rss() / 1024 / 1024;
    process.stdout.write(
      `${measurements.length} figures, ${missed} missed; memory of this process at the end: ${memory.toFixed(0)} MiB\n`,
    );
    return missed > 0 ? 1 : 0;
  } finally {
    scratch.remove();
  }
}
