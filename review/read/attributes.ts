import { type Attributes, leftToAws, unknown, type Value } from "../graph";
import { isObject, put } from "./json";
import { type Shape, shapeAt } from "./shapes";

/** Says the same in the same words, whether a configuration or a plan said it: what is empty is left out. */
export function withoutEmpty(value: unknown): Value | undefined {
  if (value === null || value === undefined) return undefined;
  // What stands in a list keeps its place: a block in which nothing is said is a block all the same.
  if (Array.isArray(value))
    return value.length > 0 ? value.map((item) => withoutEmpty(item) ?? {}) : undefined;
  if (!isObject(value)) return value as Value;
  const result: Record<string, Value> = {};
  for (const [name, item] of Object.entries(value)) {
    const kept = withoutEmpty(item);
    if (kept !== undefined) put(result, name, kept);
  }
  return Object.keys(result).length > 0 ? result : undefined;
}

/**
 * A block of a configuration as its plan would show it: one block of a kind that can be repeated stands in a list, and
 * what the provider computes where nothing is said is unknown.
 */
export function asPlanned(block: Attributes, shape: Shape): Attributes {
  const result: Record<string, Value> = {};
  for (const [name, value] of Object.entries(block)) {
    if (name !== "dynamic") put(result, name, plannedAttribute(value, name, shape));
  }
  if (isObject(block.dynamic)) addDynamic(result, Object.keys(block.dynamic));
  for (const name of shape.computed ?? []) if ((result[name] ?? null) === null) put(result, name, leftToAws);
  return result;
}

/** How many blocks Terraform makes of one that is dynamic, and what they say, a plan tells. */
function addDynamic(result: Record<string, Value>, names: readonly string[]): void {
  for (const name of names) {
    const beside = result[name];
    put(result, name, Array.isArray(beside) ? [...beside, unknown] : unknown);
  }
}

function plannedAttribute(value: Value, name: string, shape: Shape): Value {
  const { blocks = {} } = shape;
  const nested = Object.hasOwn(blocks, name) ? blocks[name] : undefined;
  if (nested === undefined) return typeof value === "string" ? typed(value, name, shape) : value;
  if (typeof nested === "object") return isObject(value) ? asPlanned(value, shapeAt(nested.single)) : value;
  const list = Array.isArray(value) ? value : [value];
  return list.map((item) => (isObject(item) ? asPlanned(item as Attributes, shapeAt(nested)) : item));
}

/** Terraform takes `"true"` for `true` and `"7"` for `7` where the provider wants those. */
function typed(text: string, name: string, { flags = [], numbers = [] }: Shape): Value {
  if (flags.includes(name)) return text === "true" ? true : text === "false" ? false : text;
  return numbers.includes(name) && text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}
