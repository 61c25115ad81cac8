import type { Graph, Resource } from "../../review/graph";

/** What a plan holds of one module, as if that were all. */
export function ofModule(graph: Graph, stack: string, name: string): Graph {
  const prefix = `${stack}/module.${name}.`;
  const strip = (text: string) => text.replace(`module.${name}.`, "");
  const resources = graph.resources
    .filter(({ id }) => id.startsWith(prefix))
    .map(
      (resource): Resource => ({
        ...resource,
        id: strip(resource.id),
        configured: strip(resource.configured),
        address: strip(resource.address),
        references: new Map([...resource.references].map(([at, to]) => [at, to.map(strip)])),
      }),
    );
  return { ...graph, resources };
}
