import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { ImportBlocks } from "../../adoption/file";
import type { Import } from "../../adoption/plan";
import type { Landscape } from "../../landscape";
import { synthesize } from "../../stacks/synthesize";

interface Stack {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/**
 * Import blocks as Terraform takes them: each with the address that its resource has in the synthesized stack. What a
 * stack that is left out would take is left out too.
 */
export function importBlocks(landscape: Landscape, imports: readonly Import[]): ImportBlocks {
  const directory = mkdtempSync(path.join(tmpdir(), "ir-kit-adopt-"));
  try {
    const { stacks } = synthesize(landscape, {
      deployed: undefined,
      directory: path.join(directory, "cdktf.out"),
    });
    const blocks: Record<string, { to: string; id: string }[]> = {};
    for (const { stack, type, named, id } of imports.filter((one) => stacks.includes(one.stack))) {
      const file = path.join(directory, "cdktf.out", "stacks", stack, "cdk.tf.json");
      const { resource = {} } = JSON.parse(readFileSync(file, "utf8")) as Stack;
      const names = Object.keys(resource[type] ?? {});
      const name = named === undefined ? names[0] : names.find((one) => one.includes(named));
      if (name === undefined) continue;
      blocks[stack] = [...(blocks[stack] ?? []), { to: `${type}.${name}`, id }];
    }
    return blocks;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
