import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { type Build, keptBuild } from "../bin/kept-build";
import { kitFolder } from "../landscape/kit-folder";

/** A function's code, ready for Lambda. */
export interface FunctionBundle {
  /** Absolute path of the archive, which is named by its content. */
  readonly file: string;
  /** SHA-256 of the archive, as hexadecimal digits and as Lambda tells it. */
  readonly hash: string;
  readonly sourceCodeHash: string;
}

/** Modules are CommonJS: the file's `handler` is `index.handler`. */
export const handlerName = "index.handler";

/** Paths, from the kit's folder, of the functions that its stacks hold. */
export const functionEntries = [
  "runtime/functions/custody.ts",
  "runtime/functions/cuts.ts",
  "runtime/functions/findings.ts",
  "runtime/functions/step.ts",
  "runtime/functions/sweep.ts",
  "runtime/functions/tags.ts",
] as const;

export type FunctionEntry = (typeof functionEntries)[number];

const bundles = new Map<string, FunctionBundle>();

/**
 * A function with everything that it imports, AWS's SDK included, since the copy that Lambda has changes by itself.
 *
 * @param entry path of the entry from the kit's own folder
 */
export function functionBundle(entry: FunctionEntry): FunctionBundle {
  const known = bundles.get(entry) ?? build(entry);
  bundles.set(entry, known);
  return known;
}

function build(entry: string): FunctionBundle {
  const root = kitFolder();
  const file = keptBuild({ root, entry, extension: ".zip", build: () => archive(root, entry) });
  const digest = createHash("sha256").update(readFileSync(file));
  return { file, sourceCodeHash: digest.copy().digest("base64"), hash: digest.digest("hex") };
}

/** What bundles is loaded only where there is no build: a package holds archives, and esbuild is not installed there. */
function archive(root: string, entry: string): Build {
  const { functionArchive } = require("./function-archive") as typeof import("./function-archive");
  return functionArchive(root, entry);
}
