import { createHash } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { alone } from "../local-aws/tool-cache/lock";

/** Names the folder of one run of the tests, in which its files share what they make. */
export const runFolderVariable = "IR_KIT_TEST_RUN_FOLDER";

/** Id of the process that lasts as long as the run. */
export const runProcessVariable = "IR_KIT_TEST_RUN_PROCESS";

/**
 * What a pure function of its question gives, made once in a run of the tests: each test file is loaded apart, and would
 * make it again. Sources do not change within a run.
 *
 * @param question everything on which the answer rests
 * @param make gives plain data
 */
export function onceInARun<T>(question: string, make: () => T): T {
  const file = fileOf(question);
  if (file === undefined) return make();
  const kept = read<T>(file);
  return kept === undefined ? keep(file, make()) : kept.value;
}

/** As {@link onceInARun}, of what is made by waiting: a test file that comes meanwhile waits too, and makes nothing. */
export async function onceInARunAwaited<T>(question: string, make: () => Promise<T>): Promise<T> {
  const file = fileOf(question);
  if (file === undefined) return make();
  return alone(
    `${file}.made`,
    () => undefined,
    async () => {
      const kept = read<T>(file);
      return kept === undefined ? keep(file, await make()) : kept.value;
    },
  );
}

function fileOf(question: string): string | undefined {
  const folder = process.env[runFolderVariable];
  return folder && path.join(folder, `${createHash("sha256").update(question).digest("hex")}.json`);
}

function read<T>(file: string): { readonly value: T } | undefined {
  try {
    return { value: JSON.parse(readFileSync(file, "utf8")) as T };
  } catch {
    return undefined;
  }
}

function keep<T>(file: string, made: T): T {
  const partial = `${file}.${process.pid}`;
  writeFileSync(partial, JSON.stringify(made));
  renameSync(partial, file);
  return made;
}
