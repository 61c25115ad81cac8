import { Command } from "commander";
import pc from "picocolors";
import { type Landscape, landscapePath } from "../../landscape";
import type { Forensics } from "../../landscape/model";
import { accountId } from "../../landscape/names";
import { show } from "../../landscape/problems";
import { addressOf } from "../../runtime/custody/manifest";
import { type Custody, type Head, type Verdict, verifyCustody } from "../../runtime/custody/verify";
import { callerAtDoor } from "../assume/caller";
import { type SessionCredentials, stsIn } from "../assume/chain";
import type { MfaOptions } from "../assume/mfa";
import { openSession } from "../assume/open";
import { caseNamed, caseOrAsk } from "../assume/target";
import type { Added } from "../custody/add";
import { Refused, WrongUse } from "../errors";
import { loadOrRefuse } from "../landscape";
import { createReporter } from "../reporter";
import { askingForMfa, expectable, printable } from "../respond/command";
import { line } from "../respond/report";

interface VerifyFlags extends MfaOptions {
  readonly directory?: string;
  readonly publicKey?: string;
  readonly head?: string;
  readonly json?: true;
  readonly config?: string;
}

interface AboutFlags extends MfaOptions {
  readonly case?: string;
  readonly what: string;
  readonly source: string;
  readonly json?: true;
  readonly config?: string;
}

/** `ir-kit custody`: evidence that is signed for, and whether it still is what was signed for. */
export const custodyCommand = (): Command =>
  new Command("custody")
    .description("have evidence signed for, and prove later that nobody has changed it")
    .addCommand(
      askingForMfa(new Command("verify"))
        .description("check every signature, every link and every piece of evidence of a case")
        .argument("<case>", "such as CASE-1")
        .option(
          "--directory <folder>",
          "a copy of the evidence, each bucket in a folder of its name; AWS is not asked",
        )
        .option("--public-key <file>", "with --directory: the key that signs, as PEM")
        .option(
          "--head <number:sha256>",
          "the last manifest, as custody add printed it and somebody has kept it",
        )
        .option("--json", "print the verdict as JSON")
        .option("--config <file>", "the landscape; else IR_KIT_CONFIG, config/landscape.yaml")
        .addHelpText(
          "after",
          "\nEnters the forensics account by the task evidence, as ir-kit assume does. Exit code 1: something is not as\n" +
            "it was signed for, and where is told.",
        )
        .action(verify),
    )
    .addCommand(
      saying(new Command("add"))
        .description("put files into the case's evidence, locked, and have them signed for")
        .argument("<files...>")
        .addHelpText("after", "\nWhat is there can't be taken back until its lock ends.")
        .action(add),
    )
    .addCommand(
      saying(new Command("sign"))
        .description("have signed what the case has and nobody has signed for, as where add broke off")
        .action(sign),
    );

const saying = (command: Command): Command =>
  askingForMfa(command)
    .requiredOption("--what <text>", "what they are, such as 'screenshot of the console'")
    .requiredOption("--source <text>", "what they were taken from: an ARN, where there is one")
    .option("--case <id>", "the case, such as CASE-1; else IR_KIT_CASE, else you are asked")
    .option("--json", "print what was signed as JSON")
    .option("--config <file>", "the landscape; else IR_KIT_CONFIG, config/landscape.yaml");

function forensicsOf(config: string | undefined): { landscape: Landscape; forensics: Forensics } {
  const landscape = loadOrRefuse(landscapePath(config));
  if (!landscape.forensics)
    throw new WrongUse("the landscape has no forensics: there is no evidence to look at");
  return { landscape, forensics: landscape.forensics };
}

const enterForensics = (
  landscape: Landscape,
  caseId: string,
  flags: MfaOptions,
): Promise<SessionCredentials> =>
  openSession(
    landscape,
    { task: "evidence", account: accountId(landscape.accounts.forensics), caseId },
    flags,
  );

async function verify(given: string, flags: VerifyFlags): Promise<void> {
  const caseId = caseNamed(given);
  const custody = await custodyOf(caseId, flags);
  const reporter = createReporter();
  const verdict = await reporter.step(`evidence of ${caseId}`, (detail) =>
    verifyCustody({
      ...custody,
      read: (piece) => {
        detail(piece.key);
        return custody.read(piece);
      },
    }),
  );
  if (verdict.manifests + verdict.pieces + verdict.problems.length === 0) {
    throw new Refused(`${caseId} has no evidence: nothing lies below it, and nobody has signed for anything`);
  }
  process.stdout.write(
    flags.json
      ? `${printable({ case: caseId, ...verdict, heads: custody.heads })}\n`
      : report(caseId, verdict),
  );
  if (verdict.problems.length > 0) process.exitCode = 1;
  else if (custody.heads.length === 0 && !flags.json) {
    process.stdout.write("Whether newer manifests were taken away can't be told without --head.\n");
  }
}

