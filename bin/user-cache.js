// What is made once and used again lies in the user's cache folder: the kit's own folder may be anybody's.
const {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} = require("node:fs");
const { homedir, tmpdir } = require("node:os");
const path = require("node:path");

const limits = { days: 30, bytes: 200 * 1024 * 1024 };

/** Documented in user-cache.d.ts, as is what follows. */
function cacheFolder() {
  // Source: XDG Base Directory Specification: a path that is not absolute is to be ignored.
  const named = process.env.XDG_CACHE_HOME ?? "";
  if (path.isAbsolute(named)) return path.join(named, "aws-ir-kit", "builds");
  try {
    return path.join(homedir(), ".cache", "aws-ir-kit", "builds");
  } catch {
    return undefined; // no home
  }
}

/** Written aside and renamed, so that two runs at once never read half a file. */
function writeInto(folder, name, content) {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = path.join(folder, name);
  const partial = `${file}.${process.pid}`;
  writeFileSync(partial, content);
  renameSync(partial, file);
  return file;
}

let temporary;

/** A folder that goes with this process. */
function temporaryFolder() {
  if (temporary === undefined) {
    const folder = mkdtempSync(path.join(tmpdir(), "aws-ir-kit-"));
    process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
    temporary = folder;
  }
  return temporary;
}

function writeToCache(name, content) {
  const folder = cacheFolder();
  if (folder !== undefined) {
    try {
      return { file: writeInto(folder, name, content), isKept: true };
    } catch {
      // No home, a read-only one, a full disk: what is made serves this run only.
    }
  }
  return { file: writeInto(temporaryFolder(), name, content), isKept: false };
}

function pruneCache(now, { days, bytes } = limits) {
  const folder = cacheFolder();
  if (folder === undefined) return;
  const [newest, ...others] = filesIn(folder).sort((a, b) => b.mtimeMs - a.mtimeMs);
  if (newest === undefined) return;
  // By the clock of the disk: this process may have another.
  const present = now ?? newest.mtimeMs;
  let left = bytes - newest.size;
  for (const { file, mtimeMs, size } of others) {
    left -= size;
    if (left < 0 || present - mtimeMs > days * 86_400_000) rmSync(file, { force: true });
  }
}

function filesIn(folder) {
  return readdirSync(folder).flatMap((name) => {
    const file = path.join(folder, name);
    const found = statSync(file, { throwIfNoEntry: false });
    return found?.isFile() ? [{ file, mtimeMs: found.mtimeMs, size: found.size }] : [];
  });
}

module.exports = { cacheFolder, writeToCache, pruneCache };
