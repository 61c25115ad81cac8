import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { repository } from "../test/support/repository";
import { lengthVariable } from "../test/support/share";
import { commitOfRun, type LongRun, LongRunError, recordFile } from "./long-run";
import { longFiles, patternOf, patternsOf, shareOfLongFiles, sharingFiles } from "./test-files";

const usage = `npm test                       types, lint, layers and tools, then all tests and a share of the long ones
npm test -- <path> …           the tests of these files and folders, without the checks before them
npm run test:unit -- <path> …  the same of the unit tests; without a path, all of them
npm run test:e2e -- <path> …   the same of the end-to-end tests
npm run test:long              the long run, whole; a green one is recorded in ${recordFile}
npm run test:slowest           what each test file of the last run has cost

A path that does not exist is a pattern of Jest's. Options go to Jest, with their values by "=": --maxWorkers=1
`;

interface JestTotals {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
}

const allProjects = ["unit", "e2e", "long"];

/** Every file but the long ones, as a pattern. */
const ordinary = "^(?!.*\\.long\\.test\\.ts$)";

/** Exit status of a program that takes over the terminal meanwhile. */
function run(command: string, args: readonly string[], environment: Record<string, string> = {}): number {
  const { status, error } = spawnSync(command, args, {
    cwd: repository,
    stdio: "inherit",
    env: { ...process.env, ...environment },
  });
  if (error) throw error;
  return status ?? 1;
}

/**
 * Each file loads its modules anew and runs most of their code a few times: code compiled at once, in one pass, spares a
 * twentieth. A young generation (sizes in MB) beyond this spares nothing more, and makes a worker larger, see jest.config.js.
 * Jest hands these options on to its workers.
 */
const nodeOptions = ["--min-semi-space-size=16", "--max-semi-space-size=32", "--always-sparkplug"];

/** Terraform and its provider collect garbage when their heap has grown fivefold, not twofold: they end before long. */
const rareCollection = process.env.GOGC ?? "400";

/** Jest takes every value that follows the projects for another project, so they come last. */
const jest = (args: readonly string[], projects: readonly string[], environment?: Record<string, string>) =>
  run(
    process.execPath,
    [
      ...nodeOptions,
      path.join(repository, "node_modules", "jest", "bin", "jest.js"),
      ...args,
      "--selectProjects",
      ...projects,
    ],
    { GOGC: rareCollection, ...environment },
  );

function everything(options: readonly string[]): number {
  const listing = options.includes("--listTests");
  const checked = listing ? 0 : run("npm", ["run", "--silent", "check"]);
  if (checked !== 0) return checked;
  const equipped = listing ? 0 : run("npm", ["run", "--silent", "tools", "--", "--quiet"]);
  if (equipped !== 0) return equipped;
  const { files, message } = shareOfLongFiles();
  process.stderr.write(`${message}\n`);
  return jest([ordinary, ...patternsOf(files), ...options], allProjects);
}

/** Everything that takes long, at its full length. */
function longRun(options: readonly string[]): number {
  const directory = mkdtempSync(path.join(tmpdir(), "ir-kit-long-"));
  const totals = path.join(directory, "totals.json");
  const began = Date.now();
  try {
    const patterns = patternsOf([...longFiles(), ...sharingFiles()]);
    // Before the run, so that it says nothing of a commit that comes while it goes on.
    const commit = options.length > 0 ? "" : commitOfRun(repository);
    const status = jest([...patterns, ...options, "--json", `--outputFile=${totals}`], allProjects, whole);
    if (status !== 0 || options.length > 0) return status;
    return record(
      commit,
      JSON.parse(readFileSync(totals, "utf8")) as JestTotals,
      (Date.now() - began) / 1000,
    );
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** A missing tool fails the long run, as it does CI: what is skipped vouches for nothing. */
const whole = { [lengthVariable]: "whole", CI: "true" };

function record(
  commit: string,
  { numPassedTests, numFailedTests, numPendingTests }: JestTotals,
  seconds: number,
): number {
  const entry: LongRun = {
    commit,
    date: new Date().toISOString(),
    node: process.versions.node,
    seconds: Math.round(seconds),
    passed: numPassedTests,
    failed: numFailedTests,
    skipped: numPendingTests,
  };
  writeFileSync(path.join(repository, recordFile), `${JSON.stringify(entry, undefined, 2)}\n`);
  process.stdout.write(`recorded in ${recordFile}; commit it\n`);
  return 0;
}

function main([project = "", ...args]: readonly string[]): number {
  if (args.includes("--help")) {
    process.stdout.write(usage);
    return 0;
  }
  const selected = args.some((argument) => !argument.startsWith("-"));
  if (project === "all" && !selected) return everything(args);
  if (project === "long" && !selected) return longRun(args);
  return jest(
    args.map(patternOf),
    ["all", "long"].includes(project) ? allProjects : [project],
    project === "long" ? whole : {},
  );
}

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof LongRunError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
