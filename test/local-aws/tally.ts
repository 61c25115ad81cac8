/** Counts of one run of the front. */
export interface Tally {
  gaps: Record<string, number>;
  refusals: Record<string, number>;
  unanswered: Record<string, number>;
  undecided: Record<string, number>;
  forwarded: number;
}

export const emptyTally = (): Tally => ({
  gaps: {},
  refusals: {},
  unanswered: {},
  undecided: {},
  forwarded: 0,
});

export function increment(counts: Record<string, number>, id: string): void {
  counts[id] = (counts[id] ?? 0) + 1;
}
