import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import Table from "cli-table3";
import { administratorAccess, decide } from "../../cli/access/decide";
import { repository } from "../support/repository";
import { printedCommands } from "./printed-commands";
import { exampleDeployment, member } from "./setting";

/** What users read: documents as they are; of code, whatever stands in it, help texts and messages among them. */
const places = [
  { folder: ".", extension: ".md", deep: false },
  { folder: "docs", extension: ".md", deep: true },
  ...productFolders().map((folder) => ({
    folder,
    extension: folder === "documents" ? "" : ".ts",
    deep: true,
  })),
];

/** Whatever is no test and not made of something else. */
function productFolders(): string[] {
  const others = ["test", "bench", "dist", "docs", "node_modules", "cdktf.out", "cases", "state"];
  return readdirSync(repository, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith(".") && !others.includes(entry.name))
    .map(({ name }) => name);
}

const filesOf = ({ folder, extension, deep }: (typeof places)[number]): string[] =>
  readdirSync(path.join(repository, folder), { recursive: deep, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(extension))
    .map(({ parentPath, name }) => path.relative(repository, path.join(parentPath, name)));

/** Commands of AWS's command line in a text; a service and a verb with a hyphen, or one of the few without. */
const commandsIn = (text: string): string[] =>
  [
    ...text.matchAll(
      /(?<![\w-])aws (?:--\S+ \S+ )*([a-z][a-z0-9-]+) ((?:[a-z]+-[a-z-]+)|sync|cp|ls|query|invoke)\b/g,
    ),
  ].map(([, service, verb]) => `${service} ${verb}`);

const printed = places
  .flatMap(filesOf)
  .flatMap((file) =>
    commandsIn(readFileSync(path.join(repository, file), "utf8")).map((command) => ({ file, command })),
  );

describe("every command of AWS's command line that is printed", () => {
  it("is found where it is printed", () => {
    expect(printed.length).toBeGreaterThan(15);
    expect(productFolders()).toEqual(
      expect.arrayContaining(["cli", "policies", "review", "runtime", "stacks"]),
    );
  });

  it("is known, with who runs it", () => {
    const known = printedCommands.map(({ command }) => command);
    expect(
      printed
        .filter(({ command }) => !known.includes(command))
        .map(({ file, command }) => `${file}: ${command}`),
    ).toEqual([]);
  });

  it("is known only as long as it is printed", () => {
    const commands = printed.map(({ command }) => command);
    expect(printedCommands.map(({ command }) => command).filter((one) => !commands.includes(one))).toEqual(
      [],
    );
  });

  it.each(printedCommands.map((one) => [one.command, one] as const))(
    "is allowed to whoever is told to run it: %s",
    async (_, { requests }) => {
      expect(requests.length).toBeGreaterThan(0);
      for (const request of requests) {
        const { verdict } = await decide(exampleDeployment(), request);
        expect([request.principal, request.action, verdict]).toEqual([
          request.principal,
          request.action,
          "allowed",
        ]);
      }
    },
  );

  it("would be refused where a member's administrator were told to tag a case", async () => {
    const { verdict, because } = await decide(exampleDeployment(), {
      principal: `arn:aws:iam::${member}:role/OrganizationAccountAccessRole`,
      action: "ec2:CreateTags",
      resource: `arn:aws:ec2:eu-west-1:${member}:instance/i-0123456789abcdef0`,
      context: { "aws:TagKeys": ["ir:case"] },
      also: [administratorAccess],
    });
    expect([verdict, because]).toEqual(["denied", ["KitTags"]]);
  });

  it("is listed", () => {
    const table = new Table({
      head: ["command", "who may run it", "printed in"],
      style: { head: [], border: [] },
    });
    for (const { command, who } of printedCommands) {
      const files = printed.filter((one) => one.command === command).map(({ file }) => file);
      table.push([`aws ${command}`, who, [...new Set(files)].join(", ")]);
    }
    process.stdout.write(`${table.toString()}\n`);
  });
});
