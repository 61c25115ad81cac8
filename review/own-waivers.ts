import { readFileSync } from "node:fs";
import path from "node:path";
import { keepBuild, keptFile } from "../bin/kept-build";
import type { Waiver } from "./waiver-file";

/**
 * The waivers of a folder that holds the kit, read and checked once and kept until they change: reading YAML takes
 * longer than a review of all stacks.
 *
 * @param root the kit's folder
 * @throws UnreadableInput
 */
export async function ownWaivers(root: string, file: string): Promise<Waiver[]> {
  const kept = { root, entry: path.relative(root, file), extension: ".waivers.json" };
  const place = keptFile(kept) ?? (await build(kept, file));
  return JSON.parse(readFileSync(place, "utf8")) as Waiver[];
}

async function build(kept: Parameters<typeof keepBuild>[0], file: string): Promise<string> {
  const began = Date.now();
  const { readWaivers } = await import("./waiver-file");
  const content = JSON.stringify(readWaivers(file));
  return keepBuild(kept, { content, sources: [kept.entry, "review/waiver-file.ts"] }, began);
}
