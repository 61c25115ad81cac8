import { Command, CommanderError } from "commander";
import { version } from "../package.json";
import { Refused, WrongUse } from "./errors";
import { MissingTool, TerraformFailure } from "./terraform";

/** Exit codes: 0 good, 1 findings or refused, 2 wrong use or wrong input. */
const exitCodeOf = (error: unknown): number =>
  error instanceof WrongUse || error instanceof MissingTool ? 2 : 1;

/** Each is read when it is wanted: those that speak with AWS load clients, which takes a second. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  validate: async () => (await import("./commands/validate")).validateCommand(),
  bootstrap: async () => (await import("./commands/bootstrap")).bootstrapCommand(),
  adopt: async () => (await import("./commands/adopt")).adoptCommand(),
  assume: async () => (await import("./commands/assume")).assumeCommand(),
  access: async () => (await import("./commands/access")).accessCommand(),
  respond: async () => (await import("./commands/respond")).respondCommand(),
  custody: async () => (await import("./commands/custody")).custodyCommand(),
  forensics: async () => (await import("./commands/forensics")).forensicsCommand(),
  query: async () => (await import("./commands/query")).queryCommand(),
  coverage: async () => (await import("./commands/coverage")).coverageCommand(),
  review: async () => (await import("./commands/review")).reviewCommand(),
  seal: async () => (await import("./commands/seal")).sealCommand(),
  rehome: async () => (await import("./commands/rehome")).rehomeCommand(),
};

/** The program with the command that is asked for; with all of them for help, and for a name that is none. */
async function program(asked: string | undefined): Promise<Command> {
  const cli = new Command("ir-kit")
    .description("Gets an AWS organization ready for a security incident, and carries out the response.")
    .version(version)
    .showHelpAfterError("(--help shows what there is)")
    .showSuggestionAfterError()
    .configureHelp({ sortSubcommands: true });
  const one = asked !== undefined && Object.hasOwn(commands, asked) ? commands[asked] : undefined;
  for (const load of one ? [one] : Object.values(commands)) cli.addCommand(await load());
  for (const command of withSubcommands(cli)) command.exitOverride();
  return cli;
}

const withSubcommands = (command: Command): Command[] => [
  command,
  ...command.commands.flatMap((sub) => withSubcommands(sub)),
];

async function main(): Promise<number> {
  try {
    await (await program(process.argv[2])).parseAsync();
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

// Whoever reads the first lines only, as head does, has what he wanted; what is being done goes on to its end.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

void main().then((code) => {
  process.exitCode = code;
});
