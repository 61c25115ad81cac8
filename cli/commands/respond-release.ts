import type { Command } from "commander";
import { planRelease, release, standingEntries, taskToRelease } from "../../runtime/changes/release";
import { confirmed } from "../confirm";
import { Refused } from "../errors";
import { createReporter } from "../reporter";
import { askingForMfa, expectable, inCase, numbers, printable, writeTimeline } from "../respond/command";
import { line } from "../respond/report";
import { type CaseOptions, enterCase, openCase } from "../respond/setting";

interface ReleaseFlags extends CaseOptions {
  readonly reactivate: readonly string[];
  readonly acceptLiveSessions?: true;
  readonly except: readonly number[];
  readonly yes?: true;
  readonly json?: true;
}

/** `ir-kit respond status`: what a case has changed, from its ledger. */
export const statusCommand = (): Command =>
  inCase("status")
    .description("what this case has changed and what is in force; AWS is not asked")
    .option("--json", "print the ledger as JSON")
    .action(status);

/** `ir-kit respond release`: the way back. */
export const releaseCommand = (): Command =>
  askingForMfa(
    inCase("release")
      .description("undo what this case has changed, newest first")
      .option(
        "--reactivate <id>",
        "a credential that must work again; without it, it stays inactive (may be repeated)",
        (id: string, ids: readonly string[]) => [...ids, id],
        [] as readonly string[],
      )
      .option(
        "--accept-live-sessions",
        "release although stolen sessions may not have run out (12 h, 36 h of a user)",
      )
      .option(
        "--except <number>",
        "a change, by its number in status, that stays as it is (may be repeated)",
        (number: string, sofar: readonly number[]) => [...sofar, ...numbers(number, "--except", 100_000)],
        [] as readonly number[],
      ),
  )
    .option("--yes", "do not ask")
    .option("--json", "print the result as JSON")
    .action(releasing);

async function status(flags: CaseOptions & { readonly json?: true }): Promise<void> {
  const { ledger, caseId } = await openCase(flags);
  const { entries, notes, standing } = await expectable(async () => ({
    entries: await ledger.entries(),
    notes: await ledger.notes(),
    standing: await standingEntries(ledger),
  }));
  if (flags.json) {
    process.stdout.write(`${printable({ case: caseId, entries, notes })}\n`);
    return;
  }
  if (entries.length === 0) {
    process.stdout.write(`${caseId} has changed nothing\n`);
    return;
  }
  const rows = entries.map(
    ({ number, title, target, state, intendedAt, why }) =>
      `${number}. ${state}: ${line(title)}, ${line(target)}, ${intendedAt}${why === undefined ? "" : `, ${line(why)}`}\n`,
  );
  process.stdout.write(`${rows.join("")}${standing.length} of ${entries.length} changes are in force\n`);
}

async function releasing(flags: ReleaseFlags): Promise<void> {
  const opened = await openCase(flags);
  const standing = await expectable(() => standingEntries(opened.ledger));
  if (standing.length === 0) {
    process.stdout.write(flags.json ? "[]\n" : `${opened.caseId} has nothing to release\n`);
    return;
  }
  const results = await expectable(async () => {
    const setting = await enterCase(opened, flags, taskToRelease(standing));
    const plan = await createReporter().step("What there is to undo", () =>
      planRelease(setting, {
        reactivate: flags.reactivate,
        acceptLiveSessions: flags.acceptLiveSessions === true,
        except: flags.except,
      }),
    );
    const stuck = plan.filter(({ plan: kind }) => ["drifted", "too-early", "unknown"].includes(kind));
    if (stuck.length > 0) {
      throw new Refused(
        `nothing was changed. Drifted: somebody else has changed it (--except leaves it out). Too early: --accept-live-sessions, if you know that none was stolen. Unknown: AWS could not be asked.\n${stuck
          .map(
            ({ entry, plan: kind, why = "" }) =>
              `  ${entry.number}. ${kind}: ${line(entry.title)}, ${line(entry.target)}: ${line(why, 400)}`,
          )
          .join("\n")}`,
      );
    }
    const undone = plan.filter(({ plan: kind }) => kind === "undo" || kind === "gone");
    for (const { entry, why = "" } of plan.filter(({ plan: kind }) => kind === "kept")) {
      process.stderr.write(`kept: ${line(entry.title)}, ${line(entry.target)}: ${line(why, 300)}\n`);
    }
    const titles = undone.map(({ entry }) => `${line(entry.title)}, ${line(entry.target)}`);
    if (undone.length > 0 && !flags.yes && !(await confirmed(`Undoing ${undone.length} changes`, titles))) {
      throw new Refused("nothing was changed");
    }
    const told: { number: number; title: string; target: string; failed?: string }[] = [];
    const whole = await release(setting, plan, ({ entry: { number, title, target } }, failed) => {
      told.push({ number, title, target, ...(failed !== undefined && { failed }) });
      if (!flags.json)
        process.stdout.write(
          `${failed === undefined ? "✓ undone" : "✗ not undone"}: ${line(title)}, ${line(target)}${failed === undefined ? "" : `: ${line(failed, 300)}`}\n`,
        );
    });
    if (!whole) process.exitCode = 1;
    return told;
  }).finally(() => writeTimeline(opened));
  if (flags.json) process.stdout.write(`${printable(results)}\n`);
}
