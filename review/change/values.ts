import { type Attributes, isUnknown, leftToAws, type Resource, type Value } from "../graph";

/** What stands at a path, past lists of blocks. */
export function valuesAt(value: Value | undefined, at: string): Value[] {
  const [name = "", ...rest] = at.split(".");
  if (value === undefined || value === leftToAws) return [];
  if (isUnknown(value)) return [value];
  if (Array.isArray(value)) return value.flatMap((item) => valuesAt(item, at));
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return [];
  const found = (value as Attributes)[name] as Value;
  return rest.length > 0 ? valuesAt(found, rest.join(".")) : found === leftToAws ? [] : [found];
}

/** What a path says, known or not, to be compared. */
export const said = ({ attributes, references }: Resource, at: string): string =>
  JSON.stringify([valuesAt(attributes, at), references.get(at)]);

/** In words, what some attributes name. */
export const whatIsGiven = (resource: Resource, names: readonly string[]): string =>
  names
    .flatMap((name) => {
      const value = resource.attributes[name];
      const referred = resource.references.get(name)?.map((to) => to.slice(to.indexOf("/") + 1));
      if (value === undefined || (value === leftToAws && !referred)) return [];
      return [`${name} ${isUnknown(value) ? (referred?.join(", ") ?? "unknown") : JSON.stringify(value)}`];
    })
    .join(", ");
