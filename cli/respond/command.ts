import { mkdirSync } from "node:fs";
import path from "node:path";
import { Command } from "commander";
import writeFileAtomic from "write-file-atomic";
import { NotPossible } from "../../runtime/shared/errors";
import { LedgerUnsound } from "../../runtime/shared/ledger";
import { Refused, WrongUse } from "../errors";
import { line } from "./report";
import type { OpenCase } from "./setting";
import { timeline } from "./timeline";

/** What the commands of `ir-kit respond` have in common. */

export const inCase = (name: string): Command =>
  new Command(name)
    .option("--case <id>", "the case, such as CASE-1; else IR_KIT_CASE, else you are asked")
    .option("--cases <folder>", "where cases are kept; else IR_KIT_CASES, cases")
    .option("--config <file>", "the landscape; else IR_KIT_CONFIG, config/landscape.yaml");

export const askingForMfa = (command: Command): Command =>
  command
    .option("--mfa-code <code>", "six digits of your MFA device; else you are asked")
    .option("--mfa-serial <arn>", "your MFA device, where it is not named like you");

/** Minutes: a session of a chain of roles lasts an hour, and has begun before. */
export const longestWait = 50;

/** @throws WrongUse for what is not whole numbers, apart by commas, up to the largest that is allowed */
export function numbers(text: string, option: string, most: number): number[] {
  const found = text.split(",").map((one) => (/^\d+$/.test(one.trim()) ? Number(one) : Number.NaN));
  if (found.every((one) => one <= most)) return found;
  throw new WrongUse(`${option} takes whole numbers up to ${most}; found ${line(text)}`);
}

/** JSON without characters that a terminal acts on and JSON leaves as they are. */
export const printable = (value: unknown): string =>
  JSON.stringify(value, undefined, 2).replace(
    /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

/** What a responder can act on is told without a stack trace. */
export async function expectable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof NotPossible) throw new Refused(error.message);
    if (error instanceof LedgerUnsound) throw new WrongUse(error.message);
    throw error;
  }
}

export async function writeTimeline({ ledger, directory, caseId }: OpenCase): Promise<void> {
  const [entries, notes] = await Promise.all([ledger.entries(), ledger.notes()]).catch(
    () => [[], []] as const,
  );
  if (entries.length + notes.length === 0) return;
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  await writeFileAtomic(path.join(directory, "timeline.md"), timeline(caseId, entries, notes), {
    mode: 0o600,
  });
}
