import { readFileSync } from "node:fs";
import path from "node:path";

/** The repository's root, whether this runs as source or from a bundle below node_modules. */
export const repository = findUp(__dirname);

function findUp(directory: string): string {
  try {
    const { name } = JSON.parse(readFileSync(path.join(directory, "package.json"), "utf8")) as {
      name?: string;
    };
    if (name === "aws-ir-kit") return directory;
  } catch {
    // No package here: look above.
  }
  const parent = path.dirname(directory);
  if (parent === directory) throw new Error("not inside the aws-ir-kit repository");
  return findUp(parent);
}
