import { invalid } from "./invalid-pattern";
import { operatorNames, type ValueMatcher, valueMatcher } from "./values";

/** What one alternative of a pattern asks of each field, by the field's path. */
export type Alternative = ReadonlyMap<string, readonly ValueMatcher[]>;

/** A pattern, in which every `$or` is written out: it matches where one alternative does. */
export type EventPattern = readonly Alternative[];

/**
 * Characters of a pattern, at most. Source: "Amazon EventBridge quotas" (Amazon EventBridge user guide) and the length
 * of `EventPattern` in PutRule.
 */
export const maximumPatternLength = 4096;

/**
 * Reads an event pattern as EventBridge does.
 *
 * @throws InvalidPattern where EventBridge would not take it
 */
export function parsePattern(text: string): EventPattern {
  if (text.length > maximumPatternLength) {
    return invalid(`the pattern has ${text.length} characters, and ${maximumPatternLength} are allowed`);
  }
  const pattern = parsed(text);
  if (typeof pattern !== "object" || pattern === null || Array.isArray(pattern)) {
    return invalid("Filter is not an object");
  }
  return withFields([new Map()], pattern, [], false);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return invalid(`the pattern is no JSON: ${(error as Error).message}`);
  }
}

/** Each alternative so far, with the fields of one more object. */
function withFields(
  before: EventPattern,
  object: object,
  path: readonly string[],
  insideOr: boolean,
): EventPattern {
  const entries = Object.entries(object);
  if (entries.length === 0) return invalid("Empty objects are not allowed");
  return entries.reduce<EventPattern>((alternatives, [name, value]) => {
    if (name === "$or") return eitherOf(alternatives, value, path);
    if (insideOr && operatorNames.has(name)) {
      return invalid(`${name} is a reserved field name which cannot be used inside $or.`);
    }
    if (Array.isArray(value)) return withField(alternatives, [...path, name].join("."), value);
    if (typeof value !== "object" || value === null) {
      return invalid(`"${name}" must be an object or an array`);
    }
    return withFields(alternatives, value, [...path, name], insideOr);
  }, before);
}

function withField(before: EventPattern, field: string, values: readonly unknown[]): EventPattern {
  if (values.length === 0) return invalid("Empty arrays are not allowed");
  const matchers = values.map(valueMatcher);
  return before.map((alternative) => new Map([...alternative, [field, matchers]]));
}

function eitherOf(before: EventPattern, branches: unknown, path: readonly string[]): EventPattern {
  if (!Array.isArray(branches)) return invalid("It must be an Array followed with $or.");
  if (branches.length < 2) return invalid("There must have at least 2 Objects in $or relationship.");
  return branches.flatMap((branch: unknown) => {
    if (typeof branch !== "object" || branch === null || Array.isArray(branch)) {
      return invalid("Only JSON object is allowed in array of $or relationship.");
    }
    return withFields(before, branch, path, true);
  });
}
