import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { repository } from "../support/repository";

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
    const stacks = path.join(folder, "cdktf.out", "stacks");
    return Object.fromEntries(
      readdirSync(stacks).map((name) => [
        name,
        JSON.parse(readFileSync(path.join(stacks, name, "cdk.tf.json"), "utf8")),
      ]),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}
