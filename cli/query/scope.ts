import type { Question } from "../../questions/question";
import type { Scope } from "../../questions/render";
import { WrongUse } from "../errors";

/** Where and when to look, as the command line says it. */
export interface ScopeFlags {
  readonly account: readonly string[];
  readonly region: readonly string[];
  readonly days?: string;
  readonly from?: string;
  readonly to?: string;
}

export interface Window {
  readonly from: Date;
  readonly to: Date;
}

const dayLength = 86_400_000;

/**
 * The time in question: `--from` and `--to`, or some days until now.
 *
 * @param now the end where none is given
 * @throws WrongUse for what is no time, or ends before it begins
 */
export function windowOf({ days, from, to }: ScopeFlags, question: Question, now: Date): Window {
  if (days !== undefined && from !== undefined) {
    throw new WrongUse("--days and --from both say when to begin; give one of them");
  }
  const end = to === undefined ? now : time("--to", to, dayLength);
  const begin =
    from === undefined
      ? new Date(end.getTime() - wholeDays(days, question.days) * dayLength)
      : time("--from", from, 0);
  if (begin >= end) {
    throw new WrongUse(`--from ${begin.toISOString()} is not before --to ${end.toISOString()}`);
  }
  return { from: begin, to: end };
}

/** A day as an end means its end. */
function time(flag: string, text: string, ofDay: number): Date {
  const day = /^\d{4}-\d\d-\d\d$/.test(text);
  const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?Z$/.test(text);
  const date = new Date(day ? `${text}T00:00:00Z` : text);
  // Of 31 February, JavaScript makes 3 March.
  const exists = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text.slice(0, 10));
  if ((!day && !moment) || !exists) {
    throw new WrongUse(
      `${flag}: ${JSON.stringify(text)} is no time; give a day such as 2026-11-25, or 2026-11-25T03:00:00Z`,
    );
  }
  return new Date(date.getTime() + (day ? ofDay : 0));
}

function wholeDays(text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (!/^[1-9][0-9]{0,3}$/.test(text)) {
    throw new WrongUse(`--days: ${JSON.stringify(text)} is not a number of days from 1 to 9999`);
  }
  return Number(text);
}

/**
 * Of the places in which there are logs, those that were asked for.
 *
 * @throws WrongUse for a place of which there are no logs
 */
export function chosen(flag: string, wanted: readonly string[], present: readonly string[]): string[] {
  if (wanted.length === 0) return [...present];
  for (const one of wanted) {
    if (!present.includes(one)) {
      throw new WrongUse(
        `${flag} ${one}: there are no such logs; there are ${present.length === 0 ? "none at all" : some(present)}`,
      );
    }
  }
  return [...wanted];
}

const some = (all: readonly string[]): string =>
  all.length <= 10 ? all.join(", ") : `${all.slice(0, 10).join(", ")} and ${all.length - 10} more`;

export const scopeOf = (window: Window, places: Pick<Scope, "accounts" | "regions" | "vpcs">): Scope => ({
  ...window,
  ...places,
});
