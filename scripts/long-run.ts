import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { type Static, Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";

/** The file, from the repository's root, that tells when the long run was last green. */
export const recordFile = "test/long-runs.json";

/** Commits of product code after which a long run no longer vouches for what stands. */
const tooOld = 10;

/** Everything but documents and tests: what they change, no long run can find. */
const productPaths = [".", ":(exclude)docs", ":(exclude)test", ":(exclude,glob)**/*.md"];

const Count = Type.Integer({ minimum: 0 });

const LongRun = Type.Object(
  {
    commit: Type.String({ pattern: "^[0-9a-f]{40}$" }),
    /** When it ended, as an ISO 8601 time. */
    date: Type.String(),
    node: Type.String(),
    seconds: Count,
    passed: Count,
    failed: Count,
    skipped: Count,
  },
  { additionalProperties: false },
);

/** A long run whose totals are kept in the repository. */
export type LongRun = Static<typeof LongRun>;

/** A record that vouches for nothing, or can't be written; the message says what to do. */
export class LongRunError extends Error {}

const again = "run: npm run test:long";

const git = (directory: string, ...command: readonly string[]): string =>
  execFileSync("git", command, {
    cwd: directory,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  }).trim();

function succeeds(directory: string, ...command: readonly string[]): boolean {
  try {
    git(directory, ...command);
    return true;
  } catch {
    return false;
  }
}

/**
 * The last recorded long run of a repository.
 *
 * @throws LongRunError where there is no record, or one that is no record of a green run
 */
export function readLongRun(directory: string): LongRun {
  let text: string;
  try {
    text = readFileSync(path.join(directory, recordFile), "utf8");
  } catch (cause) {
    throw new LongRunError(`${recordFile} can't be read, so no long run is recorded; ${again}`, { cause });
  }
  let run: unknown;
  try {
    run = JSON.parse(text);
  } catch (cause) {
    throw new LongRunError(`${recordFile} is no JSON; ${again}`, { cause });
  }
  if (!Value.Check(LongRun, run)) {
    const { path: place, message } = [...Value.Errors(LongRun, run)][0] ?? { path: "", message: "no record" };
    throw new LongRunError(`${recordFile}: ${place === "" ? "the record" : place}: ${message}; ${again}`);
  }
  if (run.failed > 0 || run.passed === 0)
    throw new LongRunError(
      `${recordFile}: ${run.passed} passed and ${run.failed} failed; a green run is wanted; ${again}`,
    );
  return run;
}

/**
 * How many commits of product code came after the recorded run.
 *
 * @throws LongRunError where that is more than ten, or where the history can't tell
 */
export function ageOfLongRun(directory: string): number {
  const { commit, date } = readLongRun(directory);
  if (!succeeds(directory, "rev-parse", "--git-dir"))
    throw new LongRunError(`${directory} is not a Git repository, so the age of the long run can't be told`);
  if (git(directory, "rev-parse", "--is-shallow-repository") === "true")
    throw new LongRunError("a shallow clone can't tell the age of the long run; run: git fetch --unshallow");
  if (!succeeds(directory, "merge-base", "--is-ancestor", commit, "HEAD"))
    throw new LongRunError(
      `${recordFile}: commit ${commit} is not in the history of what stands checked out; ${again}`,
    );
  const age = Number(git(directory, "rev-list", "--count", `${commit}..HEAD`, "--", ...productPaths));
  if (age > tooOld)
    throw new LongRunError(
      `the last long run (${date}, commit ${commit.slice(0, 12)}) is older than ${tooOld} commits of product code: ${age} came after it; ${again}`,
    );
  return age;
}

/**
 * The commit for which a run that begins now vouches.
 *
 * @throws LongRunError where product code or tests differ from it
 */
export function commitOfRun(directory: string): string {
  const pathspecs = [".", ":(exclude)docs", ":(exclude,glob)**/*.md", `:(exclude)${recordFile}`];
  const changed = git(directory, "status", "--porcelain", "--untracked-files=all", "--", ...pathspecs);
  if (changed !== "")
    throw new LongRunError(
      `a long run is recorded of what is in a commit, and this is in none; commit it and ${again}\n${changed}`,
    );
  return git(directory, "rev-parse", "HEAD");
}
