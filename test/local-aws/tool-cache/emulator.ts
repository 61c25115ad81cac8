import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { findProgram } from "../../../cli/terraform";
import { repository } from "../../support/repository";
import { toolsFolder } from "./folder";
import type { Search } from "./found";
import { remembered, stampOf } from "./memo";
import { type Requirements, readRequirements } from "./pins";
import { readReceipt } from "./receipts";

/** Version of moto that the local AWS was built with. */
export const emulatorVersion = "5.2.1";

/** A Python environment of the kit's own, for one set of pinned packages. */
export const kitEmulatorFolder = (requirements: Requirements = readRequirements()): string =>
  path.join(toolsFolder(), `emulator-${emulatorVersion}-${requirements.digest.slice(0, 12)}`);

/** Written into the environment when it is complete. */
export interface EmulatorReceipt {
  readonly version: string;
  readonly python: string;
  /** Whether pip checked each package against a pinned digest. */
  readonly hashed: boolean;
}

/** moto's server of exactly the version wanted: named, on the PATH, or in the kit's own environment. */
export function searchEmulator(): Search {
  const named = process.env.IR_KIT_MOTO_SERVER;
  if (named !== undefined) return judgeProgram(named, "environment variable");
  const program = findProgram("moto_server");
  const onPath = program === undefined ? {} : judgeProgram(program, "PATH");
  return onPath.found ? onPath : { ...kitEmulator(), ...onPath };
}

function judgeProgram(program: string, origin: "PATH" | "environment variable"): Search {
  const named = origin === "environment variable" ? { named: true } : {};
  const says = named.named ? `${program}, which IR_KIT_MOTO_SERVER names,` : program;
  if (!existsSync(program)) return { ...named, passedOver: `${says} is not there` };
  const version = versionOf(program);
  if (version === emulatorVersion)
    return { found: { name: "emulator", version, path: program, origin, verdict: "as found" } };
  const what = version === undefined ? "runs no moto" : `is of moto ${version}`;
  return { ...named, passedOver: `${says} ${what}; ${emulatorVersion} is needed` };
}

function kitEmulator(): Search {
  const folder = kitEmulatorFolder();
  const receipt = readReceipt<EmulatorReceipt>(folder);
  const program = path.join(folder, "bin", "moto_server");
  // The environment's Python is a link to the machine's, which an upgrade may have taken away.
  if (!receipt || !existsSync(program) || !existsSync(path.join(folder, "bin", "python"))) return {};
  const verdict = receipt.hashed ? "verified" : "not verified";
  return { found: { name: "emulator", version: receipt.version, path: program, origin: "kit", verdict } };
}

interface Moto {
  readonly version: string;
  readonly location: string;
}

/** Version of the moto that a program runs, whatever kind of wrapper it is; undefined where it runs none. */
export function versionOf(program: string): string | undefined {
  const told = remembered({
    key: `moto of ${program}`,
    stamp: `${stampOf(program)} ${process.env.PYENV_VERSION ?? ""}`,
    // A wrapper does not change when the package behind it does.
    holds: (value) => standing(JSON.parse(value) as Moto),
    ask: () => askMoto(program),
  });
  return told === undefined ? undefined : (JSON.parse(told) as Moto).version;
}

const standing = ({ version, location }: Moto): boolean =>
  existsSync(path.join(location, `moto-${version}.dist-info`));

function askMoto(program: string): string | undefined {
  const probe = path.join(repository, "test", "local-aws", "tool-cache", "version-probe");
  const { stdout } = spawnSync(program, [], {
    encoding: "utf8",
    timeout: 20_000,
    killSignal: "SIGKILL",
    env: { ...process.env, PYTHONPATH: probe, PYTHONDONTWRITEBYTECODE: "1" },
    stdio: ["ignore", "pipe", "ignore"],
  });
  const told = (stdout ?? "").trim();
  try {
    JSON.parse(told);
    return told;
  } catch {
    return undefined;
  }
}
