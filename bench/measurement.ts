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
