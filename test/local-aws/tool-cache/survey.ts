import path from "node:path";
import { searchEmulator } from "./emulator";
import type { FoundTool, Search } from "./found";
import {
  archiveIn,
  kitProvider,
  kitProviderFolder,
  machineMirror,
  programIn,
  providerVersion,
  versionsIn,
} from "./mirrors";
import { searchTerraform } from "./terraform";

export interface Survey {
  readonly terraform: Search;
  readonly provider: Search;
  readonly emulator: Search;
}

/** Where each tool lies, without bringing any; under 0.1 s once the machine was looked through. */
export const survey = (): Survey => ({
  terraform: searchTerraform(),
  provider: searchProvider(),
  emulator: searchEmulator(),
});

/**
 * The AWS provider in a mirror: one that is named, the kit's own, or one of this machine; an empty
 * `IR_KIT_PROVIDER_MIRROR` leaves those of the machine out.
 */
export function searchProvider(): Search {
  const named = process.env.IR_KIT_PROVIDER_MIRROR;
  if (named) return searchNamed(named);
  const verdict = kitProvider();
  const own = programIn(path.join(kitProviderFolder(), "mirror"));
  if (verdict && own) return provider(own, "kit", verdict);
  const mirror = named === undefined ? machineMirror() : undefined;
  return (mirror && inMirror(mirror, "provider mirror")) || {};
}

function searchNamed(mirror: string): Search {
  const found = inMirror(mirror, "environment variable");
  if (found) return found;
  const versions = versionsIn(mirror).join(", ");
  const holds = versions === "" ? "no AWS provider" : `the AWS provider ${versions}`;
  return {
    named: true,
    passedOver:
      `${mirror}, which IR_KIT_PROVIDER_MIRROR names, holds ${holds}, ` +
      `and no ${providerVersion} for this machine that can be run`,
  };
}

function inMirror(mirror: string, origin: "environment variable" | "provider mirror"): Search | undefined {
  const file = programIn(mirror) ?? archiveIn(mirror);
  return file === undefined ? undefined : provider(file, origin, "as found");
}

const provider = (file: string, origin: FoundTool["origin"], verdict: FoundTool["verdict"]): Search => ({
  found: { name: "provider", version: providerVersion, path: file, origin, verdict },
});

/**
 * Puts the Terraform that the kit brought on the PATH of this process and of those that it starts. For the local AWS
 * and its tests only: a user's `ir-kit` takes his own.
 */
export function useTools({ terraform }: Survey): void {
  const program = terraform.found;
  if (program?.origin !== "kit") return;
  const folder = path.dirname(program.path);
  const others = (process.env.PATH ?? "").split(path.delimiter).filter((entry) => entry !== folder);
  process.env.PATH = [folder, ...others].join(path.delimiter);
}
