import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { validateCommand } from "../../cli/commands/validate";
import { exampleText, exampleWith } from "../support/landscapes";

describe("validate", () => {
  const directory = mkdtempSync(path.join(tmpdir(), "ir-kit-validate-"));
  const file = path.join(directory, "landscape.yaml");
  const { exitCode } = process;

  afterEach(() => jest.restoreAllMocks());

  afterAll(() => {
    process.exitCode = exitCode;
    rmSync(directory, { recursive: true, force: true });
  });

  async function validated(text: string, ...options: string[]): Promise<string> {
    writeFileSync(file, text);
    const lines: string[] = [];
    jest.spyOn(process.stdout, "write").mockImplementation((line) => lines.push(String(line)) > 0);
    await validateCommand().parseAsync(["node", "validate", file, ...options]);
    expect(process.exitCode).toBe(0);
    return lines.join("");
  }

  const southern = exampleWith([
    "regions: [eu-west-1, us-east-1]",
    "regions: [me-south-1, af-south-1, eu-west-1, us-east-1]",
  ]);

  it("says which regions accounts must enable before StackSets reach them", async () => {
    expect(await validated(southern)).toContain(
      "enable first, in the management account and in each member: af-south-1, me-south-1;",
    );
    expect(await validated(exampleText)).not.toContain("enable first");
  });

  it("says so in JSON too", async () => {
    expect(JSON.parse(await validated(southern, "--json"))).toMatchObject({
      valid: true,
      regionsToEnable: ["af-south-1", "me-south-1"],
    });
  });
});
