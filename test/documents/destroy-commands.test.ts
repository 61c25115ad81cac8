import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { repository } from "../support/repository";

const files = execFileSync("git", ["ls-files", "docs", "stacks", "cli", "landscape", "README.md"], {
  cwd: repository,
  encoding: "utf8",
})
  .split("\n")
  .filter((name) => /\.(md|ts)$/.test(name));

describe("commands that destroy stacks on which others rest", () => {
  const flag = "--ignore-missing-stack-dependencies";
  const printed = files.flatMap((name) =>
    readFileSync(path.join(repository, name), "utf8")
      .split("\n")
      .filter((line) => line.includes(flag))
      .map((line) => [name, line.slice(line.indexOf(flag))] as const),
  );

  it("are printed somewhere", () => {
    expect(printed.length).toBeGreaterThan(2);
  });

  it.each(printed)("run one at a time, or cdktf would start each again and again: %s", (_, line) => {
    expect(line).toMatch(/^--ignore-missing-stack-dependencies --parallelism 1\b/);
  });
});
