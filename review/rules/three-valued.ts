import { leftToAws, marker } from "../graph";
import type { Schema } from "./rule";

/**
 * Keywords that a rule's schema may hold. Those that are left out would have no certain answer about what is partly
 * unknown (`oneOf`, `uniqueItems`, `maxContains`), or none is needed.
 */
export const applicators = ["properties", "patternProperties"] as const;
export const inPlace = ["allOf", "anyOf"] as const;
const below = ["items", "contains", "additionalProperties"] as const;
const conditional = ["if", "then", "else"] as const;
/** Under each of which one schema stands; under the others with schemas, several by name or in a list. */
export const single = ["not", ...below, ...conditional] as const;
const assertions = [
  "type",
  "const",
  "enum",
  "pattern",
  "minimum",
  "maximum",
  "minLength",
  "maxLength",
  "minItems",
  "maxItems",
  "minProperties",
  "required",
] as const;
export const keywords: ReadonlySet<string> = new Set([...applicators, ...inPlace, ...single, ...assertions]);

/** What is asked of what is unknown: whether it *must* match, or whether it *may*. */
export type Certainty = "must" | "may";

const other = (certainty: Certainty): Certainty => (certainty === "must" ? "may" : "must");

const isUnknown: Schema = { type: "string", pattern: marker };

/**
 * The schema that a value with unknown parts matches if it matches `schema` whatever those parts are (`must`), or if
 * it matches for some of what they can be (`may`). Kleene's strong logic of three values: between the two lies what
 * cannot be told.
 */
export const threeValued = (schema: Schema | boolean, certainty: Certainty): Schema | boolean =>
  typeof schema === "boolean"
    ? schema
    : certainty === "may"
      ? { anyOf: [isUnknown, inside(schema, certainty)] }
      : { allOf: [{ not: isUnknown }, inside(schema, certainty)] };

/** The same without the question whether the value itself is unknown, which has been asked. */
function inside(schema: Schema, certainty: Certainty): Schema {
  const result: Record<string, unknown> = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (!conditional.includes(keyword as never)) result[keyword] = converted(keyword, value, certainty);
  }
  // What AWS decides may turn out to be there.
  if ("required" in schema && certainty === "must") {
    result.properties = withCertain(result.properties, schema.required as string[]);
  }
  if (!("if" in schema)) return result;
  const { if: condition, then = true, else: otherwise = true } = schema as Record<string, Schema>;
  return {
    allOf: [
      result,
      {
        anyOf: [
          { allOf: [subschema(condition, certainty), subschema(then, certainty)] },
          { allOf: [{ not: subschema(condition, other(certainty)) }, subschema(otherwise, certainty)] },
        ],
      },
    ],
  };
}

const set: Schema = { not: { const: leftToAws } };

function withCertain(properties: unknown, names: readonly string[]): Schema {
  const known = (properties ?? {}) as Record<string, Schema | boolean>;
  return { ...known, ...Object.fromEntries(names.map((name) => [name, known[name] ?? set])) };
}

const subschema = (schema: unknown, certainty: Certainty): Schema | boolean =>
  typeof schema === "boolean" ? schema : inside(schema as Schema, certainty);

function converted(keyword: string, value: unknown, certainty: Certainty): unknown {
  if (keyword === "not") return subschema(value, other(certainty));
  if (inPlace.includes(keyword as never)) {
    return (value as Schema[]).map((schema) => subschema(schema, certainty));
  }
  if (below.includes(keyword as never)) return threeValued(value as Schema, certainty);
  if (applicators.includes(keyword as never)) {
    return Object.fromEntries(
      Object.entries(value as Record<string, Schema>).map(([name, schema]) => [
        name,
        threeValued(schema, certainty),
      ]),
    );
  }
  return value;
}
