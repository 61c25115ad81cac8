import { homedir } from "node:os";
import path from "node:path";

/** Where the kit keeps the tools that it brings: below the user's cache folder, shared by all clones. */
export function toolsFolder(): string {
  const cache = process.env.XDG_CACHE_HOME;
  // The XDG specification has a relative path ignored.
  const base = cache !== undefined && path.isAbsolute(cache) ? cache : path.join(homedir(), ".cache");
  return path.join(base, "aws-ir-kit", "tools");
}

const systems: Readonly<Record<string, string>> = { linux: "linux", darwin: "darwin" };
const processors: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };

/** This machine in HashiCorp's words, such as `linux_amd64`; undefined where the kit brings no tools. */
export function platformName(): string | undefined {
  const system = systems[process.platform];
  const processor = processors[process.arch];
  return system && processor && `${system}_${processor}`;
}
