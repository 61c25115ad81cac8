import path from "node:path";
import { Command } from "commander";
import { landscapePath } from "../../landscape";
import { deployedFile } from "../../landscape/deployed/file";
import { recordDeployed } from "../deployed";
import { loadOrRefuse } from "../landscape";
import { dropGone } from "../lock";
import { createReporter } from "../reporter";

interface Options {
  readonly config?: string;
  readonly gone?: readonly string[];
}

/** `ir-kit lock`: records what is about to be deployed, so that none of it is lost later without a word. */
export const lockCommand = (): Command =>
  new Command("lock")
    .description(
      "record accounts, units, regions and stacks beside the landscape, so that none is lost unnoticed",
    )
    .option("--gone <stack...>", "drop from the record what Terraform's state of these stacks no longer has")
    .option("--config <file>", "the landscape; else IR_KIT_CONFIG, config/landscape.yaml")
    .addHelpText(
      "after",
      "\nWrites deployed.lock.json beside the landscape, to be committed with it. Asks nothing of AWS but with --gone,\n" +
        "which reads Terraform's state of the stacks in cdktf.out. Synthesis and validate refuse a landscape that has lost\n" +
        "what the file knows, and synthesis one that has more than the file knows.",
    )
    .action(lock);

async function lock({ config, gone = [] }: Options): Promise<void> {
  const file = landscapePath(config);
  const landscape = loadOrRefuse(file);
  const lines =
    gone.length > 0
      ? await dropGone({
          file,
          stacks: gone,
          directory: path.resolve("cdktf.out"),
          reporter: createReporter(),
        })
      : [];
  const changed = gone.length > 0 ? lines.length > 0 : await recordDeployed(file, landscape);
  for (const line of lines) process.stdout.write(`${line}\n`);
  process.stdout.write(
    changed ? `written: ${deployedFile(file)}\n` : `nothing new for ${deployedFile(file)}\n`,
  );
}
