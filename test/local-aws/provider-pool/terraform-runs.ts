import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import path from "node:path";
import { configurationFiles } from "./types-in-use";

/** A running Terraform that was told to use a pool. */
export interface TerraformRun {
  readonly processId: number;
  /** Where its configuration lies, or may lie: the machine does not tell whether Terraform has followed `-chdir` yet. */
  readonly directories: readonly string[];
  /** Its command line, with the program's name. */
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

const processes = "/proc";

/**
 * The processes of Terraform whose `TF_REATTACH_PROVIDERS` names a socket, as far as they can be read.
 *
 * @returns nothing where this machine doesn't show its processes as Linux does
 */
export function runsThatUse(socket: string): readonly TerraformRun[] | undefined {
  let entries: string[];
  try {
    entries = readdirSync(processes);
  } catch {
    return undefined;
  }
  return entries.flatMap((entry) => {
    const run = /^\d+$/.test(entry) ? read(Number(entry)) : undefined;
    return run?.environment.TF_REATTACH_PROVIDERS?.includes(`"${socket}"`) ? [run] : [];
  });
}

function read(processId: number): TerraformRun | undefined {
  const folder = path.join(processes, String(processId));
  try {
    const environment = variables(readFileSync(path.join(folder, "environ"), "utf8"));
    const program = path.basename(readlinkSync(path.join(folder, "exe")));
    if (handsOn.test(program)) return undefined;
    const command = readFileSync(path.join(folder, "cmdline"), "utf8").split("\0");
    const directories = modulesOf(readlinkSync(path.join(folder, "cwd")), command);
    return { processId, directories, command, environment };
  } catch {
    // Another user's, or gone meanwhile.
    return undefined;
  }
}

function modulesOf(workingDirectory: string, command: readonly string[]): readonly string[] {
  const named = command.find((argument) => argument.startsWith("-chdir="))?.slice("-chdir=".length);
  if (named === undefined) return [workingDirectory];
  const changed = path.resolve(workingDirectory, named);
  if (path.isAbsolute(named)) return [changed];
  const found = [workingDirectory, changed].filter((folder) => configurationFiles(folder).length > 0);
  return found.length > 0 ? found : [workingDirectory];
}

/** Programs that hand the variables on and ask nothing themselves: cdktf, shells, scripts. Terraform has any name. */
const handsOn =
  /^(node|sh|bash|dash|zsh|ksh|fish|busybox|python[\d.]*|ruby|perl|env|sudo|su|time|timeout|make|git|terraform-provider-.*)$/;

const variables = (block: string): Record<string, string> =>
  Object.fromEntries(
    block
      .split("\0")
      .filter((entry) => entry.includes("="))
      .map((entry) => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)]),
  );
