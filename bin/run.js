#!/usr/bin/env node
// Runs a TypeScript entry of this repository: esbuild bundles its own sources (dependencies stay outside), again only
// where one of them has changed.
const { readFileSync } = require("node:fs");
const { Module } = require("node:module");
const path = require("node:path");
const { distFolder, keptBuild } = require("./kept-build.js");

const root = path.resolve(__dirname, "..");

function build(entry) {
  const { buildSync } = require("esbuild");
  const { outputFiles, metafile } = buildSync({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    packages: "external",
    platform: "node",
    target: "node20",
    format: "cjs",
    sourcemap: "inline",
    sourcesContent: false,
    logLevel: "error",
    metafile: true,
    write: false,
  });
  return {
    content: outputFiles[0].contents,
    sources: [...Object.keys(metafile.inputs), path.relative(root, __filename)],
  };
}

/**
 * Bundles an entry and runs it, as a module that stands in dist: from there it finds dependencies and the kit's files,
 * wherever the bundle is kept.
 *
 * @param entry path from the repository's root
 * @returns what the module exports
 */
function load(entry) {
  const file = keptBuild({ root, entry, extension: ".js", build: () => build(entry) });
  const name = path.join(distFolder(root), `${entry.replaceAll(/[^\w-]/g, "-")}.js`);
  const module = new Module(name, undefined);
  module.filename = name;
  module.paths = Module._nodeModulePaths(path.dirname(name));
  module._compile(readFileSync(file, "utf8"), name);
  return module.exports;
}

if (require.main === module) {
  const entry = process.argv[2];
  if (!entry) {
    process.stderr.write("usage: node bin/run.js <entry.ts> [arguments]\n");
    process.exit(2);
  }
  process.argv.splice(1, 2, path.join(root, entry));
  process.setSourceMapsEnabled(true);
  load(entry);
}

module.exports = { load, root };
