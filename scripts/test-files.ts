import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { repository } from "../test/support/repository";
import { headCommit, shareAt, shareMessage, shareNumber } from "../test/support/share";

/** In how many ordinary runs, on average, each file of the long run comes up once, where there are as many. */
const parts = 4;

const folder = path.join(repository, "test");

const testFiles = (): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".test.ts"))
    .map((name) => path.join(folder, name))
    .sort();

const isLong = (file: string): boolean => file.endsWith(".long.test.ts");

/** Files that only the long run takes whole: in an ordinary one, some of them run. */
export const longFiles = (): string[] => testFiles().filter(isLong);

/** Files of the ordinary run that take a share of a table by {@link shareOf}. */
export const sharingFiles = (): string[] =>
  testFiles().filter(
    (file) => !isLong(file) && /from "(\.{1,2}\/)+(support\/)?share"/.test(readFileSync(file, "utf8")),
  );

export interface LongShare {
  readonly files: readonly string[];
  /** For whoever reads the output of the run. */
  readonly message: string;
}

/** Which long files an ordinary run takes: chosen by the commit's hash; outside a Git repository, all. */
export function shareOfLongFiles(files = longFiles(), commit = headCommit()): LongShare {
  if (commit === undefined) return { files, message: `long tests: all ${files.length} files, by no commit` };
  const shares = Math.max(1, Math.min(parts, files.length));
  const number = shareNumber(commit, shares);
  const share = shareAt(files, shares, number);
  const message = shareMessage("long tests, files", share.length, files.length, number, shares, commit);
  const names = share.map((file) => path.relative(repository, file));
  return { files: share, message: [message, ...names].join("\n  ") };
}

/**
 * What stands for a file or folder of the tests in Jest's arguments, where a pattern may match anywhere in a path:
 * an argument that names none is left as it is.
 */
export function patternOf(argument: string): string {
  const file = path.resolve(argument);
  if (argument.startsWith("-") || !existsSync(file)) return argument;
  if (file !== folder && !file.startsWith(folder + path.sep)) return argument;
  return patternOfFile(file) + (statSync(file).isDirectory() ? path.sep : "$");
}

/** Of an absolute path, from its beginning. */
const patternOfFile = (file: string): string => `^${file.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&")}`;

export const patternsOf = (files: readonly string[]): string[] =>
  files.map((file) => `${patternOfFile(file)}$`);
