import { Command } from "commander";
import pc from "picocolors";
import { formatProblem, type Landscape, landscapePath, listedAccounts, loadLandscape } from "../../landscape";

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
  const result = loadLandscape(file);
  if (!result.ok) {
    if (json) print(JSON.stringify({ valid: false, problems: result.problems }, null, 2));
    else {
      for (const problem of result.problems) process.stderr.write(`${formatProblem(problem)}\n`);
      const count = result.problems.length;
      process.stderr.write(pc.red(`${count} problem${count === 1 ? "" : "s"}\n`));
    }
    return 2;
  }
  // What stacks are made of takes a while to load, and nobody waits for it to be told of a mistake.
  const { planStacks } = await import("../../stacks");
  const { stacks, omitted } = planStacks(result.value);
  if (json) {
    print(JSON.stringify({ valid: true, stacks: stacks.map(({ name }) => name), omitted }, null, 2));
    return 0;
  }
  print(`${pc.green("valid")}: ${file}`);
  print(summary(result.value));
  print(`stacks: ${stacks.map(({ name }) => name).join(", ")}`);
  for (const { name, because } of omitted) print(`left out: ${name} (${because}); run: npx ir-kit bootstrap`);
  return 0;
}

const print = (line: string) => process.stdout.write(`${line}\n`);

const summary = (landscape: Landscape): string =>
  [
    `organization ${landscape.organization.name}`,
    `${listedAccounts(landscape).length} accounts listed`,
    `${landscape.organizationalUnits.length} organizational units`,
    `regions ${landscape.regions.join(", ")}`,
    `baseline by ${landscape.distribution}`,
  ].join("; ");
