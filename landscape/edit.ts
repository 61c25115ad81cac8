import { renameSync, writeFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { isMap, isScalar, isSeq, type Pair, parseDocument, type YAMLMap } from "yaml";
import { type FieldPath, fieldName } from "./problems";

/** A scalar to be set in the landscape's text. */
export interface Edit {
  readonly path: FieldPath;
  readonly value: string | boolean;
}

/**
 * Sets fields in a YAML text and leaves everything else as it stands: comments, order, spacing, quotes.
 *
 * @throws when the result would not be the same data with just these fields set
 */
export function editYaml(text: string, edits: readonly Edit[]): string {
  const edited = edits.reduce(setField, text);
  const expected = parseDocument(text);
  for (const { path, value } of edits) expected.setIn(path, value);
  if (!isDeepStrictEqual(parseDocument(edited).toJS(), expected.toJS())) {
    throw new Error(
      `cannot set ${edits.map(({ path }) => fieldName(path)).join(", ")} without rewriting the file`,
    );
  }
  return edited;
}

/** Replaces a file whole or not at all. */
export function writeAtomically(file: string, text: string): void {
  const partial = `${file}.${process.pid}.partial`;
  writeFileSync(partial, text);
  renameSync(partial, file);
}

function setField(text: string, { path, value }: Edit): string {
  const document = parseDocument(text);
  const holder = document.getIn(path.slice(0, -1), true);
  const key = String(path[path.length - 1]);
  if (!isMap(holder)) throw new Error(`${fieldName(path.slice(0, -1))} is not a mapping`);
  const existing = holder.items.find((pair) => keyOf(pair) === key);
  const scalar = JSON.stringify(value);
  return existing ? replaceValue(text, existing, scalar) : insertPair(text, holder, `${key}: ${scalar}`);
}

const keyOf = (pair: Pair): string => (isScalar(pair.key) ? String(pair.key.value) : "");

const splice = (text: string, start: number, end: number, insertion: string) =>
  text.slice(0, start) + insertion + text.slice(end);

function replaceValue(text: string, pair: Pair, scalar: string): string {
  const range = isScalar(pair.value) ? pair.value.range : undefined;
  if (!range) throw new Error(`${keyOf(pair)} is not a single value`);
  return splice(text, range[0], range[1], scalar);
}

function insertPair(text: string, map: YAMLMap, entry: string): string {
  const start = map.range?.[0];
  const first = map.items[0];
  if (start === undefined) throw new Error("a mapping without a place in the text");
  if (map.flow && !first) return splice(text, start + 1, start + 1, ` ${entry} `);
  const keyRange = first && isScalar(first.key) ? first.key.range : undefined;
  if (!first || !keyRange) throw new Error("an empty block mapping");
  const lineStart = text.lastIndexOf("\n", keyRange[0] - 1) + 1;
  const indentation = " ".repeat(keyRange[0] - lineStart);
  const value = first.value;
  const multiline = !map.flow && (isMap(value) || isSeq(value)) && !value.flow;
  // Before a nested first entry, else after it, where people write an id: below the name.
  if (multiline) return splice(text, keyRange[0], keyRange[0], `${entry}\n${indentation}`);
  const end =
    isScalar(value) || isMap(value) || isSeq(value) ? (value.range?.[1] ?? keyRange[1]) : keyRange[1];
  if (map.flow) return splice(text, end, end, `, ${entry}`);
  const lineEnd = text.indexOf("\n", end);
  const at = lineEnd < 0 ? text.length : lineEnd;
  return splice(text, at, at, `\n${indentation}${entry}`);
}
