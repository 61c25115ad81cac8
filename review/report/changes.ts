import type { AccessChange, Changes, Direction, Place } from "../change/model";
import { addTo } from "../lists";

/** So many lines of one sort are shown where reports are to be short; JSON and HTML name all. */
export const mostShown = 30;

export const directionNames: Readonly<Record<Direction, string>> = {
  widened: "wider",
  narrowed: "narrower",
  "cannot-tell": "cannot tell",
};

/** What has changed with resources: signs as Terraform's plans use them, and where. */
export function resourceLines({ resources }: Changes): { readonly sign: string; readonly text: string }[] {
  const { added, removed, replaced, changed } = resources;
  return [
    ...added.map((place) => ({ sign: "+", text: placeName(place) })),
    ...removed.map((place) => ({ sign: "-", text: placeName(place) })),
    ...replaced.map((place) => ({ sign: "-/+", text: placeName(place) })),
    ...changed.map((place) => ({ sign: "~", text: `${placeName(place)} (${place.attributes.join(", ")})` })),
  ];
}

export const resourceCounts = ({ resources: { added, removed, replaced, changed } }: Changes): string =>
  `${added.length} added, ${removed.length} removed, ${replaced.length} replaced, ${changed.length} changed`;

export const accessCounts = ({ access }: Changes): string => {
  const count = (direction: Direction) => access.filter((change) => change.direction === direction).length;
  return `${count("widened")} wider, ${count("narrowed")} narrower, ${count("cannot-tell")} cannot be told`;
};

export const placeName = ({ stack, address }: Place): string =>
  stack === "" ? "the deployment" : `${stack}/${address}`;

/** The changes of access at one place, in their order. */
export function byPlace(access: readonly AccessChange[]): AccessChange[][] {
  const places = new Map<string, AccessChange[]>();
  for (const change of access) {
    addTo(places, `${change.direction} ${placeName(change)}`, change);
  }
  return [...places.values()];
}
