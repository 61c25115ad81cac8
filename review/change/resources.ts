import { type Attributes, type Graph, isUnknown, leftToAws, type Resource, type Value } from "../graph";
import type { ResourceChanges } from "./model";
import { byId, placeOf } from "./places";

/** Resources that came, went, or are not what they were. */
export function resourceChanges(before: Graph, after: Graph): ResourceChanges {
  const [old, now] = [byId(before), byId(after)];
  const changed = after.resources.flatMap((resource) => {
    const was = old.get(resource.id);
    const attributes = was ? changedAttributes(was, resource) : [];
    return attributes.length > 0 ? [{ ...placeOf(resource), attributes }] : [];
  });
  const replaced = after.resources.filter(({ isReplaced }) => isReplaced).map(placeOf);
  return {
    added: after.resources.filter(({ id }) => !old.has(id)).map(placeOf),
    removed: before.resources.filter(({ id }) => !now.has(id)).map(placeOf),
    replaced,
    changed,
  };
}

function changedAttributes(was: Resource, is: Resource): string[] {
  const names = new Set([...Object.keys(was.attributes), ...Object.keys(is.attributes)]);
  return [...names].filter(
    (name) =>
      stable(was.attributes[name]) !== stable(is.attributes[name]) ||
      stable(was.references.get(name)) !== stable(is.references.get(name)) ||
      isWrittenOtherwise(was, is, name),
  );
}

/** Whether an attribute that is not known as a whole is made of something else than before. */
export function isWrittenOtherwise(was: Resource, is: Resource, name: string): boolean {
  if (!holdsUnknown(was.attributes[name]) && !holdsUnknown(is.attributes[name])) return false;
  const [old, now] = [was.source?.(name), is.source?.(name)];
  return old !== undefined && now !== undefined && old !== now;
}

const holdsUnknown = (value: Value | undefined): boolean => {
  if (Array.isArray(value)) return value.some(holdsUnknown);
  if (typeof value === "object" && value !== null)
    return Object.values(value as Attributes).some(holdsUnknown);
  // What is not said is known to be so.
  return value !== leftToAws && isUnknown(value);
};

/** JSON without the order of names. */
const stable = (value: unknown): string =>
  JSON.stringify(value, (_, item: unknown) =>
    typeof item === "object" && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  ) ?? "";
