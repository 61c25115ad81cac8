import type { Landscape } from "../../landscape/model";
import type { ChangeResult } from "../../runtime/changes/change";
import { cutsOf } from "../../runtime/changes/cut";
import type { Cut } from "../../runtime/cuts/cut";
import { utc } from "../../runtime/shared/clock";
import { reason } from "../../runtime/shared/errors";
import { LedgerUnsound } from "../../runtime/shared/ledger";
import { type Principal, standsApart } from "../../runtime/shared/principal";
import type { Setting } from "../../runtime/shared/setting";
import { run } from "../../runtime/shared/step";
import { mustBeReached, type Sessions } from "../../runtime/steps/cut-sessions";
import { identifyPrincipal } from "../../runtime/steps/identify-principal";
import { type ChainLink, traceActivity } from "../../runtime/steps/trace-activity";
import {
  type CheckedAt,
  containPrincipal,
  containSessions,
  type Facts,
  factsOf,
  verifyAt,
} from "../../runtime/workflows/contain-principal";
import { Refused } from "../errors";
import type { Reporter } from "../reporter";
import { lateness, seenLate } from "./late";
import { accountLabel, factsText, line, principalLabel, resultText, verdictText } from "./report";

export interface ContainOptions {
  /** How far back calls are looked for. */
  readonly since: Date;
  /** Seconds after the containment at which it is checked. */
  readonly checkAt: readonly number[];
  /** Whether to go on after the facts were shown; `how` the chain led here, where it did. */
  readonly agreed: (facts: Facts, how?: string) => Promise<boolean>;
  /** Which principals of the chain are contained too. */
  readonly follow: "all" | "ask" | "none";
  /** Sessions of the role that is named, where it is not contained as a whole; nothing is followed then. */
  readonly sessions?: Sessions;
  readonly print: (text: string) => void;
}

export interface Contained {
  readonly principal: Principal;
  readonly facts: Facts;
  readonly results: readonly ChangeResult[];
  readonly contained: string;
  /** Where only sessions were ended. */
  readonly cut?: Cut;
  readonly verdicts: readonly CheckedAt[];
}

export interface Outcome {
  readonly principals: readonly Contained[];
  /** Links of the chain that were not contained, and why. */
  readonly left: readonly Left[];
  /** What could not be read when the chain was followed. */
  readonly incomplete: readonly string[];
}

export interface Left {
  readonly arn: string;
  readonly why: string;
}

/**
 * Contains a principal, and whom it became or made as far as that is wanted; then checks all of them. Nothing that goes
 * wrong later undoes what was contained.
 */
export async function contain(
  setting: Setting,
  landscape: Landscape,
  reporter: Reporter,
  given: { readonly accessKeyId: string } | { readonly arn: string },
  options: ContainOptions,
): Promise<Outcome> {
  const first = await reporter.step("Who it is", () => run(setting, identifyPrincipal, given));
  options.print(`${line(first.evidence, 300)}\n`);
  const apart = standsApart(setting.kit, first.principal);
  if (apart !== undefined && options.sessions === undefined) throw new Refused(apart);
  if (options.sessions) {
    mustBeReached(setting, first.principal, options.sessions);
    await cutsOf(await setting.account(first.principal.account))({});
  }
  const seen = new Set([first.principal.arn]);
  const queue: Next[] = [{ principal: first.principal }];
  const done: Omit<Contained, "verdicts">[] = [];
  const left: Left[] = [];
  const unread = new Set<string>();
  for (let next = queue.shift(); next; next = queue.shift()) {
    const one = await containOne(setting, landscape, reporter, next, options);
    if ("why" in one) {
      left.push(one);
      continue;
    }
    done.push(one);
    // The chain is read again: the attacker may have gone on while the responder read.
    const { principal } = one;
    const { chain, incomplete } = await run(setting, traceActivity, { principal, since: utc(options.since) });
    for (const what of incomplete) unread.add(`${principalLabel(landscape, principal)}: ${what}`);
    const onward = await follow(
      setting,
      chain,
      seen,
      one.cut
        ? "by a session of the role, and not ended by this cut"
        : options.follow === "none"
          ? "not contained, since it was not asked for (--chain)"
          : undefined,
    );
    queue.push(...onward.next);
    left.push(...onward.left);
  }
  for (const { arn, why } of left) options.print(`Left: ${line(arn)}: ${line(why, 400)}\n`);
  if (setting.dryRun) {
    return { principals: done.map((one) => ({ ...one, verdicts: [] })), left, incomplete: [...unread] };
  }
  const principals = await verified(setting, landscape, reporter, done, options);
  const late = await seenLate(setting, landscape, principals, seen, options.since);
  for (const what of late.incomplete) unread.add(what);
  for (const { arn, why } of late.left) options.print(`Left: ${line(arn)}: ${line(why, 400)}\n`);
  options.print(lateness(setting, principals));
  return { principals, left: [...left, ...late.left], incomplete: [...unread] };
}

