import path from "node:path";
import { synthesized } from "./landscapes";
import { repository } from "./repository";
import { snapshotCases, snapshotStacks } from "./snapshot-cases";

export const snapshotDirectory = path.join(repository, "test", "snapshots");

/** Every snapshot by its file name, as the code makes it now. */
export function currentSnapshots(): Map<string, string> {
  return new Map(
    Object.entries(snapshotCases).flatMap(([name, landscape]) => {
      const { texts } = synthesized(landscape());
      const kept = snapshotStacks[name] ?? "all";
      return [...texts]
        .filter(([stack]) => kept === "all" || kept.includes(stack))
        .map(([stack, text]): [string, string] => [path.join(name, `${stack}.tf.json`), readable(text)]);
    }),
  );
}

/** Documents that a stack carries as text are shown as documents: a reviewer reads statements, not escapes. */
function readable(text: string): string {
  const opened = JSON.parse(text, (key, value: unknown) =>
    (key === "policy" || key === "template_body") && typeof value === "string"
      ? { "(document)": JSON.parse(value) as unknown }
      : value,
  );
  return `${JSON.stringify(opened, null, 2)}\n`;
}
