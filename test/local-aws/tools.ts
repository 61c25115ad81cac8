import { accessSync, constants, readdirSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { findProgram, MissingTool } from "../../cli/terraform";

export const emulatorVersion = "5.2.1";

/** moto's server program. */
export function emulatorCommand(): string {
  const command = findProgram("moto_server");
  if (command !== undefined) return command;
  throw new MissingTool(
    `moto_server is not on the PATH; install the emulator with: python3 -m pip install 'moto[server]==${emulatorVersion}'`,
  );
}

const providerPath = path.join("registry.terraform.io", "hashicorp", "aws");
const searchDepth = 5;
const neverSearched = new Set(["proc", "sys", "dev", "node_modules", ".git", "tmp"]);

/**
 * A file-system mirror that holds the AWS provider, where this machine has one: an offline machine's way to the
 * provider. Nothing found is the ordinary case, and Terraform then asks its registry.
 */
export function findProviderMirror(
  roots: readonly string[] = ["/opt", "/usr", "/var/lib", homedir()],
): string | undefined {
  const named = process.env.IR_KIT_PROVIDER_MIRROR;
  if (named !== undefined) return named;
  for (const root of roots) {
    const found = searchMirror(root, searchDepth - 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The AWS provider's program for this machine in the mirror, the newest first, where there is one. */
export function findProviderProgram(): string | undefined {
  const mirror = findProviderMirror();
  if (mirror === undefined) return undefined;
  const architecture = process.arch === "x64" ? "amd64" : process.arch;
  const versions = path.join(mirror, providerPath);
  for (const version of subdirectories(versions).sort().reverse()) {
    const folder = path.join(versions, version, `${process.platform}_${architecture}`);
    const program = filesIn(folder).find((name) => name.startsWith("terraform-provider-aws"));
    if (program !== undefined) return path.join(folder, program);
  }
  return undefined;
}

const filesIn = (directory: string): string[] => (exists(directory) ? readdirSync(directory) : []);

function searchMirror(directory: string, depth: number): string | undefined {
  if (exists(path.join(directory, providerPath))) return directory;
  if (depth === 0) return undefined;
  for (const child of subdirectories(directory)) {
    const found = searchMirror(path.join(directory, child), depth - 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function exists(file: string): boolean {
  try {
    accessSync(file, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

function subdirectories(directory: string): string[] {
  try {
    return readdirSync(directory, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !neverSearched.has(entry.name))
      .map((entry) => entry.name);
  } catch {
    return [];
  }
}
