#!/usr/bin/env node
// Runs a TypeScript entry of this repository: esbuild bundles its own sources (dependencies stay outside), again only
// where one of them has changed.
const { createHash } = require("node:crypto");
const { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } = require("node:fs");
const path = require("node:path");

const root = path.resolve(__dirname, "..");

const directory = path.join(root, "node_modules", ".cache", "aws-ir-kit");

/** Written aside and renamed, so that two runs at once never read half a file. */
function write(file, content) {
  mkdirSync(directory, { recursive: true });
  const partial = `${file}.${process.pid}`;
  writeFileSync(partial, content);
  renameSync(partial, file);
}

/** What tells that a source is as it was; undefined where it is gone. */
function stampOf(source) {
  const found = statSync(path.join(root, source), { throwIfNoEntry: false });
  return found && `${found.mtimeMs} ${found.size}`;
}

/** The file of an earlier run, where no source has changed since. */
function standing(record) {
  try {
    const { file, sources } = JSON.parse(readFileSync(record, "utf8"));
    const same = Object.entries(sources).every(([source, stamp]) => stampOf(source) === stamp);
    return same && existsSync(file) ? file : undefined;
  } catch {
    return undefined;
  }
}

/** Bundles `entry` (relative to the repository) and gives the path of the JavaScript file. */
function bundle(entry) {
  const record = path.join(directory, `${entry.replaceAll(/[^\w.-]/g, "-")}.json`);
  const earlier = standing(record);
  if (earlier) return earlier;
  const began = Date.now();
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
  const sources = Object.fromEntries(Object.keys(metafile.inputs).map((source) => [source, stampOf(source)]));
  // Of what was changed meanwhile nobody can tell whether the build has seen it.
  const settled = Object.values(sources).every((stamp) => stamp && Number.parseFloat(stamp) < began);
  const code = outputFiles[0].contents;
  const file = path.join(directory, `${createHash("sha256").update(code).digest("hex").slice(0, 24)}.js`);
  if (!existsSync(file)) write(file, code);
  if (settled) write(record, JSON.stringify({ file, sources }));
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
