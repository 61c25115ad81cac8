import { isDeepStrictEqual } from "node:util";
import { utc } from "../shared/clock";
import { isMissing, reason } from "../shared/errors";
import { type Ledger, type LedgerEntry, LedgerUnsound } from "../shared/ledger";
import type { Setting, StepTask } from "../shared/setting";
import { changes } from ".";
import type { AnyChange } from "./change";

export interface ReleaseItem {
  readonly entry: LedgerEntry;
  /**
   * `undo`: will be undone. `gone`: it is as it was before already. `kept`: stays, and why. `drifted`: it is neither as
   * found nor as left, so somebody else has changed it. `too-early`: stolen sessions would work again. `unknown`: AWS could not be asked.
   */
  readonly plan: "undo" | "gone" | "kept" | "drifted" | "too-early" | "unknown";
  readonly why?: string;
}

export interface ReleaseOptions {
  /** Ids of credentials that are to work again. */
  readonly reactivate: readonly string[];
  /** Release although sessions that were stolen may not have run out. */
  readonly acceptLiveSessions: boolean;
  /** Numbers of changes that stay, such as those that somebody else has changed since. */
  readonly except?: readonly number[];
}

/**
 * Hours after which no session lives that was opened before a containment. Sources: "Maximum session duration" of a
 * role, and GetSessionToken and GetFederationToken of a user (AWS STS API reference).
 */
const longestSession = { role: 12, user: 36 } as const;

/** What a release would do, newest change first; asks AWS and changes nothing. */
export async function planRelease(setting: Setting, options: ReleaseOptions): Promise<ReleaseItem[]> {
  const standing = (await standingEntries(setting.ledger)).reverse();
  const items: ReleaseItem[] = [];
  // What stands before an entry of the same thing is what the newer one has found.
  const undone = new Map<string, unknown>();
  for (const entry of standing) {
    const item = await planOf(setting, entry, options, undone);
    items.push(item);
    if (item.plan === "undo" || item.plan === "gone") undone.set(thing(entry), entry.before);
  }
  return items;
}

/** Changes of the case that are in force, or may be: those that were begun and not settled among them. */
export const standingEntries = async (ledger: Ledger): Promise<LedgerEntry[]> =>
  (await ledger.entries()).filter(({ state }) => state === "done" || state === "intended");

const thing = ({ action, input }: LedgerEntry): string => JSON.stringify([action, input]);

/** Until when the deny is all that keeps stolen sessions from working; undefined for other changes. */
function sessionsOver({ undo, target, doneAt, intendedAt }: LedgerEntry): Date | undefined {
  const [, kind] = /^arn:[a-z-]+:iam::\d+:(role|user)\//.exec(target) ?? [];
  if (undo.kind !== "automatic" || kind === undefined) return undefined;
  const hours = longestSession[kind as keyof typeof longestSession];
  return new Date(new Date(doneAt ?? intendedAt).getTime() + hours * 3_600_000);
}

async function planOf(
  setting: Setting,
  entry: LedgerEntry,
  { reactivate, acceptLiveSessions, except = [] }: ReleaseOptions,
  undone: ReadonlyMap<string, unknown>,
): Promise<ReleaseItem> {
  if (except.includes(entry.number)) return { entry, plan: "kept", why: "left as it is, as you asked" };
  if (entry.undo.kind === "irreversible") return { entry, plan: "kept", why: entry.undo.because };
  if (entry.undo.kind === "by-command") {
    return { entry, plan: "kept", why: `ended by: ${entry.undo.command} ${entry.case}` };
  }
  const { id } = entry.input as { readonly id?: string };
  if (entry.undo.kind === "when-told" && !reactivate.includes(id ?? "")) {
    return { entry, plan: "kept", why: `${entry.undo.because} (--reactivate ${id} if it must work again)` };
  }
  const over = sessionsOver(entry);
  if (over !== undefined && over > setting.clock.now() && !acceptLiveSessions) {
    return { entry, plan: "too-early", why: `sessions opened before it may live until ${utc(over)}` };
  }
  let now: unknown;
  try {
    now = undone.has(thing(entry)) ? undone.get(thing(entry)) : await read(setting, entry);
  } catch (error) {
    if (isMissing(error)) return { entry, plan: "gone", why: "the principal is not there any more" };
    return { entry, plan: "unknown", why: reason(error) };
  }
  if (isDeepStrictEqual(now, entry.before)) return { entry, plan: "gone" };
  if (changeOf(entry).isGone?.(now))
    return { entry, plan: "gone", why: "what was changed is not there any more" };
  if (entry.state === "intended" || isDeepStrictEqual(now, entry.after)) return { entry, plan: "undo" };
  return {
    entry,
    plan: "drifted",
    why: `found ${JSON.stringify(entry.before)}, left ${JSON.stringify(entry.after)}, now ${JSON.stringify(now)}`,
  };
}

/** Undoes what was planned, in that order; each is settled in the ledger as soon as it is undone. */
export async function release(
  setting: Setting,
  items: readonly ReleaseItem[],
  progress: (item: ReleaseItem, failed?: string) => void,
): Promise<boolean> {
  let whole = true;
  for (const item of items) {
    const { entry, plan } = item;
    if (plan !== "undo" && plan !== "gone") continue;
    try {
      if (plan === "undo") {
        const change = changeOf(entry);
        const clients = await setting.account(entry.account, change.task);
        await change.unmake?.(clients, entry.input, entry.before);
      }
      await setting.ledger.settle(entry.number, {
        state: "undone",
        undoneAt: utc(setting.clock.now()),
        undoneBy: setting.actor,
      });
      progress(item);
    } catch (error) {
      if (error instanceof LedgerUnsound) throw error;
      whole = false;
      progress(item, reason(error));
    }
  }
  return whole;
}

async function read(setting: Setting, entry: LedgerEntry): Promise<unknown> {
  const change = changeOf(entry);
  return change.read(await setting.account(entry.account, change.task), entry.input);
}

/** The task to be entered for a release: the one that all changes need, or else that of identities first. */
export const taskToRelease = (entries: readonly LedgerEntry[]): StepTask =>
  entries
    .filter(({ undo }) => undo.kind !== "irreversible" && undo.kind !== "by-command")
    .every((entry) => changeOf(entry).task === "evidence")
    ? "evidence"
    : "credentials";

function changeOf({ action, number }: LedgerEntry): AnyChange {
  const change = changes.find((one) => one.action === action);
  if (!change)
    throw new LedgerUnsound(`entry ${number} of the ledger is of a kind that this ir-kit lacks: ${action}`);
  return change;
}
