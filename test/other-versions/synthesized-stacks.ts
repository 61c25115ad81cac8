import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { repository } from "../support/repository";
import { stackTexts } from "../support/stack-texts";

/** The stacks of the example by name, as a process of its own synthesizes them, parsed. */
export function synthesizedStacks(
  node: string,
  options: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): Record<string, unknown> {
  const folder = mkdtempSync(path.join(tmpdir(), "ir-kit-synth-"));
  try {
    copyFileSync(path.join(repository, "config", "landscape.yaml"), path.join(folder, "landscape.yaml"));
    const { status, stderr } = spawnSync(node, [...options, path.join(repository, "bin", "synth.js")], {
      cwd: folder,
      encoding: "utf8",
      env: { ...process.env, ...environment, IR_KIT_CONFIG: path.join(folder, "landscape.yaml") },
    });
    if (status !== 0) throw new Error(stderr);
    const texts = stackTexts(path.join(folder, "cdktf.out"));
    return Object.fromEntries([...texts].map(([name, text]) => [name, JSON.parse(text)]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
