import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { ageOfLongRun, commitOfRun, type LongRun, LongRunError, recordFile } from "../../scripts/long-run";

let directory: string;

const git = (...command: readonly string[]): string =>
  execFileSync("git", ["-c", "user.name=Test", "-c", "user.email=test@example.com", ...command], {
    cwd: directory,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  }).trim();

function change(file: string, text = Math.random().toString()): void {
  const target = path.join(directory, file);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, text);
}

function commit(file: string): string {
  change(file);
  git("add", ".");
  git("commit", "--quiet", "--message", `change ${file}`);
  return git("rev-parse", "HEAD");
}

/** Of a green run of the given commit, but for what is said. */
function record(ofCommit: string, more: Partial<LongRun> = {}): void {
  const green = {
    date: "2026-11-29T12:00:00.000Z",
    node: "20.20.2",
    seconds: 60,
    passed: 5,
    failed: 0,
    skipped: 0,
  };
  change(recordFile, JSON.stringify({ commit: ofCommit, ...green, ...more }));
}

const commits = (count: number, file: string): void => {
  for (let index = 0; index < count; index += 1) commit(file);
};

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), "long-run-"));
  git("init", "--quiet");
  record(commit("main.ts"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const refusal = (at = directory): string => {
  try {
    ageOfLongRun(at);
  } catch (error) {
    if (error instanceof LongRunError) return error.message;
    throw error;
  }
  return "none";
};

describe("the last long run", () => {
  it("vouches for the commit that it ran", () => {
    expect(ageOfLongRun(directory)).toBe(0);
  });

  it("vouches for ten commits of product code after it, and for no eleventh", () => {
    commits(10, "stacks/a.ts");
    expect(ageOfLongRun(directory)).toBe(10);
    commit("main.ts");
    expect(refusal()).toMatch(
      /^the last long run \(2026-11-29T12:00:00.000Z, commit [0-9a-f]{12}\) is older than 10 commits of product code: 11 came after it; run: npm run test:long$/,
    );
  });

  it("grows no older by documents and tests", () => {
    for (const file of ["docs/guide.html", "README.md", "stacks/notes.md", "test/a.test.ts"]) commit(file);
    expect(ageOfLongRun(directory)).toBe(0);
  });

  it("of a commit that is not in the history vouches for nothing", () => {
    record("0".repeat(40));
    expect(refusal()).toBe(
      `${recordFile}: commit ${"0".repeat(40)} is not in the history of what stands checked out; run: npm run test:long`,
    );
  });

  it("of another branch vouches for nothing", () => {
    git("checkout", "--quiet", "-b", "other");
    const other = commit("other.ts");
    git("checkout", "--quiet", "-");
    record(other);
    expect(refusal()).toContain(`commit ${other} is not in the history`);
  });

  it("can't be told of in a shallow clone", () => {
    commits(2, "main.ts");
    const clone = mkdtempSync(path.join(tmpdir(), "long-run-clone-"));
    try {
      git("clone", "--quiet", "--depth=1", `file://${directory}`, clone);
      expect(refusal(clone)).toBe(
        "a shallow clone can't tell the age of the long run; run: git fetch --unshallow",
      );
    } finally {
      rmSync(clone, { recursive: true, force: true });
    }
  });

  it.each([
    ["red", { failed: 1 }, /5 passed and 1 failed; a green run is wanted/],
    ["empty", { passed: 0 }, /0 passed and 0 failed; a green run is wanted/],
    ["of no commit", { commit: "main" }, /\/commit: .*match/],
    ["without a count", { passed: -1 }, /\/passed: .*greater or equal to 0/],
  ])("that is %s vouches for nothing", (_, more, message) => {
    record(git("rev-parse", "HEAD"), more);
    expect(refusal()).toMatch(message);
  });

  it("that is no JSON, or not there, vouches for nothing", () => {
    change(recordFile, "{");
    expect(refusal()).toBe(`${recordFile} is no JSON; run: npm run test:long`);
    rmSync(path.join(directory, recordFile));
    expect(refusal()).toBe(`${recordFile} can't be read, so no long run is recorded; run: npm run test:long`);
  });
});

describe("a long run that begins", () => {
  it("vouches for the commit that stands checked out, documents aside", () => {
    change("docs/guide.md");
    expect(commitOfRun(directory)).toBe(git("rev-parse", "HEAD"));
  });

  it.each(["main.ts", "test/b.test.ts"])("vouches for none while %s is in no commit", (file) => {
    change(file);
    expect(() => commitOfRun(directory)).toThrow(
      new RegExp(`^a long run is recorded of what is in a commit.*\n.*${file}$`),
    );
  });
});
