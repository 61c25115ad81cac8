import { Command } from "commander";
import pc from "picocolors";
import writeFileAtomic from "write-file-atomic";
import { adoptionFile, type ImportBlocks } from "../../adoption/file";
import { type Conflict, planAdoption } from "../../adoption/plan";
import { landscapePath } from "../../landscape";
import { importBlocks } from "../adopt/addresses";
import { factsFrom } from "../adopt/facts-file";
import { lookUp, type Sight, type Unseen } from "../adopt/look";
import { loadOrRefuse } from "../landscape";
import { createReporter } from "../reporter";

interface AdoptFlags {
  readonly from?: string;
  readonly dryRun?: true;
  readonly json?: true;
  readonly config?: string;
}

/** `ir-kit adopt`: what exists becomes the kit's, and what stands against it is told. */
export const adoptCommand = (): Command =>
  new Command("adopt")
    .description(
      "take over detectors, hubs, trails, analyzers and delegations that exist; say what conflicts",
    )
    .option("--from <file>", "facts that were collected elsewhere, in place of looking them up")
    .option("--dry-run", "write nothing")
    .option("--json", "print imports, conflicts and facts as JSON")
    .option("--config <file>", "the landscape; else IR_KIT_CONFIG, config/landscape.yaml")
    .addHelpText(
      "after",
      "\nReads only, with the management account's credentials and the deployer's role in the listed accounts. Writes\n" +
        "adopted.json beside the landscape: from then on each synthesis has import blocks, and the next deploy takes over\n" +
        "what they name. Run it again once something was destroyed: a block that names what is gone fails. Exit code 1:\n" +
        "there are conflicts, or something could not be looked at; then nothing is written.",
    )
    .action((flags: AdoptFlags) => adopt(flags));

async function adopt(flags: AdoptFlags): Promise<void> {
  const file = landscapePath(flags.config);
  const landscape = loadOrRefuse(file);
  const reporter = createReporter();
  const { facts, unseen }: Sight =
    flags.from === undefined
      ? await reporter.step("look what exists", (detail) => lookUp(landscape, detail))
      : { facts: factsFrom(flags.from), unseen: [] };
  const { imports, conflicts } = planAdoption(landscape, facts);
  const blocks = importBlocks(landscape, imports);
  // Half of what exists would be made a second time by the next deploy.
  const writes = !flags.dryRun && unseen.length === 0;
  if (writes) await writeFileAtomic(adoptionFile(file), `${JSON.stringify(blocks, null, 2)}\n`);
  process.stdout.write(
    `${flags.json ? JSON.stringify({ imports: blocks, conflicts, unseen, facts }, null, 2) : report(blocks, conflicts, unseen)}\n`,
  );
  if (writes) reporter.say(`written: ${adoptionFile(file)}`);
  else if (!flags.dryRun) reporter.say(`left as it is, since not everything was seen: ${adoptionFile(file)}`);
  if (conflicts.length + unseen.length > 0) process.exitCode = 1;
}

function report(blocks: ImportBlocks, conflicts: readonly Conflict[], unseen: readonly Unseen[]): string {
  const adopted = Object.entries(blocks).flatMap(([stack, list]) =>
    list.map(({ to, id }) => `  ${stack}: ${to} is ${id}`),
  );
  const lines = [
    adopted.length === 0 ? "nothing to take over" : `${adopted.length} to take over:`,
    ...adopted,
    ...(conflicts.length === 0 ? [] : [`${conflicts.length} that conflict:`]),
    ...conflicts.flatMap(({ what, remedy }) => [`  ${pc.yellow(what)}`, `    ${remedy}`]),
    ...(unseen.length === 0 ? [] : [`${unseen.length} that could not be looked at:`]),
    ...unseen.map(({ where, what, why }) => `  ${pc.yellow(`${where}: ${what}`)}: ${why}`),
  ];
  return lines.join("\n");
}
