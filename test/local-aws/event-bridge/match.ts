import type { Alternative, EventPattern } from "./pattern";
import type { Scalar, ValueMatcher } from "./values";

/** A leaf of an event: its path, in which arrays are no step, and its place in each array above it. */
interface Leaf {
  readonly path: string;
  readonly value: Scalar;
  readonly places: ReadonlyMap<number, number>;
}

/**
 * Whether a pattern matches an event. Fields that lie in the same array must be matched in the same element of it.
 */
export function matchesEvent(pattern: EventPattern, event: unknown): boolean {
  const leaves = leavesOf(event);
  return pattern.some((alternative) => holds(alternative, leaves));
}

function holds(alternative: Alternative, leaves: readonly Leaf[]): boolean {
  // In this order AWS's matcher goes through them; it decides in which element of an array a field must be absent.
  const fields = [...alternative].sort(([one], [other]) => (one < other ? -1 : 1));
  return consistent(
    fields.map(([path, matchers]) => ({ matchers, leaves: leaves.filter((leaf) => leaf.path === path) })),
    new Map(),
  );
}

interface Field {
  readonly matchers: readonly ValueMatcher[];
  readonly leaves: readonly Leaf[];
}

/** Tries each leaf of each field in turn, as far as its places agree with those of the fields before it. */
function consistent([field, ...rest]: readonly Field[], places: ReadonlyMap<number, number>): boolean {
  if (field === undefined) return true;
  const here = field.leaves.filter((leaf) =>
    [...leaf.places].every(([array, index]) => (places.get(array) ?? index) === index),
  );
  if (here.length === 0 && field.matchers.some(({ absent }) => absent)) return consistent(rest, places);
  return here.some(
    (leaf) =>
      field.matchers.some(({ matches }) => matches(leaf.value)) &&
      consistent(rest, new Map([...places, ...leaf.places])),
  );
}

function leavesOf(event: unknown): Leaf[] {
  const leaves: Leaf[] = [];
  let arrays = 0;
  const walk = (value: unknown, path: readonly string[], places: ReadonlyMap<number, number>): void => {
    if (Array.isArray(value)) {
      arrays += 1;
      const array = arrays;
      value.forEach((element, index) => {
        // Plain values of a list are alternatives of one field, and bind nothing else.
        const inside = typeof element === "object" && element !== null;
        walk(element, path, inside ? new Map([...places, [array, index]]) : places);
      });
    } else if (typeof value === "object" && value !== null) {
      for (const [name, inner] of Object.entries(value)) walk(inner, [...path, name], places);
    } else {
      leaves.push({ path: path.join("."), value: value as Scalar, places });
    }
  };
  walk(event, [], new Map());
  return leaves;
}
