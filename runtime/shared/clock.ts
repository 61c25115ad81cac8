import { setTimeout as sleep } from "node:timers/promises";

/** Time as steps see it, so that tests can run without waiting. */
export interface Clock {
  readonly now: () => Date;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

export const systemClock: Clock = {
  now: () => new Date(),
  sleep: async (milliseconds) => {
    await sleep(milliseconds);
  },
};

/** UTC, ISO 8601 to the second, such as `2026-11-25T03:00:00Z`. */
export const utc = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`;
