#!/usr/bin/env node
// `npm run types`: the native compiler checks the types. Other tools still need the interface of TypeScript 5, which
// the package `typescript` keeps. A machine's second run starts from the first one's record; CI has no second run, and
// the record costs a third of the first.
const { spawnSync } = require("node:child_process");
const path = require("node:path");

const root = path.resolve(__dirname, "..");
const compiler = path.join(root, "node_modules", "typescript-7", "bin", "tsc");
const record = path.join(root, "node_modules", ".cache", "aws-ir-kit", "types.tsbuildinfo");
const incremental = process.env.CI ? [] : ["--incremental", "--tsBuildInfoFile", record];

const { status, error } = spawnSync(
  process.execPath,
  [compiler, "--noEmit", ...incremental, ...process.argv.slice(2)],
  { cwd: root, stdio: "inherit" },
);
if (error) throw error;
process.exitCode = status ?? 1;
