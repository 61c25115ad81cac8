import childProcess from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { synthesize } from "../../stacks/synthesize";
import { exampleLandscape } from "../support/landscapes";

describe("a synthesis", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "ir-kit-without-tools-"));

  afterEach(() => {
    jest.restoreAllMocks();
    rmSync(folder, { recursive: true, force: true });
  });

  it("asks no Terraform for its version: it is slow to start, and need not be installed", () => {
    const started = jest.spyOn(childProcess, "execSync").mockImplementation(() => {
      throw new Error("not installed");
    });
    const { stacks } = synthesize(exampleLandscape(), { deployed: undefined, directory: folder });
    expect(readdirSync(path.join(folder, "stacks")).sort()).toEqual([...stacks].sort());
    expect(stacks).toContain("detection-eu-west-1");
    expect(started).not.toHaveBeenCalled();
  });
});
