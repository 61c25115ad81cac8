import type { Command } from "commander";
import type { EvidenceSetting } from "../../runtime/custody/deposit";
import { run } from "../../runtime/shared/step";
import { preserveInstance } from "../../runtime/steps/preserve-instance";
import { confirmed } from "../confirm";
import { Refused } from "../errors";
import { createReporter } from "../reporter";
import {
  askingForMfa,
  expectable,
  inCase,
  longestWait,
  numbers,
  printable,
  writeTimeline,
} from "../respond/command";
import { evidencePlace, findInstance, instanceNamed, preservationText } from "../respond/preserve";
import { accountLabel } from "../respond/report";
import { type CaseOptions, enterCase, openCase } from "../respond/setting";

interface PreserveFlags extends CaseOptions {
  readonly account?: string;
  readonly region?: string;
  readonly wait: string;
  readonly dryRun?: true;
  readonly yes?: true;
  readonly json?: true;
}

/** `ir-kit respond preserve`: a machine and its disks, before anybody touches them. */
export const preserveCommand = (): Command =>
  askingForMfa(inCase("preserve"))
    .description("keep an instance from going away, and put what is on its disks where nobody can change it")
    .argument("<instance>", "its id, such as i-0123456789abcdef0, or its ARN")
    .option("--account <name>", "the account in which it is, by name or id, where no ARN says so")
    .option("--region <region>", "the region in which it is; else it is looked for in each watched one")
    .option("--wait <minutes>", "how long is waited for EBS; run it again, and it goes on", "15")
    .option("--dry-run", "list the calls that would change something, and make none")
    .option("--yes", "do not ask")
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      "\nEnters the account by the task evidence, as ir-kit assume does. Instance and volumes have to be tagged with\n" +
        "the case. Every volume is copied into the forensics account, under its key; nothing is deleted, isolated or\n" +
        "stopped, and memory is not read. Exit code 1: not all volumes are preserved yet, or something was not had.",
    )
    .action(preserve);

async function preserve(given: string, flags: PreserveFlags): Promise<void> {
  const [minutes = 0] = numbers(flags.wait, "--wait", longestWait);
  const opened = await openCase(flags);
  const { landscape } = opened;
  const named = instanceNamed(landscape, given, flags);
  const reporter = createReporter();
  const result = await expectable(async () => {
    const entered = await enterCase(opened, flags, "evidence");
    const machine = await reporter.step(`Where ${named.instance} is`, () =>
      findInstance(entered, landscape, named),
    );
    const label = `${machine.instance} in ${accountLabel(landscape, machine.account)}, ${machine.region}`;
    const agreed =
      flags.yes === true || flags.dryRun === true || (await confirmed(`Preserving ${label}`, whatIsDone));
    if (!agreed) throw new Refused("nothing was changed");
    const setting: EvidenceSetting = {
      ...entered,
      evidence: await evidencePlace(entered, landscape, machine),
    };
    return reporter.step(`Preserving ${label}`, () =>
      run(setting, preserveInstance, { ...machine, waitSeconds: minutes * 60 }),
    );
  }).finally(() => writeTimeline(opened));
  process.stdout.write(
    flags.json
      ? `${printable({ case: opened.caseId, directory: opened.directory, ...result })}\n`
      : preservationText(result),
  );
  const whole =
    result.problems.length === 0 &&
    result.results.every(({ outcome }) => outcome !== "failed") &&
    result.volumes.every(({ state }) => state === "preserved" || state === "planned");
  process.exitCode = whole ? 0 : 1;
}

const whatIsDone = [
  "it is protected from termination, stops where it is shut down, and its volumes stay; release undoes this",
  "snapshots of all its volumes are taken at one moment, and copied into the forensics account; they are kept",
  "what AWS tells and what the machine shows is stored as evidence, locked and signed for",
];
