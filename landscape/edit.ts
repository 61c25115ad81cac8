import { chmodSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { isAlias, isCollection, isMap, isScalar, type Pair, parseDocument, Scalar, type YAMLMap } from "yaml";
import { type FieldPath, fieldName } from "./problems";

/** A scalar to be set in the landscape's text. */
export interface Edit {
  readonly path: FieldPath;
  readonly value: string | boolean;
}

/** A file that is right, and written in a way that can't be edited without rewriting it. */
export class Uneditable extends Error {}

/**
 * Sets fields in a YAML text and leaves everything else as it stands: comments, order, spacing, quotes, line ends.
 *
 * @throws Uneditable when the result would not be the same data with just these fields set
 */
export function editYaml(text: string, edits: readonly Edit[]): string {
  const document = parseDocument(text);
  const splices = edits.map((edit) => spliceOf(text, document, edit));
  const edited = applySplices(text, splices);
  for (const { path, value } of edits) document.setIn(path, value);
  const options = { maxAliasCount: -1 };
  if (!isDeepStrictEqual(parseDocument(edited).toJS(options), document.toJS(options)))
    throw uneditable(edits);
  return edited;
}

/** Replaces a file whole or not at all; a symbolic link and the file's mode stay. */
export function writeAtomically(file: string, text: string): void {
  const target = realpathSync(file);
  const partial = `${target}.${process.pid}.partial`;
  try {
    writeFileSync(partial, text);
    chmodSync(partial, statSync(target).mode);
    renameSync(partial, target);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
}

const uneditable = (edits: readonly Edit[]): Uneditable =>
  new Uneditable(
    `cannot set ${edits.map(({ path }) => fieldName(path)).join(", ")} without rewriting the file; ` +
      "write these mappings in a plain form, such as { name: …, ou: … } or one key a line",
  );

interface Splice {
  readonly start: number;
  readonly end: number;
  readonly insertion: string;
}

/** Splices refer to the original text; those at one place keep their order. */
function applySplices(text: string, splices: readonly Splice[]): string {
  const ordered = splices.map((splice, index) => ({ ...splice, index }));
  ordered.sort((a, b) => a.start - b.start || a.index - b.index);
  let result = "";
  let position = 0;
  for (const { start, end, insertion } of ordered) {
    result += text.slice(position, start) + insertion;
    position = end;
  }
  return result + text.slice(position);
}

function spliceOf(text: string, document: ReturnType<typeof parseDocument>, edit: Edit): Splice {
  const holder = document.getIn(edit.path.slice(0, -1), true);
  if (!isMap(holder)) throw uneditable([edit]);
  const key = String(edit.path[edit.path.length - 1]);
  const existing = holder.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === key);
  const scalar = JSON.stringify(edit.value);
  const splice = existing ? replacement(existing, scalar) : insertion(text, holder, `${key}: ${scalar}`);
  if (!splice) throw uneditable([edit]);
  return splice;
}

function replacement(pair: Pair, scalar: string): Splice | undefined {
  const range = isScalar(pair.value) && pair.value.source !== "" ? pair.value.range : undefined;
  return range ? { start: range[0], end: range[1], insertion: scalar } : undefined;
}

/** After the first entry, where people write an id: behind the name or the path. */
function insertion(text: string, map: YAMLMap, entry: string): Splice | undefined {
  const at = (offset: number, inserted: string): Splice => ({
    start: offset,
    end: offset,
    insertion: inserted,
  });
  const first = map.items[0];
  if (!first) return map.flow && map.range ? at(map.range[0] + 1, ` ${entry} `) : undefined;
  const keyStart = isScalar(first.key) ? first.key.range?.[0] : undefined;
  const end = endOf(first);
  if (keyStart === undefined) return undefined;
  if (map.flow) return end === undefined ? undefined : at(end, `, ${entry}`);
  const lineEnding = text.includes("\r\n") ? "\r\n" : "\n";
  const indentation = " ".repeat(keyStart - (text.lastIndexOf("\n", keyStart - 1) + 1));
  if (end === undefined) return at(keyStart, `${entry}${lineEnding}${indentation}`);
  const rest = /\r?\n|$/.exec(text.slice(end));
  return at(end + (rest?.index ?? 0), `${lineEnding}${indentation}${entry}`);
}

/** Where the value of an entry ends on its line; nothing where it goes on over the next lines. */
function endOf({ value }: Pair): number | undefined {
  if (isCollection(value)) return value.flow ? value.range?.[1] : undefined;
  if (isAlias(value)) return value.range?.[1];
  if (!isScalar(value)) return undefined;
  return value.type === Scalar.BLOCK_LITERAL || value.type === Scalar.BLOCK_FOLDED
    ? undefined
    : value.range?.[1];
}
