/** A figure that `npm run bench` prints: a ratio to something measured beside it. */
export interface Measurement {
  readonly what: string;
  readonly baseline: string;
  readonly ratio: number;
  readonly goal: number;
  readonly detail: string;
}

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

export function milliseconds(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

/** Medians of two works measured in turns, in milliseconds, after a round that does not count. */
export function inTurns(rounds: number, first: () => void, second: () => void): [number, number] {
  const times: [number[], number[]] = [[], []];
  first();
  second();
  for (let round = 0; round < rounds; round += 1) {
    times[0].push(milliseconds(first));
    times[1].push(milliseconds(second));
  }
  return [median(times[0]), median(times[1])];
}
