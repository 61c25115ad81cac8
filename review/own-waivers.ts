import { readFileSync } from "node:fs";
import path from "node:path";
import { type KeptFile, keepBuild, keptFile } from "../bin/kept-build";
import type { Waiver } from "./waiver-file";

/** By what the waivers of a file are known, once read. */
export const keptWaivers = (root: string, file: string): KeptFile => ({
  root,
  entry: path.relative(root, file),
  extension: ".waivers.json",
});

/**
 * The waivers of a folder that holds the kit, read and checked once and kept until they change: reading YAML takes
 * longer than a review of all stacks.
 *
 * @param root the kit's folder
 * @throws UnreadableInput
 */
export async function ownWaivers(root: string, file: string): Promise<Waiver[]> {
  const kept = keptWaivers(root, file);
  const place = keptFile(kept) ?? (await build(kept, file));
  return JSON.parse(readFileSync(place, "utf8")) as Waiver[];
}

async function build(kept: KeptFile, file: string): Promise<string> {
  const began = Date.now();
  const { waiversAsJson } = await import("./waiver-file");
  return keepBuild(kept, waiversAsJson(kept.entry, file), began);
}
