import { Command } from "commander";
import { version } from "../package.json";
import { commands } from "./commands";

/**
 * The program with the command that `argv` asks for, loaded. Of the others there is only what the overview and a
 * suggestion for a misspelled name need.
 *
 * @param argv what the user has typed after `ir-kit`
 */
export async function program(argv: readonly string[]): Promise<Command> {
  const cli = new Command("ir-kit")
    .description("Gets an AWS organization ready for a security incident, and carries out the response.")
    .version(version)
    .showHelpAfterError("(--help shows what there is)")
    .showSuggestionAfterError()
    .configureHelp({ sortSubcommands: true });
  const words = argv.filter((word) => !word.startsWith("-"));
  const asked = words[0] === "help" ? words[1] : words[0];
  const one = asked !== undefined && Object.hasOwn(commands, asked) ? commands[asked] : undefined;
  if (one) cli.addCommand(await one.load());
  for (const [name, { usage, description }] of Object.entries(commands)) {
    if (commands[name] !== one) cli.addCommand(listed(name, usage, description));
  }
  for (const command of withSubcommands(cli)) command.exitOverride();
  return cli;
}

/** A command's line in the overview. */
function listed(name: string, usage: string, description: string): Command {
  const command = new Command(name).description(description);
  for (const word of usage.split(" ").filter((each) => each !== "" && each !== "[options]"))
    command.argument(word);
  // The overview says that there are options, not which.
  if (usage.startsWith("[options]")) command.option("--any");
  return command;
}

const withSubcommands = (command: Command): Command[] => [
  command,
  ...command.commands.flatMap((sub) => withSubcommands(sub)),
];
