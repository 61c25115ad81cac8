import { isDeepStrictEqual } from "node:util";
import { utc } from "../shared/clock";
import { reason } from "../shared/errors";
import type { Json, LedgerEntry, Undo } from "../shared/ledger";
import type { AccountClients, Setting, StepTask } from "../shared/setting";

/**
 * A way of changing one thing in IAM: how its state is read, how the call is made, and how it is undone. State and
 * input are plain data, so that the ledger alone is enough to undo a change.
 */
export interface Change<Input extends Json, State extends Json> {
  /** The action of IAM, and which attribute of several; also the kind under which the ledger knows it. */
  readonly action: string;
  /** The task in whose name it is read, made and undone; `credentials` where left out. */
  readonly task?: StepTask;
  readonly title: (input: Input) => string;
  readonly read: (clients: AccountClients, input: Input) => Promise<State>;
  /** Whether what was changed is not there any more, so that there is nothing to undo. */
  readonly isGone?: (state: State) => boolean;
  /** Whether the state is already what the change would make of it. */
  readonly holds: (state: State, input: Input) => boolean;
  readonly make: (clients: AccountClients, input: Input) => Promise<void>;
  readonly undo: Undo;
  /** Brings back the state found before; absent where nothing does. */
  readonly unmake?: (clients: AccountClients, input: Input, before: State) => Promise<void>;
}

// biome-ignore lint/suspicious/noExplicitAny: a list of changes of any input and state; each is called with its own
export type AnyChange = Change<any, any>;

/** `skipped`: it was so already, and not by this case's doing. `planned`: not made, since it is a dry run. */
export type Outcome = "done" | "skipped" | "failed" | "planned";

export interface ChangeResult {
  readonly target: string;
  readonly title: string;
  readonly outcome: Outcome;
  /** Why it was skipped or has failed. */
  readonly why?: string;
}

export interface ChangeRequest<Input> {
  readonly step: string;
  readonly account: string;
  /** ARN of the principal concerned. */
  readonly target: string;
  readonly input: Input;
}

/**
 * Makes a change once: what this case has done, or has begun and the call went through, is not done again. The state
 * is written down before the call, and read again after it. An error of AWS becomes a result, not an exception.
 *
 * @throws LedgerUnsound, and whatever writing the ledger throws: without a record nothing is changed
 */
export async function make<Input extends Json, State extends Json>(
  setting: Setting,
  change: Change<Input, State>,
  { step, account, target, input }: ChangeRequest<Input>,
): Promise<ChangeResult> {
  const { ledger, clock, actor } = setting;
  const title = change.title(input);
  const result = (outcome: Outcome, why?: string): ChangeResult => ({
    target,
    title,
    outcome,
    ...(why !== undefined && { why }),
  });
  const earlier = lastOf(await ledger.entries(), change.action, input);
  let clients: AccountClients;
  let before: State;
  try {
    clients = await setting.account(account, change.task);
    before = await change.read(clients, input);
  } catch (error) {
    return result("failed", reason(error));
  }
  const ours = earlier?.state === "done" || earlier?.state === "intended";
  if (change.holds(before, input)) {
    if (!ours) return result("skipped", "was so already");
    if (earlier.state === "intended" && !setting.dryRun) await settleDone(setting, earlier, before);
    return result("done");
  }
  if (setting.dryRun) return result("planned", `${change.action} ${JSON.stringify(input)}`);
  const entry =
    earlier?.state === "intended"
      ? earlier
      : await ledger.intend({
          step,
          actor,
          account,
          target,
          title,
          action: change.action,
          input,
          before,
          undo: change.undo,
          intendedAt: utc(setting.clock.now()),
        });
  try {
    await change.make(clients, input);
  } catch (error) {
    // The call may have gone through although its answer was lost.
    const now = await change.read(clients, input).catch(() => undefined);
    if (now !== undefined && change.holds(now, input)) {
      await settleDone(setting, entry, now);
      return result("done");
    }
    await ledger.settle(entry.number, {
      state: now === undefined ? "intended" : "failed",
      why: reason(error),
    });
    return result("failed", reason(error));
  }
  for (const wait of readAgainAfter) {
    await clock.sleep(wait);
    const after = await change.read(clients, input).catch(() => undefined);
    if (after !== undefined && change.holds(after, input)) {
      await settleDone(setting, entry, after);
      return result("done");
    }
  }
  await ledger.settle(entry.number, { state: "intended", why: "AWS does not show the change yet" });
  return result("failed", "AWS took the call and does not show the change; run the command again");
}

/** Milliseconds before readings after a change: IAM answers with the earlier state for some seconds. */
const readAgainAfter = [0, 500, 1000, 2000, 4000] as const;

const settleDone = (setting: Setting, entry: LedgerEntry, after: Json) =>
  setting.ledger.settle(entry.number, { state: "done", after, doneAt: utc(setting.clock.now()) });

/** The newest entry about the same thing; one that was undone begins anew. */
const lastOf = (entries: readonly LedgerEntry[], action: string, input: Json): LedgerEntry | undefined =>
  entries.findLast((entry) => entry.action === action && isDeepStrictEqual(entry.input, input));
