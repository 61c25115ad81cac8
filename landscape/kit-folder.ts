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
