/** A figure that `npm run bench` prints: a ratio to something measured beside it. */
export interface Measurement {
  readonly what: string;
  readonly baseline: string;
  readonly ratio: number;
  readonly goal: number;
  readonly detail: string;
}
