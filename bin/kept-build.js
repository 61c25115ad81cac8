// Builds are kept beside the dependencies they were made with, and made again only where a source has changed.
const { createHash } = require("node:crypto");
const { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } = require("node:fs");
const path = require("node:path");

const directoryOf = (root) => path.join(root, "node_modules", ".cache", "aws-ir-kit");

/** Written aside and renamed, so that two runs at once never read half a file. */
function write(file, content) {
  mkdirSync(path.dirname(file), { recursive: true });
  const partial = `${file}.${process.pid}`;
  writeFileSync(partial, content);
  renameSync(partial, file);
}

/** What tells that a source is as it was; undefined where it is gone. */
function stampOf(file) {
  const found = statSync(file, { throwIfNoEntry: false });
  return found && `${found.mtimeMs} ${found.size}`;
}

/** The file of an earlier run, where no source has changed since. */
function standing(root, record) {
  try {
    const { file, sources } = JSON.parse(readFileSync(record, "utf8"));
    const same = Object.entries(sources).every(
      ([source, stamp]) => stampOf(path.join(root, source)) === stamp,
    );
    return same && existsSync(file) ? file : undefined;
  } catch {
    return undefined;
  }
}

const recordOf = ({ root, entry, extension }) =>
  path.join(directoryOf(root), `${entry.replaceAll(/[^\w.-]/g, "-")}${extension}.json`);

/** Documented in kept-build.d.ts, as is what follows. */
const keptFile = (build) => standing(build.root, recordOf(build));

function keepBuild(build, { content, sources }, began) {
  const { root, extension } = build;
  const stamps = Object.fromEntries(sources.map((source) => [source, stampOf(path.join(root, source))]));
  // Of what was changed meanwhile nobody can tell whether the build has seen it.
  const settled = Object.values(stamps).every((stamp) => stamp && Number.parseFloat(stamp) < began);
  const name = createHash("sha256").update(content).digest("hex").slice(0, 24);
  const file = path.join(directoryOf(root), `${name}${extension}`);
  if (!existsSync(file)) write(file, content);
  if (settled) write(recordOf(build), JSON.stringify({ file, sources: stamps }));
  return file;
}

function keptBuild({ build, ...kept }) {
  const began = Date.now();
  return keptFile(kept) ?? keepBuild(kept, build(), began);
}

module.exports = { keptBuild, keptFile, keepBuild };
