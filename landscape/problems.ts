import { closest, distance } from "fastest-levenshtein";

/** A place in the landscape as keys and indexes, such as `["members", 2, "id"]`. */
export type FieldPath = readonly (string | number)[];

/** A mistake in the user's input: where, and what to do about it. Lines and columns count from 1. */
export interface Problem {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  /** The field, such as `members[2].id`; empty for the file as a whole. */
  readonly field: string;
  readonly message: string;
}

/** A mistake found in the data, before the text tells its line. */
export interface Finding {
  readonly path: FieldPath;
  readonly message: string;
  /** The mistake is in the key itself (an unknown field), not in its value. */
  readonly atKey?: boolean;
}

export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly Problem[] };

const plainKey = /^[A-Za-z_][A-Za-z0-9_-]*$/;

export function fieldName(path: FieldPath): string {
  return path.reduce<string>((name, part) => {
    if (typeof part === "number") return `${name}[${part}]`;
    if (!plainKey.test(part)) return `${name}[${show(part)}]`;
    return name === "" ? part : `${name}.${part}`;
  }, "");
}

/** `config/landscape.yaml:14:11: members[2].id: "5555" has 4 digits; …` */
export function formatProblem({ file, line, column, field, message }: Problem): string {
  const place = [inert(file), line, column].filter((part) => part !== undefined).join(":");
  return [place, field, message].filter((part) => part !== "").join(": ");
}

const longest = 60;

/** A value as it may stand in a message: one line, control characters escaped, not too long. */
export function show(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (value !== null && typeof value === "object") return "a mapping";
  const text = inert(typeof value === "number" ? String(value) : (JSON.stringify(value) ?? String(value)));
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

/** A text without what a terminal may act on or a reader can't see: control, format and direction characters. */
export const inert = (text: string): string =>
  text.replace(/\p{Cc}|\p{Cf}|[\u2028\u2029]/gu, (c) => `\\u{${(c.codePointAt(0) ?? 0).toString(16)}}`);

/** The choice that the value was probably meant to be, if one is near. */
export function nearestOf(value: string, choices: readonly string[]): string | undefined {
  if (choices.length === 0 || value.length > 100) return undefined;
  const nearest = closest(value.toLowerCase(), [...choices]);
  const tolerance = nearest.length < 4 ? 1 : Math.max(2, Math.floor(nearest.length / 3));
  return distance(value.toLowerCase(), nearest.toLowerCase()) <= tolerance ? nearest : undefined;
}

/** `; did you mean "members"?`, or nothing where no choice is near. */
export function didYouMean(value: string, choices: readonly string[]): string {
  const nearest = nearestOf(value, choices);
  return nearest === undefined ? "" : `; did you mean ${show(nearest)}?`;
}

export function oneOf(choices: readonly string[]): string {
  const shown = choices.slice(0, 12).join(", ");
  return choices.length > 12 ? `${shown} and ${choices.length - 12} more` : shown;
}
