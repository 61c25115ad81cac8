import { parse as parseAddress, parseCIDR } from "ipaddr.js";
import { invalid } from "./invalid-pattern";

/** A leaf of an event. */
export type Scalar = string | number | boolean | null;

/** What a field of an event must be; of an absent field only `absent` holds. */
export interface ValueMatcher {
  readonly matches: (value: Scalar) => boolean;
  /** Whether the matcher asks for the field to be absent. */
  readonly absent?: true;
}

type Operand = unknown;
type Operator = (operand: Operand) => ValueMatcher;

/** One element of a field's list: a literal, or an object with one operator. */
export function valueMatcher(element: unknown): ValueMatcher {
  if (Array.isArray(element)) return invalid("Match value must be String, number, true, false, or null");
  if (typeof element !== "object" || element === null) return literal(element as Scalar);
  const [name, operand] = onlyEntry(element, "match expression");
  const operator = operators.get(name);
  return operator ? operator(operand) : invalid(`Unrecognized match type ${name}`);
}

/** AWS's matcher reads an address in whatever spelling; numbers are equal by value. */
function literal(expected: Scalar): ValueMatcher {
  const address = typeof expected === "string" ? addressOf(expected) : undefined;
  return {
    matches: (value) =>
      value === expected ||
      (address !== undefined && typeof value === "string" && addressOf(value) === address),
  };
}

const textual = (matches: (value: string) => boolean): ValueMatcher => ({
  matches: (value) => typeof value === "string" && matches(value),
});

const folded = (value: string): string => value.toLowerCase();

const text = (operand: Operand, name: string): string =>
  typeof operand === "string" ? operand : invalid(`${name} match pattern must be a string`);

/** `prefix` and `suffix` take a text, or `equals-ignore-case` with one. */
function affix(name: "prefix" | "suffix", operand: Operand): ValueMatcher {
  const begins = (value: string, part: string) =>
    name === "prefix" ? value.startsWith(part) : value.endsWith(part);
  if (typeof operand !== "object" || operand === null) {
    const part = text(operand, name);
    return textual((value) => begins(value, part));
  }
  const [inner, folding] = onlyEntry(operand, `${name} expression`);
  if (inner !== "equals-ignore-case") return invalid(`Unsupported ${name} pattern: ${inner}`);
  const part = folded(text(folding, "equals-ignore-case"));
  return textual((value) => begins(folded(value), part));
}

/** A backslash stands before a star or a backslash that is meant as such, and before nothing else. */
function wildcard(pattern: string): (value: string) => boolean {
  let expression = "";
  for (let index = 0; index < pattern.length; index += 1) {
    const character = pattern.charAt(index);
    const next = pattern.charAt(index + 1);
    if (character === "*" && next === "*") {
      return invalid(`Consecutive wildcard characters at pos ${index}`);
    }
    if (character === "\\") {
      if (next !== "*" && next !== "\\") return invalid(`Invalid escape character at pos ${index}`);
      expression += `\\${next}`;
      index += 1;
    } else {
      expression += character === "*" ? "[^]*" : character.replace(/[\^$.*+?()[\]{}|/-]/, "\\$&");
    }
  }
  const whole = new RegExp(`^${expression}$`);
  return (value) => whole.test(value);
}

/** Bounds of `numeric`, such as `[">", 0, "<=", 5]`: one comparison, or a lower and an upper one. */
function numeric(operand: Operand): ValueMatcher {
  if (!Array.isArray(operand)) return invalid("Value of numeric must be an array.");
  const [operator, bound, upperOperator, upperBound, ...rest] = operand as unknown[];
  const number = (value: unknown): number =>
    typeof value === "number" ? value : invalid(`Value of ${String(operator)} must be numeric`);
  const compare = comparisons.get(String(operator));
  if (!compare) return invalid(`Unrecognized numeric range operator: ${String(operator)}`);
  const first = number(bound);
  if (upperOperator === undefined) {
    return { matches: (value) => typeof value === "number" && compare(value, first) };
  }
  const below = comparisons.get(String(upperOperator));
  if (!["<", "<="].includes(String(upperOperator)) || ![">", ">="].includes(String(operator)) || !below) {
    return invalid("Bad numeric range operator: a lower bound comes first, an upper one second");
  }
  const second = number(upperBound);
  if (rest.length > 0) return invalid("Too many elements in numeric expression");
  if (first >= second) return invalid("Bottom must be less than top");
  return { matches: (value) => typeof value === "number" && compare(value, first) && below(value, second) };
}

