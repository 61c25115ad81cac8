import { execFileSync } from "node:child_process";
import { repository } from "./repository";

/** Set to `whole` by `npm run test:long`: nothing is left out then. */
export const lengthVariable = "IR_KIT_LONG";

/** Whether this run takes everything, in the place of a share. */
export const wholeRun = (): boolean => process.env[lengthVariable] === "whole";

/** The commit that stands checked out, or undefined outside a Git repository. */
export function headCommit(directory = repository): string | undefined {
  try {
    return execFileSync("git", ["rev-parse", "HEAD"], {
      cwd: directory,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch {
    return undefined;
  }
}

/**
 * Which of `parts` shares a commit takes, from 0: successive commits take different ones in no order.
 *
 * @throws RangeError where `parts` is no positive integer, or the commit no hash
 */
export function shareNumber(commit: string, parts: number): number {
  if (!Number.isInteger(parts) || parts < 1)
    throw new RangeError(`parts is ${parts}; allowed: a positive integer`);
  if (!/^[0-9a-f]{12,}$/.test(commit)) throw new RangeError(`${commit} is not a commit's hash`);
  return Number.parseInt(commit.slice(0, 12), 16) % parts;
}

/** One of `parts` shares; all shares together are the whole, and none overlaps another. */
export const shareAt = <T>(items: readonly T[], parts: number, number: number): T[] =>
  items.filter((_, index) => index % parts === number);

/**
 * The part of a table that an ordinary run takes, chosen by the commit's hash, and said on standard error;
 * `npm run test:long` takes the whole, of every test file that imports this module. Outside a Git repository, the whole.
 *
 * @param name of what is shared, for the message
 */
export function shareOf<T>(name: string, items: readonly T[], parts: number): T[] {
  const commit = wholeRun() ? undefined : headCommit();
  if (commit === undefined) return [...items];
  const number = shareNumber(commit, parts);
  const share = shareAt(items, parts, number);
  process.stderr.write(`${shareMessage(name, share.length, items.length, number, parts, commit)}\n`);
  return share;
}

export const shareMessage = (
  name: string,
  taken: number,
  all: number,
  number: number,
  parts: number,
  commit: string,
): string =>
  `${name}: ${taken} of ${all} (share ${number + 1} of ${parts}, by commit ${commit.slice(0, 12)})`;
