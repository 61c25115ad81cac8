import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { generatedFiles } from "./support/generated-files";
import { repository } from "./support/repository";
import { capabilities } from "./verified/capabilities";

describe("generated files (npm run generate)", () => {
  it.each([...generatedFiles()])("%s is what the code says", (name, text) => {
    expect(readFileSync(path.join(repository, name), "utf8")).toBe(text);
  });

  it("name only tests that exist", () => {
    const tests = capabilities.flatMap(({ static: synthesized, simulated, emulator, front }) => [
      synthesized,
      simulated,
      emulator,
      front,
    ]);
    for (const test of tests)
      if (test !== undefined) expect(existsSync(path.join(repository, test))).toBe(true);
  });
});
