import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { repository } from "../../support/repository";

/** What is deployed, and on what: everything that makes a template another one. */
export const parts = [
  ...[
    "adoption",
    "baseline",
    "bin",
    "cli",
    "config",
    "constructs",
    "documents",
    "landscape",
    "machines",
    "quotas",
  ],
  ...["policies", "questions", "runtime", "stacks", "main.ts", "package-lock.json"],
  ...["test/local-aws", "test/e2e/organization-template", "test/e2e/workspace.ts", "test/e2e/lanes.ts"],
  ...["test/e2e/foreign-entries.ts", "test/support/landscapes.ts"],
];

/** Digest of the sources of a template: the same sources, the same template. */
export function digestOfSources(root = repository): string {
  const hash = createHash("sha256");
  for (const file of parts.flatMap((part) => filesBelow(root, part))) {
    hash.update(`${file}\0`).update(readFileSync(path.join(root, file)));
  }
  return hash.digest("hex").slice(0, 16);
}

function filesBelow(root: string, part: string): string[] {
  try {
    return readdirSync(path.join(root, part), { withFileTypes: true })
      .sort((one, other) => (one.name < other.name ? -1 : 1))
      .flatMap((entry) => {
        const file = `${part}/${entry.name}`;
        if (entry.name === "__pycache__") return [];
        return entry.isDirectory() ? filesBelow(root, file) : [file];
      });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOTDIR") return [part];
    throw error;
  }
}
