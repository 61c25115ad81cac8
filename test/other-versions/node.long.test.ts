import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import path from "node:path";
import { repository } from "../support/repository";
import { shareOf } from "../support/share";
import { installed } from "./npm-install";
import { synthesizedStacks } from "./synthesized-stacks";

/** Long-term releases after the one that the kit asks for, as npm has them for each platform. */
const releases = shareOf("later releases of Node", ["22.23.5", "24.22.3"], 2);

/** What needs neither Terraform nor the emulator. */
const suites = shareOf(
  "suites under another Node",
  ["test/landscape", "test/review", "test/cli", "test/stacks", "test/proofs/minimal"],
  5,
);
const nodePackage = `node-${process.platform}-${process.arch}`;

describe.each(releases)("Node %s", (release) => {
  let folder: string;
  let node: string;

  beforeAll(() => {
    folder = installed(`${nodePackage}@${release}`);
    node = path.join(folder, "node_modules", nodePackage, "bin", "node");
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
