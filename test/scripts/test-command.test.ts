import { spawnSync } from "node:child_process";
import path from "node:path";
import { repository } from "../support/repository";

/** Files that a run would take, sorted, as paths from the repository. */
function listed(...command: readonly string[]): string[] {
  const { stdout, status, stderr } = spawnSync(
    process.execPath,
    ["bin/run.js", "scripts/test.ts", ...command, "--listTests"],
    { cwd: repository, encoding: "utf8" },
  );
  if (status !== 0) throw new Error(stderr);
  return stdout
    .split("\n")
    .filter((line) => line.endsWith(".test.ts"))
    .map((line) => path.relative(repository, line).split(path.sep).join("/"))
    .sort();
}

describe("npm test", () => {
  it("takes the files of the folders and files that are named, of every project", () => {
    expect(listed("all", "test/bin", "test/cost.test.ts", "test/e2e/gaps.test.ts")).toEqual([
      "test/bin/kept-build.test.ts",
      "test/bin/package.test.ts",
      "test/cost.test.ts",
      "test/e2e/gaps.test.ts",
    ]);
  });

  it("takes every project without a path", () => {
    const files = listed("all");
    expect(files).toEqual(expect.arrayContaining(["test/cost.test.ts", "test/e2e/gaps.test.ts"]));
    expect(new Set(files).size).toBe(files.length);
  });

  it("tells its own options", () => {
    const { stdout, status } = spawnSync(
      process.execPath,
      ["bin/run.js", "scripts/test.ts", "all", "--help"],
      {
        cwd: repository,
        encoding: "utf8",
      },
    );
    expect([status, stdout]).toEqual([0, expect.stringContaining("npm run test:long")]);
  });
});

describe("npm run test:unit", () => {
  it("takes the file that is named and no other", () => {
    expect(listed("unit", "test/cost.test.ts")).toEqual(["test/cost.test.ts"]);
  });

  it("takes no end-to-end test, named or not", () => {
    expect(listed("unit", "test/e2e/gaps.test.ts")).toEqual([]);
    expect(listed("unit").filter((file) => file.startsWith("test/e2e/"))).toEqual([]);
  });
});

describe("npm run test:e2e", () => {
  it("takes the file that is named and no other", () => {
    expect(listed("e2e", "test/e2e/gaps.test.ts")).toEqual(["test/e2e/gaps.test.ts"]);
  });
});
