import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** Text of each stack's `cdk.tf.json` by the stack's name, in the order of names, from a folder that a synthesis wrote. */
export function stackTexts(outputFolder: string): ReadonlyMap<string, string> {
  const stacks = path.join(outputFolder, "stacks");
  return new Map(
    readdirSync(stacks)
      .sort()
      .map((name) => [name, readFileSync(path.join(stacks, name, "cdk.tf.json"), "utf8")]),
  );
}
