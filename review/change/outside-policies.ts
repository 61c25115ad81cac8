import type { Holder } from "./holder";
import type { AccessChange, Direction } from "./model";
import { placeOf } from "./places";

const at = ({ resource }: Holder) => placeOf(resource);

/** What is known after apply only may be anything, unless nothing that it is made of has changed. */
export function unreadChanges(was: Holder | undefined, is: Holder | undefined): AccessChange[] {
  const holder = is ?? was;
  if (!holder) return [];
  const unread = [...new Set([...(was?.unread ?? []), ...(is?.unread ?? [])])];
  const referenced = was && is && JSON.stringify(was.refersTo) !== JSON.stringify(is.refersTo);
  const told = (what: string): AccessChange[] => [
    { ...at(holder), direction: "cannot-tell", kind: holder.kind, what },
  ];
  if (unread.length > 0) return told(`${unread.join(", ")} cannot be read before apply`);
  return referenced ? told("its policies refer to other resources than before") : [];
}

/** Of who has policies that stand elsewhere, a boundary decides what no policy here tells. */
export function boundaryChanges(was: Holder | undefined, is: Holder | undefined): AccessChange[] {
  if (!was || !is || JSON.stringify(was.boundary) === JSON.stringify(is.boundary)) return [];
  const change = (direction: Direction, what: string): AccessChange => ({
    ...at(is),
    direction,
    kind: "permissions",
    what,
  });
  if (was.boundary && is.boundary) return [change("cannot-tell", "its boundary says something else")];
  if (was.boundary)
    return [
      change(
        is.boundaryElsewhere ? "cannot-tell" : "widened",
        "is no longer bounded by the policy that stood here",
      ),
    ];
  return [
    change(
      was.boundaryElsewhere ? "cannot-tell" : "narrowed",
      "is newly bounded by a policy that stands here",
    ),
  ];
}

export function managedChanges(was: Holder | undefined, is: Holder | undefined): AccessChange[] {
  const holder = is ?? was;
  if (!holder) return [];
  const [old, now] = [was?.elsewhere ?? [], is?.elsewhere ?? []];
  const change = (direction: Direction, what: string): AccessChange => ({
    ...at(holder),
    direction,
    kind: "permissions",
    what,
  });
  const [oldBoundary, boundary] = [was?.boundaryElsewhere, is?.boundaryElsewhere];
  return [
    ...now.filter((arn) => !old.includes(arn)).map((arn) => change("widened", `is newly given ${arn}`)),
    ...old.filter((arn) => !now.includes(arn)).map((arn) => change("narrowed", `is no longer given ${arn}`)),
    ...(was && is && oldBoundary !== boundary
      ? [
          boundary === undefined
            ? change("widened", `is no longer bounded by ${oldBoundary}`)
            : oldBoundary === undefined && was.boundary === undefined
              ? change("narrowed", `is newly bounded by ${boundary}`)
              : change(
                  "cannot-tell",
                  `is bounded by ${boundary}, no longer by ${oldBoundary ?? "the policy that stood here"}`,
                ),
        ]
      : []),
  ];
}
