import { Command } from "commander";
import { accountId } from "../../landscape/names";
import { run } from "../../runtime/shared/step";
import { closeAnalysis } from "../../runtime/steps/close-analysis";
import { type AnalysisSetting, openAnalysis } from "../../runtime/steps/open-analysis";
import { caseNamed } from "../assume/target";
import { confirmed } from "../confirm";
import { Refused } from "../errors";
import {
  analysisPlace,
  closingText,
  forensicsIn,
  machineNamed,
  openingText,
  regionOfCase,
  sessionCommand,
} from "../forensics/analysis";
import { createReporter } from "../reporter";
import { askingForMfa, expectable, longestWait, numbers, printable, writeTimeline } from "../respond/command";
import { evidencePlace } from "../respond/preserve";
import { type CaseOptions, enterCase, openCase } from "../respond/setting";

interface Flags extends CaseOptions {
  readonly region?: string;
  readonly wait: string;
  readonly dryRun?: true;
  readonly yes?: true;
  readonly json?: true;
}

interface OpenFlags extends Flags {
  readonly machine: string;
  readonly instance: readonly string[];
}

/** `ir-kit forensics`: a machine on which a case's evidence is looked at. */
export const forensicsCommand = (): Command =>
  new Command("forensics")
    .description("open what a case has preserved on a machine that reaches nothing, and close it again")
    .addCommand(
      ofCase("open")
        .description("launch a machine in the forensics account, with copies of the case's volumes attached")
        .option("--machine <kind>", "linux-arm64, linux-x86-64 or windows", "linux-arm64")
        .option(
          "--instance <id>",
          "only volumes of this machine; without it, all of the case (may be repeated)",
          (id: string, ids: readonly string[]) => [...ids, id],
          [] as readonly string[],
        )
        .addHelpText(
          "after",
          "\nEnters the forensics account by the task evidence, as ir-kit assume does. Copies are attached once the\n" +
            "machine has said that it writes to no disk but its own; it goes on where it ended. Exit code 1: not all\n" +
            "volumes are attached yet, or Session Manager does not know the machine yet.",
        )
        .action(open),
    )
    .addCommand(
      ofCase("close")
        .description("end the case's machines and delete the working copies; the evidence stays")
        .action(close),
    );

const ofCase = (name: string): Command =>
  askingForMfa(
    new Command(name)
      .argument("<case>", "such as CASE-1")
      .option("--region <region>", "where the case's evidence lies, if it lies in several regions")
      .option("--wait <minutes>", "how long is waited for EC2; run it again, and it goes on", "15")
      .option("--cases <folder>", "where cases are kept; else IR_KIT_CASES, cases")
      .option("--config <file>", "the landscape; else IR_KIT_CONFIG, config/landscape.yaml"),
  )
    .option("--dry-run", "list the calls that would change something, and make none")
    .option("--yes", "do not ask")
    .option("--json", "print the result as JSON");

async function open(caseId: string, flags: OpenFlags): Promise<void> {
  const [minutes = 0] = numbers(flags.wait, "--wait", longestWait);
  const machine = machineNamed(flags.machine);
  const opened = await openCase({ ...flags, case: caseNamed(caseId) });
  const { landscape } = opened;
  const forensics = forensicsIn(landscape, flags.region);
  const reporter = createReporter();
  const result = await expectable(async () => {
    const entered = await enterCase(opened, flags, "evidence");
    const region = flags.region ?? (await regionOfCase(entered, landscape, forensics));
    const what = `Opening what ${caseId} has preserved in ${region}`;
    const agreed = flags.yes === true || flags.dryRun === true || (await confirmed(what, whatIsOpened));
    if (!agreed) throw new Refused("nothing was changed");
    const setting: AnalysisSetting = {
      ...entered,
      evidence: await evidencePlace(entered, landscape, { region }),
      analysis: await analysisPlace(entered, landscape, region, machine),
    };
    return reporter.step(what, () =>
      run(setting, openAnalysis, { instances: [...flags.instance], waitSeconds: minutes * 60 }),
    );
  }).finally(() => writeTimeline(opened));
  const command =
    result.machine === undefined
      ? undefined
      : sessionCommand(landscape, result.region, result.machine, caseId);
  if (flags.json) {
    process.stdout.write(
      `${printable({ case: caseId, ...result, ...(command !== undefined && { session: command }) })}\n`,
    );
  } else {
    process.stdout.write(openingText(result));
    if (command !== undefined) process.stdout.write(`${afterwards(command, machine, caseId)}\n`);
  }
  const whole =
    result.results.every(({ outcome }) => outcome !== "failed") &&
    result.volumes.every(({ state }) => state === "attached" || state === "planned") &&
    result.problems.length === 0;
  process.exitCode = whole ? 0 : 1;
}

const afterwards = (command: string, machine: string, caseId: string): string =>
  [
    "A shell on the machine:",
    `  ${command}`,
    machine === "windows"
      ? "There, disks are offline and read-only."
      : "There, to mount the evidence, read-only: sudo ir-kit-evidence",
    `When you are done: npx ir-kit forensics close ${caseId}`,
  ].join("\n");

async function close(caseId: string, flags: Flags): Promise<void> {
  const [minutes = 0] = numbers(flags.wait, "--wait", longestWait);
  const opened = await openCase({ ...flags, case: caseNamed(caseId) });
  const { landscape } = opened;
  const forensics = forensicsIn(landscape, flags.region);
  const account = accountId(landscape.accounts.forensics);
  const reporter = createReporter();
  const closings = await expectable(async () => {
    const entered = await enterCase(opened, flags, "evidence");
    const what = `Closing what is open of ${caseId}`;
    const agreed = flags.yes === true || flags.dryRun === true || (await confirmed(what, whatIsClosed));
    if (!agreed) throw new Refused("nothing was changed");
    const regions = flags.region === undefined ? forensics.regions : [flags.region];
    return reporter.step(what, () =>
      Promise.all(
        regions.map((region) => run(entered, closeAnalysis, { account, region, waitSeconds: minutes * 60 })),
      ),
    );
  }).finally(() => writeTimeline(opened));
  process.stdout.write(
    flags.json ? `${printable({ case: caseId, regions: closings })}\n` : closings.map(closingText).join(""),
  );
  process.exitCode = closings.every(({ left }) => left.length === 0) ? 0 : 1;
}

const whatIsOpened = [
  "a machine is launched in the forensics account, in a network that reaches endpoints of AWS alone",
  "working copies of the preserved volumes are attached to it; the evidence itself is not touched",
  "which copies were opened, where and by whom is stored as evidence, locked and signed for",
];

const whatIsClosed = [
  "the case's machines in the forensics account are terminated, with all that was left on them",
  "working copies are deleted; snapshots and files of evidence stay",
];
