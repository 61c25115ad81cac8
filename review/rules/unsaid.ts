import { type Attributes, isUnknown, leftToAws, type Value } from "../graph";
import { isObject, put } from "../read/json";

/** Attributes with what AWS does in the places where nothing is said; of blocks, only in those that are there. */
export function withUnsaid(attributes: Attributes, unsaid: Readonly<Record<string, unknown>>): Attributes {
  return Object.entries(unsaid).reduce(
    (result, [at, value]) => filled(result, at.split("."), value as Value) as Attributes,
    attributes,
  );
}

function filled(value: Value, [name = "", ...rest]: readonly string[], unsaid: Value): Value {
  if (Array.isArray(value)) return value.map((item) => filled(item, [name, ...rest], unsaid));
  if (!isObject(value)) return value;
  const inner = Object.hasOwn(value, name) ? (value as Attributes)[name] : undefined;
  const isSaid = inner !== undefined && inner !== leftToAws;
  if (rest.length > 0 && !isSaid) return value as Value;
  const next = rest.length > 0 ? filled(inner as Value, rest, unsaid) : isSaid ? inner : unsaid;
  const result: Record<string, Value> = { ...(value as Attributes) };
  put(result, name, next);
  return result;
}

/** Attributes with what is unknown under a name, alone or in a list, as something else. */
export function withReferred(attributes: Attributes, name: string, is: Value): Attributes {
  const value = attributes[name];
  if (value === undefined) return attributes;
  const known = (item: Value): Value => (isUnknown(item) ? is : item);
  const result: Record<string, Value> = { ...attributes };
  put(result, name, Array.isArray(value) ? value.map(known) : known(value));
  return result;
}
