import { Command } from "commander";
import { createReporter } from "../../../cli/reporter";
import { MissingTool } from "../../../cli/terraform";
import { acceptsUnverified, prepareTools, type Tools } from "./prepare";

interface Flags {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly acceptUnverified?: boolean;
}

/** `npm run tools`: brings what the local AWS needs, and says where each tool lies. */
async function main(): Promise<void> {
  const command = new Command("npm run tools --")
    .description("Brings what the local AWS needs and is missing here, and says where each tool lies.")
    .option("--json", "as JSON")
    .option("--quiet", "say nothing where all is there")
    .option("--accept-unverified", "take what no pinned digest vouches for")
    .allowExcessArguments(false)
    .parse();
  const flags = command.opts<Flags>();
  const accept = flags.acceptUnverified ? ["--accept-unverified"] : [];
  const tools = await prepareTools({
    acceptUnverified: acceptsUnverified(accept),
    reporter: createReporter(),
  });
  if (flags.json) process.stdout.write(`${JSON.stringify(tools, null, 2)}\n`);
  else if (!flags.quiet) process.stdout.write(table(tools));
}

function table(tools: Tools): string {
  const rows = Object.values(tools).map(({ name, version, verdict, origin, path }) => {
    const judged = verdict === "as found" ? `from the ${origin}` : `the kit's own, ${verdict}`;
    return [name, version, judged, path];
  });
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) => `${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}\n`)
    .join("");
}

main().catch((error: unknown) => {
  if (!(error instanceof MissingTool)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
});
