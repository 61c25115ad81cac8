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

/**
 * Documents that a stack carries as text are shown as documents: a reviewer reads statements, not escapes. Which
 * archive a function has changes with every change of its code, which the reviewer reads as code.
 */
function readable(text: string): string {
  const opened = JSON.parse(text, (key, value: unknown) => {
    if (key === "source_code_hash") return "(of the archive)";
    if (key === "filename" && typeof value === "string") return value.replace(/[0-9a-f]{24}/g, "(hash)");
    return (key === "policy" || key === "template_body" || key === "definition") && typeof value === "string"
      ? { "(document)": JSON.parse(value) as unknown }
      : value;
  });
  return `${JSON.stringify(opened, null, 2)}\n`;
}
