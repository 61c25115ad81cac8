import { Command } from "commander";
import { landscapePath } from "../../landscape";
import { deployedFile } from "../../landscape/deployed/file";
import { type BootstrapResult, bootstrap } from "../bootstrap";
import { confirmed } from "../confirm";
import { createReporter, silentReporter } from "../reporter";

interface Options {
  readonly config?: string;
  readonly createOrganization?: true;
  readonly yes?: true;
  readonly json?: true;
}

/** `ir-kit bootstrap`: first ids and state. */
export const bootstrapCommand = (): Command =>
  new Command("bootstrap")
    .description("make OUs and accounts, switch on trusted access, and write ids into the landscape")
    .option("--config <file>", "the landscape; else IR_KIT_CONFIG, config/landscape.yaml")
    .option("--create-organization", "create the organization where this account is in none")
    .option("--yes", "do not ask before the first change")
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      "\nUses the credentials of the environment, which must be those of the management account.\n" +
        "Only adds: what stands in the organization is left as it is. Safe to run again.",
    )
    .action(async (options: Options) => {
      const file = landscapePath(options.config);
      const result = await bootstrap({
        file,
        createOrganization: options.createOrganization === true,
        confirm: options.yes ? async () => true : ask,
        reporter: options.json ? silentReporter : createReporter(),
        directory: "cdktf.out",
      });
      process.stdout.write(options.json ? `${asJson(result)}\n` : describe(result, file));
    });

const ask = (changes: readonly string[]) =>
  confirmed(
    "About to add",
    changes,
    "bootstrap would change the organization; --yes confirms it in a script",
  );

const asJson = ({ plan, ...result }: BootstrapResult): string =>
  JSON.stringify({ ...result, stacks: plan.stacks.map(({ name }) => name), omitted: plan.omitted }, null, 2);

function describe({ additions, written, movedState, recorded, plan }: BootstrapResult, file: string): string {
  const lines = [
    additions.length === 0
      ? "The organization had all it needs."
      : `Added ${additions.length} to the organization.`,
    ...(written.length > 0 ? [`Wrote into the landscape: ${written.join(", ")}.`] : []),
    ...(movedState.length > 0 ? [`Moved state into the bucket: ${movedState.join(", ")}.`] : []),
    ...(recorded ? [`Recorded what is to stand: ${deployedFile(file)}. Commit it with the landscape.`] : []),
    ...plan.omitted.map(({ name, because }) => `Left out for now: ${name} (${because}).`),
    `The next synthesis has ${plan.stacks.length} stacks: ${plan.stacks.map(({ name }) => name).join(", ")}.`,
    "Next: npx cdktf deploy '*'",
  ];
  return `${lines.join("\n")}\n`;
}