const comparisons = new Map<string, (value: number, bound: number) => boolean>([
  ["=", (value, bound) => value === bound],
  ["<", (value, bound) => value < bound],
  ["<=", (value, bound) => value <= bound],
  [">", (value, bound) => value > bound],
  [">=", (value, bound) => value >= bound],
]);

/** Matches what is there and none of these: of a field that is absent it says nothing. */
function anythingBut(operand: Operand): ValueMatcher {
  if (typeof operand === "object" && operand !== null && !Array.isArray(operand)) return butNone(operand);
  const values = [operand].flat() as unknown[];
  const kinds = new Set(values.map((value) => typeof value));
  const kind = [...kinds][0];
  if (kinds.size !== 1 || (kind !== "string" && kind !== "number")) {
    return invalid(
      "Inside anything but list, either all values are number or string, mixed type is not supported",
    );
  }
  return { matches: (value) => !values.includes(value) };
}

function butNone(operand: object): ValueMatcher {
  const [name, operands] = onlyEntry(operand, "Anything-But expression");
  const test = excluded.get(name);
  if (!test) return invalid(`Unsupported anything-but pattern: ${name}`);
  const parts = ([operands].flat() as unknown[]).map((part) => text(part, name));
  // AWS's own matcher fails on it with an error of its own: no rule that stands on AWS has it.
  if (parts.length === 0) return invalid(`Empty list of ${name} in anything-but`);
  if (parts.includes("") && (name === "prefix" || name === "suffix")) {
    return invalid("Null prefix/suffix not allowed");
  }
  const tests = parts.map(test);
  return { matches: (value) => typeof value !== "string" || !tests.some((one) => one(value)) };
}

const excluded = new Map<string, (part: string) => (value: string) => boolean>([
  ["prefix", (part) => (value) => value.startsWith(part)],
  ["suffix", (part) => (value) => value.endsWith(part)],
  ["equals-ignore-case", (part) => (value) => folded(value) === folded(part)],
  ["wildcard", wildcard],
]);

function cidr(operand: Operand): ValueMatcher {
  const range = text(operand, "prefix");
  const [, bits = "", more] = range.split("/");
  if (more !== undefined || !/^[0-9]+$/.test(bits)) return invalid("Malformed CIDR, one '/' required");
  const network = addressed(range.split("/")[0] ?? "") ?? invalid(`Nonstandard IP address: ${range}`);
  const most = network.kind() === "ipv4" ? 31 : 127;
  if (Number(bits) > most) return invalid(`mask bits must be < ${most + 1}`);
  const [base] = parseCIDR(range);
  return textual((value) => {
    const address = addressed(value);
    return address !== undefined && address.kind() === base.kind() && address.match(base, Number(bits));
  });
}

function exists(operand: Operand): ValueMatcher {
  if (typeof operand !== "boolean") return invalid("exists match pattern must be either true or false.");
  return operand ? { matches: () => true } : { matches: () => false, absent: true };
}

const operators = new Map<string, Operator>([
  ["exactly", (operand) => literal(text(operand, "exact"))],
  ["prefix", (operand) => affix("prefix", operand)],
  ["suffix", (operand) => affix("suffix", operand)],
  [
    "equals-ignore-case",
    (operand) => {
      const expected = folded(text(operand, "equals-ignore-case"));
      return textual((value) => folded(value) === expected);
    },
  ],
  ["wildcard", (operand) => textual(wildcard(text(operand, "wildcard")))],
  ["numeric", numeric],
  ["anything-but", anythingBut],
  ["cidr", cidr],
  ["exists", exists],
]);

/** Names that `$or` takes for no field. */
export const operatorNames: ReadonlySet<string> = new Set([...operators.keys(), ...comparisons.keys()]);

function onlyEntry(object: object, where: string): readonly [string, unknown] {
  const entries = Object.entries(object);
  const [first] = entries;
  if (first === undefined) return invalid(`${where} name not found`);
  return entries.length === 1 ? first : invalid("Only one key allowed in match expression");
}

function addressed(value: string) {
  if (!/^(?:[0-9]+(?:\.[0-9]+){3}|[0-9a-fA-F:]*:[0-9a-fA-F:]*)$/.test(value)) return undefined;
  try {
    return parseAddress(value);
  } catch {
    return undefined;
  }
}

const addressOf = (value: string): string | undefined => addressed(value)?.toNormalizedString();
