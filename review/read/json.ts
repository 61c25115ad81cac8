import { closeSync, fstatSync, openSync, readFileSync } from "node:fs";
import { UnreadableInput } from "../problem";

/** Terraform's own nesting stays below thirty; a text that goes deeper was made to break a reader. */
const deepest = 200;

/**
 * Reads a file of JSON.
 *
 * @throws UnreadableInput for what is no file, empty, not UTF-8, not JSON, or nested deeper than 200 levels
 */
export function readJson(file: string): { readonly value: unknown; readonly bytes: Buffer } {
  const bytes = readBytes(file);
  if (bytes.length === 0) throw new UnreadableInput(`${file} is empty`);
  return { value: parseJson(file, bytes), bytes };
}

function readBytes(file: string): Buffer {
  let handle: number | undefined;
  try {
    handle = openSync(file, "r");
    if (!fstatSync(handle).isFile()) throw new UnreadableInput(`${file} is no file`);
    return readFileSync(handle);
  } catch (error) {
    if (error instanceof UnreadableInput) throw error;
    throw new UnreadableInput(`${file} cannot be read: ${reasonOf(error as NodeJS.ErrnoException)}`);
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

const reasonOf = ({ code, message }: NodeJS.ErrnoException): string =>
  code === "ENOENT"
    ? "there is no such file"
    : code === "ELOOP"
      ? "its symbolic links go round in a circle"
      : message;

function parseJson(file: string, bytes: Buffer): unknown {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new UnreadableInput(`${file} is not UTF-8 text`);
  }
  // Before it is parsed: whatever walks a value this deep would run out of stack.
  if (nesting(bytes) > deepest) {
    throw new UnreadableInput(
      `${file} is nested deeper than ${deepest} levels; Terraform writes no such file`,
    );
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UnreadableInput(`${file} is not JSON: ${(error as Error).message}`);
  }
}

const quote = 0x22;
const backslash = 0x5c;
/** `[` and `{`, `]` and `}` differ in this bit alone. */
const brace = 0x20;
const opening = 0x7b;
const closing = 0x7d;

/** How deep brackets outside of strings go. */
function nesting(bytes: Buffer): number {
  let depth = 0;
  let most = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] as number;
    if (byte === quote) at = endOfString(bytes, at);
    else if ((byte | brace) === opening) {
      depth += 1;
      if (depth > most) most = depth;
    } else if ((byte | brace) === closing) depth -= 1;
  }
  return most;
}

function endOfString(bytes: Buffer, start: number): number {
  let end = bytes.indexOf(quote, start + 1);
  while (end !== -1) {
    let escapes = 0;
    while (bytes[end - 1 - escapes] === backslash) escapes += 1;
    if (escapes % 2 === 0) return end;
    end = bytes.indexOf(quote, end + 1);
  }
  return bytes.length;
}

/** A property that is no part of an object's prototype, whatever it is called. */
export function put(target: object, name: string, value: unknown): void {
  if (name === "__proto__") {
    Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
  } else {
    (target as Record<string, unknown>)[name] = value;
  }
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
