import { mkdirSync } from "node:fs";
import path from "node:path";
import { Command } from "commander";
import writeFileAtomic from "write-file-atomic";
import { planRelease, release, standingEntries } from "../../runtime/changes/release";
import { NotPossible } from "../../runtime/shared/errors";
import { LedgerUnsound } from "../../runtime/shared/ledger";
import { accessKeyKind, principalOfArn, sessionOfArn } from "../../runtime/shared/principal";
import { checkAfter } from "../../runtime/workflows/contain-principal";
import { confirmed } from "../confirm";
import { Refused, WrongUse } from "../errors";
import { createReporter } from "../reporter";
import { contain, type Outcome } from "../respond/contain";
import { line, principalLabel } from "../respond/report";
import { type CaseOptions, enterCase, type OpenCase, openCase } from "../respond/setting";
import { timeline } from "../respond/timeline";

interface ContainFlags extends CaseOptions {
  readonly chain?: true;
  readonly dryRun?: true;
  readonly since: string;
  readonly checkAt: string;
  readonly yes?: true;
  readonly json?: true;
}

interface ReleaseFlags extends CaseOptions {
  readonly reactivate: readonly string[];
  readonly acceptLiveSessions?: true;
  readonly except: readonly number[];
  readonly yes?: true;
  readonly json?: true;
}

/** `ir-kit respond`: contains, verifies and releases, with the responder's own credentials. */
export const respondCommand = (): Command =>
  new Command("respond")
    .description("contain a stolen credential, prove that it is contained, and release it later")
    .addHelpText(
      "after",
      "\nUses your own credentials as ir-kit assume does: by the door into the hub, and from there into each account\n" +
        "as its role of the task credentials. Every change is written down in cases/<case>/ledger.json before it is made.",
    )
    .addCommand(
      containing("key")
        .description("contain whoever has an access key, of a user (AKIA) or of a session (ASIA)")
        .argument("<id>", "id of the access key")
        .action((accessKeyId: string, flags: ContainFlags) =>
          containment({ accessKeyId: keyOf(accessKeyId) }, flags),
        ),
    )
    .addCommand(
      containing("user")
        .description("contain an IAM user")
        .argument("<arn>", "such as arn:aws:iam::123456789012:user/anna")
        .action((arn: string, flags: ContainFlags) => containment({ arn: arnOf("user", arn) }, flags)),
    )
    .addCommand(
      containing("role")
        .description("contain an IAM role with every session of it")
        .argument("<arn>", "of the role, or of a session of it")
        .action((arn: string, flags: ContainFlags) => containment({ arn: arnOf("role", arn) }, flags)),
    )
    .addCommand(
      inCase("status")
        .description("what this case has changed and what is in force; AWS is not asked")
        .option("--json", "print the ledger as JSON")
        .action(status),
    )
    .addCommand(
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
        )
        .option("--mfa-code <code>", "six digits of your MFA device; else you are asked")
        .option("--mfa-serial <arn>", "your MFA device, where it is not named like you")
        .option("--yes", "do not ask")
        .option("--json", "print the result as JSON")
        .action(releasing),
    );

const inCase = (name: string): Command =>
  new Command(name)
    .option("--case <id>", "the case, such as CASE-1; else IR_KIT_CASE, else you are asked")
    .option("--cases <folder>", "where cases are kept; else IR_KIT_CASES, cases")
    .option("--config <file>", "the landscape; else IR_KIT_CONFIG, config/landscape.yaml");

const containing = (name: string): Command =>
  inCase(name)
    .option("--chain", "contain as well whom it became, made or gave a credential to")
    .option("--dry-run", "list the calls that would change something, and make none")
    .option("--since <hours>", "how far back CloudTrail is asked", "24")
    .option("--check-at <seconds>", "when the containment is checked", checkAfter.join(","))
    .option("--mfa-code <code>", "six digits of your MFA device; else you are asked")
    .option("--mfa-serial <arn>", "your MFA device, where it is not named like you")
    .option("--yes", "do not ask")
    .option("--json", "print the result as JSON");

/** Looked at before anybody is asked for a code. */
function keyOf(id: string): string {
  return wrongUse(() => {
    accessKeyKind(id);
    return id;
  });
}

