import { accessSync, constants, readdirSync, statSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { platformName, toolsFolder } from "./folder";
import { remembered } from "./memo";
import { pins } from "./pins";
import { judge, readReceipt, type Verdict } from "./receipts";

const product = "terraform-provider-aws";

/** The provider that the local AWS was built with. */
export const providerVersion: string = pins[product].version;

export const providerPath = path.join("registry.terraform.io", "hashicorp", "aws");

/** Folder of the kit's own provider; `mirror` in it is a file-system mirror for Terraform. */
export const kitProviderFolder = (): string =>
  path.join(toolsFolder(), `aws-provider-${providerVersion}-${platformName()}`);

const programName = new RegExp(`^${product}_v${providerVersion.replaceAll(".", "\\.")}(_x\\d+)?$`);

/** The provider's program of the version and platform wanted in an unpacked mirror, if it is there whole. */
export function programIn(mirror: string): string | undefined {
  const folder = path.join(mirror, providerPath, providerVersion, platformName() ?? "");
  const name = entries(folder).find((entry) => programName.test(entry));
  if (name === undefined) return undefined;
  const program = path.join(folder, name);
  return runnable(program) ? program : undefined;
}

/** The zip file of the version and platform wanted in a packed mirror, if it is there. */
export function archiveIn(mirror: string): string | undefined {
  const name = `${product}_${providerVersion}_${platformName()}.zip`;
  const file = path.join(mirror, providerPath, name);
  return statSync(file, { throwIfNoEntry: false })?.isFile() ? file : undefined;
}

/** Versions of the provider that a mirror holds for any platform, packed or not. */
export function versionsIn(mirror: string): readonly string[] {
  const versions = entries(path.join(mirror, providerPath)).flatMap(
    (name) => /^(?:terraform-provider-aws_)?(\d+\.\d+\.\d+)/.exec(name)?.[1] ?? [],
  );
  return [...new Set(versions)].sort();
}

/** How the kit's own provider stands against the pinned digests; undefined where it is not there whole. */
export function kitProvider(): Exclude<Verdict, "wrong"> | undefined {
  const folder = kitProviderFolder();
  const receipt = readReceipt(folder);
  const program = programIn(path.join(folder, "mirror"));
  if (!receipt || !program || statSync(program).size !== receipt.size) return undefined;
  const verdict = judge(receipt.digests, pins[product].platforms[platformName() ?? ""]);
  return verdict === "wrong" ? undefined : verdict;
}

const searchDepth = 5;
const neverSearched = new Set(["proc", "sys", "dev", "node_modules", ".git", "tmp"]);
const usualRoots = () => ["/opt", "/usr", "/var/lib", homedir()];

const holds = (mirror: string): boolean => programIn(mirror) !== undefined || archiveIn(mirror) !== undefined;

/** A mirror below one of the roots that holds the provider in the version wanted, five folders deep and no deeper. */
export function searchMirror(roots: readonly string[]): string | undefined {
  for (const root of roots) {
    const found = searchBelow(root, searchDepth - 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** As `searchMirror` in the usual places; a search takes a second, so what was found is remembered. */
export function machineMirror(): string | undefined {
  const roots = usualRoots();
  return remembered({
    key: `mirror of ${providerVersion}`,
    stamp: roots.join(" "),
    holds,
    ask: () => searchMirror(roots),
  });
}

function searchBelow(directory: string, depth: number): string | undefined {
  if (holds(directory)) return directory;
  if (depth === 0 || directory === toolsFolder()) return undefined;
  for (const child of subdirectories(directory)) {
    const found = searchBelow(path.join(directory, child), depth - 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function runnable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    const found = statSync(file);
    return found.isFile() && found.size > 0;
  } catch {
    return false;
  }
}

function entries(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
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