async function custodyOf(caseId: string, flags: VerifyFlags): Promise<Custody> {
  const { directory, publicKey } = flags;
  const head = flags.head === undefined ? undefined : headNamed(flags.head);
  if (directory === undefined) {
    if (publicKey !== undefined) {
      throw new WrongUse("--public-key goes with --directory: else the key comes from KMS");
    }
    const { landscape, forensics } = forensicsOf(flags.config);
    const session = await enterForensics(landscape, caseId, flags);
    const { caseCustody } = await import("../custody/case-custody");
    return caseCustody(landscape, forensics, caseId, session, head);
  }
  if (publicKey === undefined) {
    throw new WrongUse("--directory needs --public-key: the key must not come with the copy");
  }
  const { folderCustody } = await import("../custody/folder-custody");
  return folderCustody(caseId, { directory, publicKey, ...(head && { head }) });
}

function headNamed(text: string): Head {
  const [, number, sha256] = /^(\d{1,9}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (number !== undefined && sha256 !== undefined) return { number: Number(number), sha256 };
  throw new WrongUse(
    `${show(text)} is not the last manifest: its number, a colon and its SHA-256, as ir-kit custody add prints it`,
  );
}

function report(caseId: string, { manifests, pieces, problems }: Verdict): string {
  const counted = `${manifests} manifests, ${pieces} pieces of evidence`;
  if (problems.length === 0)
    return `${pc.green("HOLDS")} custody of ${caseId}: ${counted}, each as it was signed for\n`;
  return [
    `${pc.red("BROKEN")} custody of ${caseId}: ${counted}, ${problems.length} not as signed for`,
    ...problems.map(({ where, problem }) => `  ${line(where)} ${line(problem, 300)}`),
    "",
  ].join("\n");
}

/** Who is at the door, and a session of theirs in the forensics account. */
async function enterAsCollector(landscape: Landscape, flags: AboutFlags) {
  const caseId = await caseOrAsk(flags.case);
  const { name: actor } = await callerAtDoor(stsIn(landscape.homeRegion)(), landscape);
  return { caseId, actor, session: await enterForensics(landscape, caseId, flags) };
}

async function add(files: readonly string[], flags: AboutFlags): Promise<void> {
  const { landscape } = forensicsOf(flags.config);
  const { addFiles, mustBeFiles, mustBeSaid } = await import("../custody/add");
  mustBeFiles(files);
  mustBeSaid(flags);
  const { caseId, actor, session } = await enterAsCollector(landscape, flags);
  const added = await expectable(() =>
    addFiles(landscape, session, createReporter(), { ...flags, files, caseId, actor }),
  );
  printAdded(caseId, added, flags.json === true);
}

async function sign(flags: AboutFlags): Promise<void> {
  const { landscape, forensics } = forensicsOf(flags.config);
  const { mustBeSaid, signLeftovers } = await import("../custody/add");
  mustBeSaid(flags);
  const { caseCustody } = await import("../custody/case-custody");
  const { caseId, actor, session } = await enterAsCollector(landscape, flags);
  const custody = await caseCustody(landscape, forensics, caseId, session);
  const { skipped, ...added } = await expectable(() =>
    signLeftovers(landscape, session, createReporter(), { ...flags, custody, actor }),
  );
  printAdded(caseId, added, flags.json === true);
  for (const why of skipped) process.stderr.write(`left unsigned: ${line(why, 300)}\n`);
  if (skipped.length > 0) process.exitCode = 1;
}

function printAdded(caseId: string, { pieces, signed }: Added, json: boolean): void {
  if (json) {
    process.stdout.write(`${printable({ case: caseId, pieces, manifest: signed })}\n`);
    return;
  }
  for (const piece of pieces) process.stdout.write(`${piece.sha256}  ${line(addressOf(piece), 1200)}\n`);
  process.stdout.write(`last manifest ${signed.number}:${signed.sha256}\n`);
}
