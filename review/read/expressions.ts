import { marker, unknown, type Value } from "../graph";

/** An expression that names one attribute of a resource, a local value or a variable, and nothing else. */
export interface Reference {
  /** `aws_s3_bucket.logs`, `data.aws_caller_identity.current`, `local.name`, `var.name`. */
  readonly address: string;
  readonly path: readonly string[];
}

/** The value of a reference, or the unknown. */
export type Lookup = (reference: Reference) => Value;

const simple = /^((?:data\.)?[A-Za-z][\w-]*\.[A-Za-z_][\w-]*)((?:\.[A-Za-z_][\w-]*|\.\d+|\[\d+\])*)$/;
const anyReference = /\b((?:data\.)?[a-z][a-z0-9]*_[a-z0-9_]+\.[A-Za-z_][\w-]*)/g;

/** What begins an expression or a directive, and what stands for their signs themselves. */
const sequence = /\$\$\{|%%\{|\$\{|%\{/g;

interface Piece {
  readonly literal?: string;
  readonly expression?: string;
}

/**
 * Splits a text of Terraform's JSON syntax into what stands as it is and what is computed.
 * Source: "JSON Configuration Syntax" and "Strings and Templates" (Terraform language).
 */
function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let literal = "";
  let at = 0;
  for (;;) {
    sequence.lastIndex = at;
    const found = sequence.exec(text);
    literal += text.slice(at, found?.index);
    if (!found) break;
    const [sign] = found;
    at = found.index + sign.length;
    if (sign.length === 3) {
      literal += sign.slice(1);
      continue;
    }
    const end = endOfExpression(text, at);
    if (literal) pieces.push({ literal });
    literal = "";
    pieces.push({ expression: sign === "${" ? text.slice(at, end).trim() : "" });
    at = end + 1;
  }
  if (literal) pieces.push({ literal });
  return pieces;
}

/** Where the brace that closes an expression stands, past braces and strings inside. */
function endOfExpression(text: string, start: number): number {
  let depth = 1;
  let inString = false;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at];
    if (inString && character === "\\") at += 1;
    else if (character === '"') inString = !inString;
    else if (!inString && character === "{") depth += 1;
    else if (!inString && character === "}") {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return text.length;
}

/** A text with its references put in; what no lookup knows is unknown, and of several pieces the others stay. */
export function resolveText(text: string, lookup: Lookup): Value {
  if (!text.includes("${") && !text.includes("%{")) return text;
  const values = piecesOf(text).map(({ literal, expression = "" }): Value => {
    if (literal !== undefined) return literal;
    const [, address, path = ""] = simple.exec(expression) ?? [];
    return address ? lookup({ address, path: path.split(/[.[\]]+/).filter(Boolean) }) : unknown;
  });
  if (values.length === 1) return values[0] as Value;
  return values.map((value) => (isText(value) ? String(value) : unknown)).join("");
}

const isText = (value: Value): boolean => ["string", "number", "boolean"].includes(typeof value);

/** Addresses of everything that a text refers to, in whatever expression. */
export function referencesIn(text: string): string[] {
  if (!text.includes("${")) return [];
  return piecesOf(text).flatMap(({ expression = "" }) =>
    [...expression.matchAll(anyReference)].map(([, address = ""]) => address),
  );
}

/** A value somewhere below another; the unknown where a part of the way is not known. */
export function valueAt(value: Value | undefined, path: readonly string[]): Value {
  let here: Value | undefined = value;
  for (const name of path) {
    if (typeof here === "string" && here.startsWith(marker)) return here;
    if (typeof here !== "object" || here === null || !Object.hasOwn(here, name)) return unknown;
    here = (here as Record<string, Value>)[name];
  }
  return here ?? unknown;
}
