// Runs after `npm ci` in a clone, and before `npm pack`: what the command line runs is built.
const { spawnSync } = require("node:child_process");
const path = require("node:path");

const root = path.resolve(__dirname, "..");

try {
  require.resolve("esbuild");
} catch {
  process.stderr.write("dist is not built, since esbuild is not installed; run: npm ci && npm run build\n");
  process.exit(0);
}
const { status } = spawnSync(
  process.execPath,
  [path.join(root, "bin", "run.js"), "scripts/build.ts", "--unless-fresh"],
  { cwd: root, stdio: ["ignore", "inherit", "inherit"] },
);
process.exit(status ?? 1);
