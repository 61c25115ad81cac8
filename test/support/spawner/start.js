const { spawn } = require("node:child_process");
const { once } = require("node:events");
const { mkdtempSync, rmSync } = require("node:fs");
const { tmpdir } = require("node:os");
const path = require("node:path");

let running;

/** Starts a worker's spawner, once, while the worker is small. */
async function start() {
  const directory = mkdtempSync(path.join(tmpdir(), "ir-kit-spawner-"));
  process.once("exit", () => rmSync(directory, { recursive: true, force: true }));
  const socket = path.join(directory, "socket");
  const child = spawn(
    process.execPath,
    ["--max-semi-space-size=1", path.join(__dirname, "spawner.js"), socket],
    {
      stdio: ["pipe", "pipe", "inherit"],
    },
  );
  await once(child.stdout, "data");
  for (const each of [child, child.stdin, child.stdout]) each.unref();
  return { processId: child.pid, socket };
}

/** The process id of this worker's spawner and its socket. */
function startSpawner() {
  running ??= start();
  return running;
}

module.exports = { startSpawner };
