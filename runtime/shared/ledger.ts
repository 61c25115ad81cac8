/** Data as JSON has it. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * One change to AWS. It is written down before the call (`intended`), so that a crash between the two leaves a trace,
 * and settled after it.
 */
export interface LedgerEntry {
  /** Counts from 1 in a case. */
  readonly number: number;
  readonly case: string;
  readonly step: string;
  readonly actor: string;
  readonly account: string;
  /** ARN of the principal that is changed. */
  readonly target: string;
  /** What was changed about it, in a few words. */
  readonly title: string;
  /** Kind of change, which knows how to read, make and undo it: an IAM action. */
  readonly action: string;
  readonly input: Json;
  /** What was found before the first attempt. */
  readonly before: Json;
  /** What was found after it. */
  readonly after?: Json;
  readonly undo: Undo;
  readonly state: "intended" | "done" | "failed" | "undone";
  /** Times are UTC, ISO 8601 to the second. */
  readonly intendedAt: string;
  readonly doneAt?: string;
  readonly undoneAt?: string;
  readonly undoneBy?: string;
  /** Why it failed. */
  readonly why?: string;
}

export type Undo =
  /** As the change's own code undoes it. */
  | { readonly kind: "automatic" }
  /** Only when the responder names it: a credential that an attacker held would work again. */
  | { readonly kind: "when-told"; readonly because: string }
  /** By a command of its own, and not by a release: it has nothing to do with what was contained. */
  | { readonly kind: "by-command"; readonly command: string }
  /** Nothing brings it back. */
  | { readonly kind: "irreversible"; readonly because: string };

export type NewEntry = Omit<LedgerEntry, "number" | "state" | "case">;
export type Settlement = Pick<LedgerEntry, "state"> &
  Partial<Pick<LedgerEntry, "after" | "doneAt" | "undoneAt" | "undoneBy" | "why">>;

/** What was seen or decided in a case, beside changes. */
export interface Note {
  readonly at: string;
  readonly actor: string;
  readonly kind: "facts" | "verdict" | "decision";
  /** ARN of the principal concerned. */
  readonly target: string;
  readonly text: string;
}

/** Record of a case's changes. Each call is whole or not at all, and is on disk when it returns. */
export interface Ledger {
  readonly entries: () => Promise<readonly LedgerEntry[]>;
  readonly intend: (entry: NewEntry) => Promise<LedgerEntry>;
  readonly settle: (number: number, settlement: Settlement) => Promise<LedgerEntry>;
  readonly notes: () => Promise<readonly Note[]>;
  readonly note: (note: Note) => Promise<void>;
}

/** What another responder has found done does not become failed because one's own call was lost. */
export const settledEntry = (entry: LedgerEntry, settlement: Settlement): LedgerEntry =>
  entry.state === "done" && ["failed", "intended"].includes(settlement.state)
    ? entry
    : { ...entry, ...settlement };

/** What the ledger holds is not what the kit wrote; nothing was changed. */
export class LedgerUnsound extends Error {}
