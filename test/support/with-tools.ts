import { MissingTool, terraformCommand } from "../../cli/terraform";
import { emulatorCommand } from "../local-aws/tools";
import { browserCommand } from "./browser";

function missing(tools: readonly (() => string)[]): string[] {
  return tools.flatMap((tool) => {
    try {
      tool();
      return [];
    } catch (error) {
      if (error instanceof MissingTool) return [error.message];
      throw error;
    }
  });
}

function describeWith(tools: readonly (() => string)[], name: string, body: () => void): void {
  const reasons = missing(tools);
  if (reasons.length === 0) {
    describe(name, body);
  } else if (process.env.CI) {
    it(`${name}: every tool is there`, () => {
      throw new Error(reasons.join("\n"));
    });
  } else {
    process.stderr.write(`left out: ${name}\n${reasons.map((reason) => `  ${reason}\n`).join("")}`);
    describe.skip(name, body);
  }
}

/** Tests that need the emulator. Where it is missing they fail in CI; elsewhere they are skipped, counted, and said. */
export const describeWithEmulator = (name: string, body: () => void): void =>
  describeWith([emulatorCommand], name, body);

/** Tests that need Terraform and the emulator; see {@link describeWithEmulator}. */
export const describeWithTerraform = (name: string, body: () => void): void =>
  describeWith([emulatorCommand, terraformCommand], name, body);

/** Tests that need a browser; see {@link describeWithEmulator}. */
export const describeWithBrowser = (name: string, body: () => void): void =>
  describeWith([browserCommand], name, body);
