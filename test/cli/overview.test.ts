import { Command, Help } from "commander";
import { commands } from "../../cli/commands";
import { program } from "../../cli/program";

const help = new Help();
const line = (command: Command) => [help.subcommandTerm(command), help.subcommandDescription(command)];

describe("the overview of commands", () => {
  it.each(Object.keys(commands))("tells of %s what the command says of itself", async (name) => {
    const overview = await program([]);
    const listed = overview.commands.find((command) => command.name() === name) ?? new Command();
    const real = await commands[name]?.load();
    expect(line(listed)).toEqual(line(real ?? new Command()));
  });

  it.each([[["seal"]], [["help", "seal"]], [["--", "seal"]]])("loads what is asked for: %j", async (argv) => {
    const [seal, review] = ["seal", "review"].map((name) => async () => {
      const { commands: all } = await program(argv);
      return all.find((command) => command.name() === name)?.options.map(({ long }) => long);
    });
    expect(await seal?.()).toContain("--release");
    expect(await review?.()).toEqual(["--any"]);
  });
});
