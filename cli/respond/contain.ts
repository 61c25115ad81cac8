import type { Landscape } from "../../landscape/model";
import type { ChangeResult } from "../../runtime/changes/change";
import { utc } from "../../runtime/shared/clock";
import { NotPossible } from "../../runtime/shared/errors";
import { type Principal, standsApart } from "../../runtime/shared/principal";
import type { Setting } from "../../runtime/shared/setting";
import { run } from "../../runtime/shared/step";
import { identifyPrincipal } from "../../runtime/steps/identify-principal";
import { type ChainLink, traceActivity } from "../../runtime/steps/trace-activity";
import {
  type CheckedAt,
  containPrincipal,
  type Facts,
  factsOf,
  verifyAt,
} from "../../runtime/workflows/contain-principal";
import { Refused } from "../errors";
import type { Reporter } from "../reporter";
import { accountLabel, factsText, line, principalLabel, resultText, verdictText } from "./report";

export interface ContainOptions {
  /** How far back calls are looked for. */
  readonly since: Date;
  /** Seconds after the containment at which it is checked. */
  readonly checkAt: readonly number[];
  /** Whether to go on after the facts were shown. */
  readonly agreed: (facts: Facts) => Promise<boolean>;
  /** Whether a principal that this one led to is contained too. */
  readonly follow: (principal: Principal, how: string) => Promise<boolean>;
  readonly print: (text: string) => void;
}

export interface Contained {
  readonly principal: Principal;
  readonly facts: Facts;
  readonly results: readonly ChangeResult[];
  readonly contained: string;
  readonly verdicts: readonly CheckedAt[];
}

export interface Outcome {
  readonly principals: readonly Contained[];
  /** Links of the chain that were not contained, and why. */
  readonly left: readonly Left[];
  /** What could not be read when the chain was followed. */
  readonly incomplete: readonly string[];
}

interface Left {
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
  if (apart !== undefined) throw new Refused(apart);
  const seen = new Set([first.principal.arn]);
  const queue: Principal[] = [first.principal];
  const done: Omit<Contained, "verdicts">[] = [];
  const left: Left[] = [];
  const unread = new Set<string>();
  for (let principal = queue.shift(); principal; principal = queue.shift()) {
    const label = principalLabel(landscape, principal);
    const { since } = options;
    const here = principal;
    const facts = await reporter.step(`Facts about ${label}`, () => factsOf(setting, here, since));
    options.print(factsText(landscape, facts));
    // Those that come later were agreed on when the chain was followed.
    if (done.length === 0 && !(await options.agreed(facts))) throw new Refused("nothing was changed");
    const { results, contained } = await reporter.step(`Containing ${label}`, () =>
      containPrincipal(setting, here),
    );
    options.print(`${results.map(resultText).join("\n")}\n`);
    done.push({ principal, facts, results, contained });
    // The chain is read again: the attacker may have gone on while the responder read.
    const { chain, incomplete } = await run(setting, traceActivity, { principal, since: utc(since) });
    for (const one of incomplete) unread.add(`${label}: ${one}`);
    const onward = await follow(setting, chain, seen, options.follow);
    queue.push(...onward.next);
    left.push(...onward.left);
  }
  for (const { arn, why } of left) options.print(`Left: ${line(arn)}: ${line(why, 400)}\n`);
  if (setting.dryRun) {
    return { principals: done.map((one) => ({ ...one, verdicts: [] })), left, incomplete: [...unread] };
  }
  const principals = await verified(setting, landscape, reporter, done, options);
  const late = await seenLate(setting, done, seen, options);
  return { principals, left: [...left, ...late], incomplete: [...unread] };
}

/** CloudTrail lags: what the attacker did just before the containment may show only after it. */
async function seenLate(
  setting: Setting,
  done: readonly Omit<Contained, "verdicts">[],
  seen: ReadonlySet<string>,
  { since, print }: ContainOptions,
): Promise<Left[]> {
  const late = new Map<string, Left>();
  for (const { principal } of done) {
    const { chain } = await run(setting, traceActivity, { principal, since: utc(since) });
    for (const { arn, how, at } of chain) {
      if (seen.has(arn)) continue;
      late.set(arn, { arn, why: `${how} at ${at}, and seen only now: run the command again` });
    }
  }
  for (const { arn, why } of late.values()) print(`Left: ${line(arn)}: ${line(why, 400)}\n`);
  return [...late.values()];
}

/** Which links of a chain are contained next; none is looked at twice. */
async function follow(
  setting: Setting,
  chain: readonly ChainLink[],
  seen: Set<string>,
  wanted: ContainOptions["follow"],
): Promise<{ readonly next: Principal[]; readonly left: Left[] }> {
  const next: Principal[] = [];
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
    if (await wanted(principal, how)) next.push(principal);
    else left.push({ arn: principal.arn, why: `${how}; not contained, since it was not asked for` });
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
    const { name, message } = error as Error;
    if (error instanceof NotPossible || error instanceof Refused) return { why: message };
    return { why: `${name}: ${message}` };
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
        const verdicts = await verifyAt(setting, one.principal, one.contained, checkAt, (checked) => {
          detail(`${label}: ${checked.verdict.verdict} after ${checked.seconds} s`);
          print(`${verdictText(label, checked)}\n`);
        });
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
