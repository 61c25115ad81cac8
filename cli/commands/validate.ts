import { Command } from "commander";
import pc from "picocolors";
import {
  formatProblem,
  type Landscape,
  landscapePath,
  listedAccounts,
  type Problem,
  regionsToEnable,
} from "../../landscape";
import { deployedFile, readDeployed } from "../../landscape/deployed/file";
import type { Deployed } from "../../landscape/deployed/schema";
import { loadFitting } from "../fitting";

/** `ir-kit validate`: checks the landscape and says what it comes to. */
export const validateCommand = (): Command =>
  new Command("validate")
    .description("check the landscape: every mistake at once, each with its line and a remedy")
    .argument("[file]", "the landscape; else --config, IR_KIT_CONFIG, config/landscape.yaml")
    .option("--config <file>", "the landscape")
    .option("--json", "print problems and facts as JSON")
    .action(async (argument: string | undefined, options: { config?: string; json?: true }) => {
      process.exitCode = await validate(landscapePath(argument ?? options.config), options.json === true);
    });

async function validate(file: string, json: boolean): Promise<number> {
  const result = await loadFitting(file);
  if (!result.ok) return refuse(result.problems, json);
  const deployed = readDeployed(file);
  if (!deployed.ok) return refuse(deployed.problems, json);
  const standing = deployed.value ? await compared(file, result.value, deployed.value) : undefined;
  if (standing && standing.problems.length > 0) return refuse(standing.problems, json);
  // What stacks are made of takes a while to load, and nobody waits for it to be told of a mistake.
  const { planStacks } = await import("../../stacks");
  const { stacks, omitted } = planStacks(result.value, [], deployed.value);
  const { givingUp } = await import("../../stacks/giving-up");
  const retired = givingUp(result.value, stacks, deployed.value);
  const unknown = standing?.unknown ?? [];
  const toEnable = regionsToEnable(result.value);
  if (json) {
    const lockFile = deployed.value ? deployedFile(file) : null;
    const facts = { stacks: stacks.map(({ name }) => name), omitted, regionsToEnable: toEnable, lockFile };
    print(JSON.stringify({ valid: true, ...facts, retired, unrecorded: unknown }, null, 2));
    return 0;
  }
  print(`${pc.green("valid")}: ${file}`);
  print(summary(result.value));
  print(`stacks: ${stacks.map(({ name }) => name).join(", ")}`);
  if (toEnable.length > 0) print(enableFirst(toEnable));
  for (const { name, because } of omitted) print(`left out: ${name} (${because}); run: npx ir-kit bootstrap`);
  if (!deployed.value) print(`${pc.yellow("no lock file")}: ${withoutLockFile(file)}`);
  if (unknown.length > 0) print(`not recorded yet: ${unknown.join(", ")}; run: npx ir-kit lock`);
  for (const { what, steps } of retired) {
    print(`${pc.yellow("retired")}: ${what}`);
    for (const [index, step] of steps.entries()) print(`  ${index + 1}. ${step}`);
  }
  return 0;
}

function refuse(problems: readonly Problem[], json: boolean): number {
  if (json) {
    print(JSON.stringify({ valid: false, problems }, null, 2));
    return 2;
  }
  for (const problem of problems) process.stderr.write(`${formatProblem(problem)}\n`);
  process.stderr.write(pc.red(`${problems.length} problem${problems.length === 1 ? "" : "s"}\n`));
  return 2;
}

/** What the lock file says against the landscape, and what it doesn't know yet. */
async function compared(file: string, landscape: Landscape, deployed: Deployed) {
  const [{ compare }, { placed }, { unrecorded }] = await Promise.all([
    import("../../stacks/synthesize"),
    import("../../landscape/deployed/place"),
    import("../../landscape/deployed/record"),
  ]);
  const { findings, record } = compare(landscape, deployed);
  return { problems: placed(file, findings), unknown: unrecorded(record, deployed) };
}

const print = (line: string) => process.stdout.write(`${line}\n`);

const withoutLockFile = (file: string): string =>
  `what this landscape drops later would be destroyed or left behind; npx ir-kit lock writes ${deployedFile(file)}`;

const enableFirst = (regions: readonly string[]): string =>
  `enable first, in the management account and in each member: ${regions.join(", ")}; ` +
  "StackSets make nothing where a region is off, and the deployment does not fail for it";

const summary = (landscape: Landscape): string =>
  [
    `organization ${landscape.organization.name}`,
    `${listedAccounts(landscape).length} accounts listed`,
    `${landscape.organizationalUnits.length} organizational units`,
    `regions ${landscape.regions.join(", ")}`,
    `baseline by ${landscape.distribution}`,
  ].join("; ");
