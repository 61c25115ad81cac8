#!/usr/bin/env node
// Runs a TypeScript entry of this repository: esbuild bundles its own sources (dependencies stay outside)
// in a few dozen milliseconds, where a loader that compiles module by module doubles the start-up time.
const { createHash } = require("node:crypto");
const { existsSync, mkdirSync, renameSync, writeFileSync } = require("node:fs");
const path = require("node:path");

const root = path.resolve(__dirname, "..");

/** Bundles `entry` (relative to the repository) and gives the path of the JavaScript file. */
function bundle(entry) {
  const { buildSync } = require("esbuild");
  const { outputFiles } = buildSync({
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
    write: false,
  });
  const code = outputFiles[0].contents;
  const directory = path.join(root, "node_modules", ".cache", "aws-ir-kit");
  const file = path.join(directory, `${createHash("sha256").update(code).digest("hex").slice(0, 24)}.js`);
  if (!existsSync(file)) {
    mkdirSync(directory, { recursive: true });
    // Written aside and renamed, so that two runs at once never read half a file.
    const partial = `${file}.${process.pid}`;
    writeFileSync(partial, code);
    renameSync(partial, file);
  }
  return file;
}

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
