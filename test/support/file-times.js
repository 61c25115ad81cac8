const { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const path = require("node:path");

const root = path.resolve(__dirname, "..", "..");
const defaultFile = path.join(root, "node_modules", ".cache", "aws-ir-kit", "file-times.json");

/** What files lasted that took long, so that a clone that has never run them knows where to begin. */
const recordFile = path.join(root, "test", "file-times.json");
const worthRecording = 10;

/** Files that the table names. */
const shown = 20;

const sum = (files, key) => files.reduce((total, file) => total + (file[key] ?? 0), 0);

/** Documented in file-times.d.ts, as is what follows. */
function writeTimes(times, file = defaultFile) {
  mkdirSync(path.dirname(file), { recursive: true });
  const partial = `${file}.${process.pid}`;
  writeFileSync(partial, `${JSON.stringify(times, undefined, 2)}\n`);
  renameSync(partial, file);
}

function readTimes(file = defaultFile) {
  let text;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
  return JSON.parse(text);
}

function timesTable({ ended, files }) {
  const number = (value) => (value === undefined ? "" : value.toFixed(1)).padStart(8);
  const row = ({ seconds, cpu, file }) => `${number(seconds)} ${number(cpu)}  ${file}`;
  const slowest = [...files].sort((a, b) => b.seconds - a.seconds || a.file.localeCompare(b.file));
  const rest = slowest.slice(shown);
  return [
    `Slowest test files of the run that ended ${ended} (seconds of wall and of CPU, ended child processes included):`,
    ...slowest.slice(0, shown).map(row),
    ...(rest.length > 0
      ? [row({ seconds: sum(rest, "seconds"), cpu: sum(rest, "cpu"), file: `${rest.length} others` })]
      : []),
    row({ seconds: sum(files, "seconds"), cpu: sum(files, "cpu"), file: `${files.length} files in all` }),
    "",
  ].join("\n");
}

function recordTimes({ files }, file = recordFile, exists = (name) => existsSync(path.join(root, name))) {
  const times = new Map(Object.entries(readTimes(file) ?? {}));
  for (const { file: name, seconds } of files) {
    if (seconds >= worthRecording) times.set(name, Math.round(seconds));
    else times.delete(name);
  }
  const entries = [...times].filter(([name]) => exists(name)).sort();
  writeFileSync(file, `${JSON.stringify(Object.fromEntries(entries), undefined, 2)}\n`);
}

function expectedSeconds(file) {
  recorded ??= JSON.parse(readFileSync(recordFile, "utf8"));
  return recorded[path.relative(root, file).split(path.sep).join("/")];
}

let recorded;

module.exports = {
  expectedSeconds,
  recordTimes,
  readTimes,
  timesTable,
  writeTimes,
};
