import { execFileSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** Installs packages into a folder of their own, which is the caller's to remove. */
export function installed(...packages: readonly string[]): string {
  const folder = mkdtempSync(path.join(tmpdir(), "ir-kit-versions-"));
  execFileSync(
    "npm",
    ["install", "--prefix", folder, "--no-audit", "--no-fund", "--loglevel=error", ...packages],
    { cwd: folder, stdio: ["ignore", "ignore", "inherit"] },
  );
  return folder;
}
