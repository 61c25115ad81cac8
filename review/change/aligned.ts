import type { Graph, Resource } from "../graph";

/**
 * An earlier state as it compares with a later one: without the stacks that the later one leaves out because it is a
 * plan or a single stack's, and with what has moved since at its new place. Two single stacks are one, whatever their
 * files are called.
 */
export function alignedWith(after: Graph, before: Graph): Graph {
  const [stacks, earlier] = [Object.keys(after.digests), Object.keys(before.digests)];
  const { isWhole = false } = after;
  const [only] = stacks;
  const [other] = earlier;
  const renamed =
    !(isWhole && before.isWhole) &&
    only !== undefined &&
    other !== undefined &&
    stacks.length === 1 &&
    earlier.length === 1;
  const hereOf = (id: string): string => (renamed ? `${only}${id.slice(id.indexOf("/"))}` : id);
  const moves = movesBetween(new Set(before.resources.map(({ id }) => hereOf(id))), after);
  const place = (id: string): string => moves.get(hereOf(id)) ?? hereOf(id);
  const resources = before.resources
    .filter(({ stack }) => isWhole || renamed || stacks.includes(stack))
    .map((resource): Resource => moved(resource, place));
  return { ...before, resources };
}

/** A move that was made already, and stands there still, moves nothing any more. */
function movesBetween(before: ReadonlySet<string>, { resources }: Graph): ReadonlyMap<string, string> {
  return new Map(
    resources.flatMap(({ id, movedFrom }) =>
      movedFrom === undefined || before.has(id) ? [] : [[movedFrom, id]],
    ),
  );
}

function moved(resource: Resource, place: (id: string) => string): Resource {
  const id = place(resource.id);
  const slash = id.indexOf("/");
  return {
    ...resource,
    id,
    configured: place(resource.configured),
    stack: id.slice(0, slash),
    address: id.slice(slash + 1),
    references: new Map([...resource.references].map(([at, to]) => [at, to.map(place)])),
  };
}
