// What is built stands in dist, made by `npm run build`. Where the sources lie beside it and one has changed since,
// it is built again, into the user's cache.
const { createHash } = require("node:crypto");
const { existsSync, readFileSync, statSync, utimesSync } = require("node:fs");
const path = require("node:path");
const { cacheFolder, pruneCache, writeToCache } = require("./user-cache.js");

/** What is used is fresh again once a day, so that pruning takes what nobody uses. */
const day = 86_400_000;

const keyOf = ({ entry, extension }) => `${entry.replaceAll(/[^\w.-]/g, "-")}${extension}`;

/** Documented in kept-build.d.ts, as is what follows. */
const distFolder = (root) => path.join(root, "dist");

/** A package holds what was built and none of its sources. */
const isClone = (root) => existsSync(path.join(root, "main.ts"));

/** What tells that a source is as it was; undefined where it is gone. */
function stampOf(file) {
  const found = statSync(file, { throwIfNoEntry: false });
  return found && `${found.mtimeMs} ${found.size}`;
}

/** The files of an installed package change with its description: of thousands of files one a package is looked at. */
const watched = (source) =>
  source.replace(/^((?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+)\/.*$/, "$1/package.json");

const stampsOf = (root, sources) =>
  Object.fromEntries(
    [...new Set(sources.map(watched))].map((source) => [source, stampOf(path.join(root, source))]),
  );

const areAsTheyWere = (root, stamps) =>
  Object.entries(stamps).every(([source, stamp]) => stampOf(path.join(root, source)) === stamp);

/** Of what was changed meanwhile nobody can tell whether the build has seen it. */
const areSettled = (stamps, began) =>
  Object.values(stamps).every((stamp) => stamp && Number.parseFloat(stamp) < began);

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

function inDist({ root, ...kept }) {
  const dist = distFolder(root);
  const key = keyOf(kept);
  const name = readJson(path.join(dist, "builds.json"))?.[key];
  const file = name && path.join(dist, name);
  if (!file || !existsSync(file)) return undefined;
  if (!isClone(root)) return file;
  const stamps = readJson(path.join(dist, "stamps", `${key}.json`));
  return stamps && areAsTheyWere(root, stamps) ? file : undefined;
}

const nameOf = (content, extension) =>
  `${createHash("sha256").update(content).digest("hex").slice(0, 24)}${extension}`;

/** Clones share the folder: a record is that of one of them. */
const recordOf = (kept) =>
  `${createHash("sha256").update(path.resolve(kept.root)).digest("hex").slice(0, 12)}-${keyOf(kept)}.json`;

function inCache(kept) {
  const folder = cacheFolder();
  if (folder === undefined) return undefined;
  const record = path.join(folder, recordOf(kept));
  const { file, stamps } = readJson(record) ?? {};
  if (!file || !areAsTheyWere(kept.root, stamps) || !existsSync(file)) return undefined;
  for (const used of [record, file]) refresh(used);
  return file;
}

function refresh(file) {
  try {
    const now = Date.now();
    if (now - statSync(file).mtimeMs > day) utimesSync(file, now / 1000, now / 1000);
  } catch {
    // Another's file, or gone.
  }
}

const keptFile = (kept) => inDist(kept) ?? inCache(kept);

function keepBuild(kept, { content, sources }, began) {
  const stamps = stampsOf(kept.root, sources);
  const { file, isKept } = writeToCache(nameOf(content, kept.extension), content);
  if (isKept) {
    if (areSettled(stamps, began)) writeToCache(recordOf(kept), JSON.stringify({ file, stamps }));
    pruneCache();
  }
  return file;
}

function keptBuild({ build, ...kept }) {
  const began = Date.now();
  return keptFile(kept) ?? keepBuild(kept, build(), began);
}

module.exports = { areSettled, distFolder, inDist, keepBuild, keptBuild, keptFile, keyOf, nameOf, stampsOf };
