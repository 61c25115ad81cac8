#!/usr/bin/env node
// `npm run check`: types, lint and layers side by side; what each has said is shown whole, in this order.
const { spawn } = require("node:child_process");
const path = require("node:path");

const parts = ["types", "lint", "layers"];

function run(part) {
  return new Promise((resolve, reject) => {
    const child = spawn("npm", ["run", "--silent", part], {
      cwd: path.resolve(__dirname, ".."),
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8");
      stream.on("data", (chunk) => {
        output += chunk;
      });
    }
    child.on("error", reject);
    child.on("close", (exitCode) => resolve({ exitCode: exitCode ?? 1, output }));
  });
}

async function check() {
  const running = parts.map(run);
  for (const ran of running) {
    const { exitCode, output } = await ran;
    process.stdout.write(output);
    if (exitCode !== 0) process.exitCode = 1;
  }
}

check();
