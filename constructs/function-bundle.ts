import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { buildSync } from "esbuild";
import { zipSync } from "fflate";
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
  const { outputFiles } = buildSync({
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
    write: false,
  });
  const code = outputFiles[0]?.contents ?? new Uint8Array();
  // The earliest time that an archive can hold, in whatever zone it is read.
  const archive = zipSync({ "index.js": code }, { mtime: new Date(1980, 0, 1), os: 3, level: 9 });
  const digest = createHash("sha256").update(archive);
  const sourceCodeHash = digest.copy().digest("base64");
  const hash = digest.digest("hex");
  return { file: kept(root, `${hash.slice(0, 24)}.zip`, archive), hash, sourceCodeHash };
}

/** Written aside and renamed, so that two runs at once never read half a file. */
function kept(root: string, name: string, content: Uint8Array): string {
  const folder = path.join(root, "node_modules", ".cache", "aws-ir-kit");
  const file = path.join(folder, name);
  if (existsSync(file)) return file;
  mkdirSync(folder, { recursive: true });
  const partial = `${file}.${process.pid}`;
  writeFileSync(partial, content);
  renameSync(partial, file);
  return file;
}
