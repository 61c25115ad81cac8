import path from "node:path";
import { cacheFolder } from "../../../bin/user-cache";
import { ToolProblem, ToolsMissing } from "./problems";

/**
 * Where the kit keeps the tools that it brings: below the user's cache folder, shared by all clones.
 *
 * @throws ToolsMissing where this user has no home folder
 */
export function toolsFolder(): string {
  const builds = cacheFolder();
  if (builds !== undefined) return path.join(path.dirname(builds), "tools");
  throw new ToolsMissing([
    new ToolProblem("this user has no home folder, in which tools are kept", [
      "name another: export XDG_CACHE_HOME=<absolute path>",
    ]),
  ]);
}

const systems: Readonly<Record<string, string>> = { linux: "linux", darwin: "darwin" };
const processors: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };

/** This machine in HashiCorp's words, such as `linux_amd64`; undefined where the kit brings no tools. */
export function platformName(): string | undefined {
  const system = systems[process.platform];
  const processor = processors[process.arch];
  return system && processor && `${system}_${processor}`;
}
