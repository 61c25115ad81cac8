#!/usr/bin/env node
// Runs a TypeScript entry of this repository: esbuild bundles its own sources (dependencies stay outside), again only
// where one of them has changed.
const path = require("node:path");
const { keptBuild } = require("./kept-build.js");

const root = path.resolve(__dirname, "..");

/**
 * Bundles `entry` (relative to the repository) and gives the path of the JavaScript file.
 *
 * @param withMap whether lines of the sources can be shown: that makes the file several times as large
 */
const bundle = (entry, withMap = true) =>
  keptBuild({
    root,
    entry,
    extension: withMap ? ".js" : ".small.js",
    build: () => {
      const { buildSync } = require("esbuild");
      const { outputFiles, metafile } = buildSync({
        absWorkingDir: root,
        entryPoints: [entry],
        bundle: true,
        packages: "external",
        platform: "node",
        target: "node20",
        format: "cjs",
        sourcemap: withMap && "inline",
        minifyWhitespace: !withMap,
        sourcesContent: false,
        logLevel: "error",
        metafile: true,
        write: false,
      });
      return {
        content: outputFiles[0].contents,
        sources: [...Object.keys(metafile.inputs), path.relative(root, __filename)],
      };
    },
  });

if (require.main === module) {
  const entry = process.argv[2];
  if (!entry) {
    process.stderr.write("usage: node bin/run.js <entry.ts> [arguments]\n");
    process.exit(2);
  }
  const file = bundle(entry);
  process.argv.splice(1, 2, file);
  process.setSourceMapsEnabled(true);
  require(file);
}

module.exports = { bundle, root };