function arnOf(kind: "user" | "role", arn: string): string {
  const named = wrongUse(() => (sessionOfArn(arn) ? ("role" as const) : principalOfArn(arn).kind));
  if (named === kind) return arn;
  throw new WrongUse(`${line(arn)} names a ${named}: npx ir-kit respond ${named} ${line(arn)}`);
}

function wrongUse<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof NotPossible) throw new WrongUse(error.message);
    throw error;
  }
}

function numbers(text: string, option: string, most: number): number[] {
  const found = text.split(",").map((one) => (/^\d+$/.test(one.trim()) ? Number(one) : Number.NaN));
  if (found.every((one) => one <= most)) return found;
  throw new WrongUse(`${option} takes whole numbers up to ${most}; found ${line(text)}`);
}

/** Seconds: the responder's own session lasts an hour, and has begun before. */
const longestCheck = 2700;

async function containment(
  given: { readonly accessKeyId: string } | { readonly arn: string },
  flags: ContainFlags,
): Promise<void> {
  const hours = numbers(flags.since, "--since", 90 * 24)[0] ?? 24;
  const checkAt = numbers(flags.checkAt, "--check-at", longestCheck).sort((a, b) => a - b);
  const opened = await openCase(flags);
  const { landscape } = opened;
  const reporter = createReporter();
  const print = (text: string) => {
    if (!flags.json) process.stdout.write(text);
  };
  const outcome = await expectable(async () => {
    const setting = await enterCase(opened, flags);
    return contain(setting, landscape, reporter, given, {
      since: new Date(setting.clock.now().getTime() - hours * 3_600_000),
      checkAt,
      print,
      agreed: async ({ principal }, how) =>
        flags.yes === true ||
        flags.dryRun === true ||
        confirmed(`Containing ${principalLabel(landscape, principal)}`, [
          ...(how === undefined ? [] : [line(how)]),
          "the staged policy that denies everything is attached; every active credential is deactivated",
          "both can be undone: ir-kit respond release; where the policies of it are full, the boundary that denies",
          "everything takes the place, which only the account's deployer can take off again",
        ]),
      follow: flags.chain ? "all" : flags.yes || flags.dryRun ? "none" : "ask",
    });
  }).finally(() => writeTimeline(opened));
  if (flags.json) process.stdout.write(`${printable(plain(opened, outcome))}\n`);
  else if (!flags.dryRun) print(`Timeline: ${path.join(opened.directory, "timeline.md")}\n`);
  process.exitCode = good(outcome, flags.dryRun === true, flags.chain === true) ? 0 : 1;
}

/** Done, and proven: nothing has failed, and the last verdict of each principal is CONTAINED. */
const good = ({ principals, left, incomplete }: Outcome, dryRun: boolean, chain: boolean): boolean =>
  (!chain || (left.length === 0 && incomplete.length === 0)) &&
  principals.every(
    ({ results, verdicts }) =>
      results.every(({ outcome }) => outcome !== "failed") &&
      (dryRun || verdicts.at(-1)?.verdict.verdict === "CONTAINED"),
  );

const plain = ({ caseId, directory }: OpenCase, { principals, left, incomplete }: Outcome) => ({
  case: caseId,
  directory,
  principals,
  left,
  incomplete,
});

/** JSON without characters that a terminal acts on and JSON leaves as they are. */
const printable = (value: unknown): string =>
  JSON.stringify(value, undefined, 2).replace(
    /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

/** What a responder can act on is told without a stack trace. */
async function expectable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof NotPossible) throw new Refused(error.message);
    if (error instanceof LedgerUnsound) throw new WrongUse(error.message);
    throw error;
  }
}

async function writeTimeline({ ledger, directory, caseId }: OpenCase): Promise<void> {
  const [entries, notes] = await Promise.all([ledger.entries(), ledger.notes()]).catch(
    () => [[], []] as const,
  );
  if (entries.length + notes.length === 0) return;
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  await writeFileAtomic(path.join(directory, "timeline.md"), timeline(caseId, entries, notes), {
    mode: 0o600,
  });
}

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
  if ((await expectable(() => standingEntries(opened.ledger))).length === 0) {
    process.stdout.write(flags.json ? "[]\n" : `${opened.caseId} has nothing to release\n`);
    return;
  }
  const results = await expectable(async () => {
    const setting = await enterCase(opened, flags);
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