/** A principal to be contained; `how` the chain led to it, absent for the one that was named. */
interface Next {
  readonly principal: Principal;
  readonly how?: string;
}

/**
 * Facts, a yes where one is wanted, containment. What goes wrong with a link of the chain is told, and keeps neither
 * the others from being contained nor those before it from being checked.
 */
async function containOne(
  setting: Setting,
  landscape: Landscape,
  reporter: Reporter,
  { principal, how }: Next,
  { since, print, agreed, follow: wanted, sessions }: ContainOptions,
): Promise<Omit<Contained, "verdicts"> | Left> {
  const label = principalLabel(landscape, principal);
  try {
    const facts = await reporter.step(`Facts about ${label}`, () => factsOf(setting, principal, since));
    print(factsText(landscape, facts));
    const yes = how !== undefined && wanted === "all" ? true : await agreed(facts, how);
    if (!yes && how === undefined) throw new Refused("nothing was changed");
    if (!yes) return { arn: principal.arn, why: `${how}; not contained, since you said no` };
    const one = await reporter.step(`Containing ${label}`, () =>
      sessions === undefined
        ? containPrincipal(setting, principal)
        : containSessions(setting, principal, sessions),
    );
    print(`${one.results.map(resultText).join("\n")}\n`);
    return { principal, facts, ...one };
  } catch (error) {
    if (how === undefined || error instanceof LedgerUnsound) throw error;
    return { arn: principal.arn, why: reason(error) };
  }
}

/** Which links of a chain come next, unless there is a reason to leave them; none is looked at twice. */
async function follow(
  setting: Setting,
  chain: readonly ChainLink[],
  seen: Set<string>,
  leave: string | undefined,
): Promise<{ readonly next: Next[]; readonly left: Left[] }> {
  const next: Next[] = [];
  const left: Left[] = [];
  for (const { arn, how } of chain) {
    if (seen.has(arn)) continue;
    seen.add(arn);
    const found = await linked(setting, arn);
    if ("why" in found) {
      left.push({ arn, why: found.why });
      continue;
    }
    const { principal } = found;
    if (principal.arn !== arn && seen.has(principal.arn)) continue;
    seen.add(principal.arn);
    if (leave === undefined) next.push({ principal, how });
    else left.push({ arn: principal.arn, why: `${how}; ${leave}` });
  }
  return { next, left };
}

async function linked(
  setting: Setting,
  arn: string,
): Promise<{ readonly principal: Principal } | { readonly why: string }> {
  try {
    const { principal } = await run(setting, identifyPrincipal, { arn });
    const why = standsApart(setting.kit, principal);
    return why === undefined ? { principal } : { why };
  } catch (error) {
    return { why: reason(error) };
  }
}

async function verified(
  setting: Setting,
  landscape: Landscape,
  reporter: Reporter,
  done: readonly Omit<Contained, "verdicts">[],
  { checkAt, print }: ContainOptions,
): Promise<Contained[]> {
  return reporter.step(`Checking after ${checkAt.join(", ")} s`, (detail) =>
    Promise.all(
      done.map(async (one) => {
        const label = principalLabel(landscape, one.principal);
        const tell = (checked: CheckedAt) => {
          detail(`${label}: ${checked.verdict.verdict} after ${checked.seconds} s`);
          print(`${verdictText(label, checked)}\n`);
        };
        const verdicts = await verifyAt(setting, one.principal, one.contained, checkAt, tell, one.cut);
        const last = verdicts.at(-1);
        if (last) {
          await setting.ledger.note({
            at: utc(setting.clock.now()),
            actor: setting.actor,
            kind: "verdict",
            target: one.principal.arn,
            text: `${last.verdict.verdict} after ${last.seconds} s in ${accountLabel(landscape, one.principal.account)}`,
          });
        }
        return { ...one, verdicts };
      }),
    ),
  );
}
