import type { ErrorObject } from "ajv";
import { didYouMean, type FieldPath, type Finding, nearestOf, oneOf, show } from "./problems";
import { landscapeValidator } from "./validator";

/**
 * Where the data departs from the schema: every place, each once.
 *
 * @param sourceOf a value as it was written, for messages that tell how to write it
 */
export function checkShape(
  data: unknown,
  sourceOf: (path: FieldPath) => string | undefined = () => undefined,
): Finding[] {
  const validate = landscapeValidator();
  if (validate(data)) return [];
  // That a list holds something twice is checked with the cross-checks: the schema tells of one pair only.
  const errors = (validate.errors ?? []).filter(({ keyword }) => keyword !== "uniqueItems");
  const misspelt = new Set(errors.flatMap(misspeltField));
  const seen = new Set<string>();
  return errors
    .filter(
      (error) => error.keyword !== "required" || !misspelt.has(fieldKey(error, error.params.missingProperty)),
    )
    .map((error) => explain(error, data, sourceOf))
    .filter((finding) => {
      const key = JSON.stringify([finding.path, finding.atKey ?? false]);
      const first = !seen.has(key);
      seen.add(key);
      return first;
    });
}

const fieldKey = ({ instancePath }: ErrorObject, name: unknown): string => `${instancePath}/${String(name)}`;

/** The field that an unknown one was meant to be: it is not missing as well. */
function misspeltField(error: ErrorObject): string[] {
  if (error.keyword !== "additionalProperties") return [];
  const allowed = Object.keys((error.parentSchema?.properties as object | undefined) ?? {});
  const nearest = nearestOf(String(error.params.additionalProperty), allowed);
  return nearest === undefined ? [] : [fieldKey(error, nearest)];
}

const lists = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);

function explain(
  error: ErrorObject,
  root: unknown,
  sourceOf: (path: FieldPath) => string | undefined,
): Finding {
  const path = pathOf(error.instancePath, root);
  const { params, data } = error;
  switch (error.keyword) {
    case "additionalProperties": {
      const unknown = String(params.additionalProperty);
      return { path: [...path, unknown], atKey: true, message: unknownField(unknown, error.parentSchema) };
    }
    case "required": {
      const missing = String(params.missingProperty);
      return { path: [...path, missing], message: missingField(missing, error.parentSchema) };
    }
    case "enum":
    case "const": {
      const allowed = lists(params.allowedValues ?? [params.allowedValue]);
      return { path, message: `${show(data)} is not one of ${oneOf(allowed)}${nearest(data, allowed)}` };
    }
    case "discriminator": {
      const allowed = discriminated(error.parentSchema);
      const value = params.tagValue;
      return {
        path: [...path, String(params.tag)],
        message: `${show(value)} is not one of ${oneOf(allowed)}${nearest(value, allowed)}`,
      };
    }
    case "type":
      return { path, message: wrongType(String(params.type), data, error.parentSchema, sourceOf(path)) };
    default:
      return { path, message: wrongValue(data, error) };
  }
}

const nearest = (value: unknown, allowed: readonly string[]) =>
  typeof value === "string" ? didYouMean(value, allowed) : "";

function unknownField(name: string, schema: SchemaObject | undefined): string {
  if (schema?.patternProperties) {
    return (
      "is not an allowed key: letters, digits, spaces and _ . : / = + - @, at most 128; " +
      "aws:, ir:, managed-by and stack are the kit's or AWS's own"
    );
  }
  if (name === "<<") return "YAML merge keys are not supported; write the fields out";
  const allowed = Object.keys((schema?.properties as object | undefined) ?? {});
  const guess = didYouMean(name, allowed);
  return guess ? `unknown field${guess}` : `unknown field; allowed here: ${oneOf(allowed)}`;
}

type SchemaObject = Record<string, unknown>;

function missingField(name: string, schema: SchemaObject | undefined): string {
  const properties = schema?.properties as Record<string, SchemaObject> | undefined;
  const field = properties?.[name];
  if (schema?.discriminator) return `is missing: one of ${oneOf(discriminated(schema))}`;
  if (Array.isArray(field?.enum)) return `is missing: one of ${oneOf(lists(field.enum))}`;
  const description = field?.description;
  return typeof description === "string" ? `is missing: ${description}` : "is missing";
}

function discriminated(schema: SchemaObject | undefined): string[] {
  const variants = (schema?.oneOf as SchemaObject[] | undefined) ?? [];
  return variants.flatMap((variant) => {
    const properties = variant.properties as Record<string, SchemaObject>;
    return Object.values(properties).flatMap((property) =>
      "const" in property ? [String(property.const)] : [],
    );
  });
}

const typeNames: Readonly<Record<string, string>> = {
  string: "text",
  object: "a mapping (key: value)",
  array: "a list",
  boolean: "true or false",
  integer: "a whole number",
  "string,object": "text or a mapping (key: value)",
  number: "a number",
};

function wrongType(
  expected: string,
  data: unknown,
  schema: SchemaObject | undefined,
  source: string | undefined,
): string {
  const wanted = typeNames[expected] ?? expected;
  if (data === null || data === undefined) return `is empty; expected ${wanted}`;
  if (expected === "string" && (typeof data === "number" || typeof data === "boolean")) {
    const why = isAccountId(schema)
      ? "an AWS account id is text, since a number would lose leading zeros"
      : "this is text";
    return `${show(data)} is not quoted; ${why}: write ${show(source ?? String(data))}`;
  }
  return `${show(data)} is not ${wanted}`;
}

const isAccountId = (schema: SchemaObject | undefined) => schema?.pattern === "^[0-9]{12}$";

function wrongValue(data: unknown, error: ErrorObject): string {
  const schema = error.parentSchema;
  if (isAccountId(schema) && typeof data === "string" && /^[0-9]+$/.test(data)) {
    return `${show(data)} has ${data.length} digit${data.length === 1 ? "" : "s"}; an AWS account id has 12`;
  }
  const explanation = schema?.errorMessage;
  return `${show(data)} ${typeof explanation === "string" ? explanation : (error.message ?? "is not allowed")}`;
}

/** A JSON pointer as keys and indexes; which of the two a number is, only the data tells. */
function pathOf(pointer: string, root: unknown): FieldPath {
  let value = root;
  return pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
    .map((part) => {
      const step = Array.isArray(value) ? Number(part) : part;
      value = (value as Record<string | number, unknown> | undefined)?.[step];
      return step;
    });
}
