import { createHash } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";

/** Names the folder of one run of the tests, in which its files share what they make. */
export const runFolderVariable = "IR_KIT_TEST_RUN_FOLDER";

/**
 * What a pure function of its question gives, made once in a run of the tests: each test file is loaded apart, and would
 * make it again. Sources do not change within a run.
 *
 * @param question everything on which the answer rests
 * @param make gives plain data
 */
export function onceInARun<T>(question: string, make: () => T): T {
  const folder = process.env[runFolderVariable];
  if (folder === undefined) return make();
  const file = path.join(folder, `${createHash("sha256").update(question).digest("hex")}.json`);
  try {
    return JSON.parse(readFileSync(file, "utf8")) as T;
  } catch {
    const made = make();
    const partial = `${file}.${process.pid}`;
    writeFileSync(partial, JSON.stringify(made));
    renameSync(partial, file);
    return made;
  }
}
