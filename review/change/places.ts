import type { Graph, Resource } from "../graph";
import type { Place } from "./model";

export const placeOf = ({ stack, address }: Resource): Place => ({ stack, address });

export const byId = ({ resources }: Graph): ReadonlyMap<string, Resource> =>
  new Map(resources.map((resource) => [resource.id, resource]));
