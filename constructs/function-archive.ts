import { buildSync } from "esbuild";
import { zipSync } from "fflate";
import type { Build } from "../bin/kept-build";

/**
 * Bundles a function for Lambda. The same sources give the same bytes: names of files stand for nothing in it, and
 * times in the archive are fixed.
 *
 * @param root the kit's folder
 * @param entry path of the entry from there
 */
export function functionArchive(root: string, entry: string): Build {
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
    sources: [...Object.keys(metafile.inputs), "constructs/function-archive.ts"],
  };
}
