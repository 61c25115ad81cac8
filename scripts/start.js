#!/usr/bin/env node
// `npm start` on a fresh clone: plain JavaScript without dependencies, since there may be none yet.
const { spawnSync } = require("node:child_process");
const { existsSync, statSync } = require("node:fs");
const path = require("node:path");

const root = path.resolve(__dirname, "..");
const oldestNode = [20, 9];

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1])) {
  fail(
    `Node ${oldestNode.join(".")} or later is needed; this is ${process.versions.node} (https://nodejs.org/en/download)`,
  );
}

const installed = path.join(root, "node_modules", ".package-lock.json");
const wanted = path.join(root, "package-lock.json");
if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(wanted).mtimeMs) {
  process.stderr.write("… npm ci: installing what package-lock.json names\n");
  const { status } = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: "inherit",
  });
  if (status !== 0) fail("npm ci failed; its message is above");
}

const { status } = spawnSync(
  process.execPath,
  [path.join(root, "bin", "run.js"), "test/local-aws/start.ts", ...process.argv.slice(2)],
  {
    cwd: root,
    stdio: "inherit",
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true", ...process.env },
  },
);
process.exit(status ?? 1);
