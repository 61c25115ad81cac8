import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Command } from "commander";
import { formatProblem, type Landscape, landscapePath, loadLandscape } from "../landscape";
import { isBroken } from "../quotas/reading";
import { readingsOf, worstFirst } from "../quotas/readings";
import { limitsData, limitsTable } from "../quotas/report";
import type { StackJson } from "../quotas/stacks";
import { planStacks } from "../stacks";
import { synthesize } from "../stacks/synthesize";

interface Options {
  readonly config?: string;
  readonly all?: true;
  readonly json?: true;
}

/** How many quotas are told of unless all are asked for. */
const shown = 15;

/** As if what stands on demand stood. */
const demanded = (landscape: Landscape): Landscape =>
  landscape.forensics
    ? { ...landscape, forensics: { ...landscape.forensics, endpoints: "always" } }
    : landscape;

function stacksOf(landscape: Landscape): Map<string, StackJson> {
  const folder = mkdtempSync(path.join(tmpdir(), "ir-kit-limits-"));
  try {
    synthesize(landscape, { deployed: undefined, directory: path.join(folder, "out") });
    const stacks = path.join(folder, "out", "stacks");
    return new Map(
      readdirSync(stacks).map((name) => [
        name,
        JSON.parse(readFileSync(path.join(stacks, name, "cdk.tf.json"), "utf8")) as StackJson,
      ]),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function limits(file: string, { all, json }: Options): number {
  const landscape = loadLandscape(file);
  if (!landscape.ok) {
    for (const problem of landscape.problems) process.stderr.write(`${formatProblem(problem)}\n`);
    return 2;
  }
  const readings = worstFirst(readingsOf(stacksOf(demanded(landscape.value))));
  const text = json
    ? `${JSON.stringify(limitsData(readings), null, 2)}\n`
    : limitsTable(readings, all ? readings.length : shown);
  process.stdout.write(text);
  for (const { name, because } of planStacks(landscape.value).omitted)
    process.stderr.write(`not counted: ${name} (${because})\n`);
  return readings.some(isBroken) ? 1 : 0;
}

// Whoever reads the first lines only closes the pipe.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

new Command("npm run limits --")
  .description("what the synthesized stacks leave of each quota of AWS, worst first")
  .option("--config <file>", "the landscape; else IR_KIT_CONFIG, config/landscape.yaml")
  .option("--all", "every quota, not only the nearest")
  .option("--json", "as JSON, with the source of each quota")
  .addHelpText(
    "after",
    "\nExample: npm run --silent limits -- --json | jq '.[0]'\nExits with 1 where a quota is exceeded.",
  )
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .action((options: Options) => {
    process.exitCode = limits(landscapePath(options.config), options);
  })
  .parse();
