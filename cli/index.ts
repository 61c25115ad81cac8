import { Command, CommanderError } from "commander";
import { version } from "../package.json";
import { accessCommand } from "./commands/access";
import { adoptCommand } from "./commands/adopt";
import { assumeCommand } from "./commands/assume";
import { bootstrapCommand } from "./commands/bootstrap";
import { coverageCommand } from "./commands/coverage";
import { queryCommand } from "./commands/query";
import { rehomeCommand } from "./commands/rehome";
import { respondCommand } from "./commands/respond";
import { sealCommand } from "./commands/seal";
import { validateCommand } from "./commands/validate";
import { Refused, WrongUse } from "./errors";
import { MissingTool, TerraformFailure } from "./terraform";

/** Exit codes: 0 good, 1 findings or refused, 2 wrong use or wrong input. */
const exitCodeOf = (error: unknown): number =>
  error instanceof WrongUse || error instanceof MissingTool ? 2 : 1;

function program(): Command {
  const cli = new Command("ir-kit")
    .description("Gets an AWS organization ready for a security incident, and carries out the response.")
    .version(version)
    .showHelpAfterError("(--help shows what there is)")
    .showSuggestionAfterError()
    .configureHelp({ sortSubcommands: true });
  for (const command of [
    validateCommand(),
    bootstrapCommand(),
    adoptCommand(),
    assumeCommand(),
    accessCommand(),
    respondCommand(),
    queryCommand(),
    coverageCommand(),
    sealCommand(),
    rehomeCommand(),
  ])
    cli.addCommand(command);
  for (const command of withSubcommands(cli)) command.exitOverride();
  return cli;
}

const withSubcommands = (command: Command): Command[] => [
  command,
  ...command.commands.flatMap((sub) => withSubcommands(sub)),
];

async function main(): Promise<number> {
  try {
    await program().parseAsync();
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    process.stderr.write(`${explain(error)}\n`);
    return exitCodeOf(error);
  }
}

/** What the user can act on; only a fault of the program itself shows a stack trace. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const expected =
    error instanceof Refused ||
    error instanceof WrongUse ||
    error instanceof MissingTool ||
    error instanceof TerraformFailure;
  if (expected) return error.message;
  if (isAwsError(error)) return `AWS answered ${error.name}: ${error.message}`;
  if (process.env.IR_KIT_DEBUG) return error.stack ?? error.message;
  return `unexpected: ${error.message || error.name} (IR_KIT_DEBUG=1 shows where)`;
}

const isAwsError = (error: Error): boolean =>
  "$metadata" in error || error.name === "CredentialsProviderError";

void main().then((code) => {
  process.exitCode = code;
});
