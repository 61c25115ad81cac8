import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { buildSync } from "esbuild";
import { zipSync } from "fflate";
import { keptBuild } from "../bin/kept-build";
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

const bundles = new Map<string, FunctionBundle>();

/**
 * Bundles a function with everything that it imports, AWS's SDK included, since the copy that Lambda has changes by
 * itself. The same sources give the same bytes: names of files stand for nothing in it, and times in the archive are
 * fixed.
 *
 * @param entry path of the entry from the kit's own folder
 */
export function functionBundle(entry: string): FunctionBundle {
  const known = bundles.get(entry) ?? build(entry);
  bundles.set(entry, known);
  return known;
}

function build(entry: string): FunctionBundle {
  const root = kitFolder();
  const file = keptBuild({ root, entry, extension: ".zip", build: () => archiveOf(root, entry) });
  const digest = createHash("sha256").update(readFileSync(file));
  return { file, sourceCodeHash: digest.copy().digest("base64"), hash: digest.digest("hex") };
}

function archiveOf(root: string, entry: string) {
  const { outputFiles, metafile } = buildSync({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: "index.js",
    bundle: true,
    minify: true,
    keepNames: true,
    legalComments: "none",
    platform: "node",
    target: "node22",
    format: "cjs",
    logLevel: "error",
    metafile: true,
    write: false,
  });
  const code = outputFiles[0]?.contents ?? new Uint8Array();
  return {
    // The earliest time that an archive can hold, in whatever zone it is read.
    content: zipSync({ "index.js": code }, { mtime: new Date(1980, 0, 1), os: 3, level: 9 }),
    sources: [...Object.keys(metafile.inputs), "constructs/function-bundle.ts"],
  };
}
