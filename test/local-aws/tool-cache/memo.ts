import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { toolsFolder } from "./folder";

interface Answer {
  readonly stamp: string;
  readonly value: string;
}

const fileOf = () => path.join(toolsFolder(), "answers.json");

function read(): Record<string, Answer> {
  try {
    return JSON.parse(readFileSync(fileOf(), "utf8")) as Record<string, Answer>;
  } catch {
    return {};
  }
}

/** A folder that can't be written costs time at the next run, and nothing else. */
function keep(key: string, answer: Answer): void {
  const file = fileOf();
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    const partial = `${file}.${process.pid}`;
    writeFileSync(partial, `${JSON.stringify({ ...read(), [key]: answer }, null, 2)}\n`);
    renameSync(partial, file);
  } catch {
    return;
  }
}

export interface Question {
  readonly key: string;
  /** What tells that an answer of before still stands. */
  readonly stamp: string;
  readonly holds?: (value: string) => boolean;
  readonly ask: () => string | undefined;
}

/** What an earlier run was told, as long as it holds; else asks, which takes a second. "Nothing" is not kept. */
export function remembered({ key, stamp, holds = () => true, ask }: Question): string | undefined {
  const known = read()[key];
  if (known?.stamp === stamp && holds(known.value)) return known.value;
  const value = ask();
  if (value !== undefined) keep(key, { stamp, value });
  return value;
}

/** Changes when a program's file does. */
export function stampOf(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false });
  return found === undefined ? "gone" : `${found.mtimeMs} ${found.size}`;
}
