import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

/** The folder of the kit's own package.json, wherever this code was bundled to. */
export function kitFolder(): string {
  for (let folder = __dirname; folder !== path.dirname(folder); folder = path.dirname(folder)) {
    const manifest = path.join(folder, "package.json");
    if (!existsSync(manifest)) continue;
    if ((JSON.parse(readFileSync(manifest, "utf8")) as { name?: string }).name === "aws-ir-kit")
      return folder;
  }
  throw new Error(`no folder of aws-ir-kit above ${__dirname}`);
}

const read = new Map<string, string>();

/** Text of a file of the kit, by its path below the kit's folder; read once, however many stacks hold it. */
export function kitFile(...names: readonly string[]): string {
  const file = path.join(...names);
  const known = read.get(file) ?? readFileSync(path.join(kitFolder(), file), "utf8");
  read.set(file, known);
  return known;
}
