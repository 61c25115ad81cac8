import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { repository } from "../support/repository";

/** What Terraform keeps of a stack, as far as an upgrade is concerned. */
export interface TerraformState {
  readonly resources: readonly StateResource[];
}

interface StateResource {
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly name: string;
  readonly instances: readonly { readonly attributes: Readonly<Record<string, unknown>> }[];
}

/** A release as it stood deployed. */
export interface Release {
  readonly version: string;
  /** The landscape's text, with the ids that its bootstrap wrote. */
  readonly landscape: string;
  /** Text of each stack's `cdk.tf.json`, by the stack's name. */
  readonly stacks: Readonly<Record<string, string>>;
  /** Text of each stack's state, by the stack's name. */
  readonly states: Readonly<Record<string, string>>;
}

export const upgradesFolder = path.join(repository, "test", "upgrades");

/** The kept releases are no place to look for a release that was never recorded. */
export class ReleaseMissing extends Error {}

/**
 * Versions of every kept release, the oldest first.
 *
 * @throws ReleaseMissing where none is kept: an upgrade that nothing checks must not look like one that works
 */
export function keptVersions(folder = upgradesFolder): string[] {
  const versions = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && /^\d+\.\d+\.\d+$/.test(entry.name))
    .map(({ name }) => name)
    .sort(byNumbers);
  if (versions.length > 0) return versions;
  throw new ReleaseMissing(`${folder} keeps no release; record one: npm run release:record`);
}

const byNumbers = (one: string, other: string): number => {
  const numbers = (version: string) => version.split(".").map(Number);
  const [left, right] = [numbers(one), numbers(other)];
  return (
    left.map((number, index) => number - (right[index] ?? 0)).find((difference) => difference !== 0) ?? 0
  );
};

/** @throws ReleaseMissing where the version is not kept, or one of its files is not */
export function readRelease(version: string, folder = upgradesFolder): Release {
  const file = (name: string): string => {
    const found = path.join(folder, version, name);
    if (existsSync(found)) return found;
    throw new ReleaseMissing(`${found} is missing; record the release again: npm run release:record`);
  };
  return {
    version,
    landscape: readFileSync(file("landscape.yaml"), "utf8"),
    stacks: unpack(file("stacks.json.gz")),
    states: unpack(file("states.json.gz")),
  };
}

/** Writes a release; the same content gives the same bytes. */
export function writeRelease(
  { version, landscape, stacks, states }: Release,
  folder = upgradesFolder,
): string[] {
  const directory = path.join(folder, version);
  mkdirSync(directory, { recursive: true });
  const files: [name: string, content: string | Buffer][] = [
    ["landscape.yaml", landscape],
    ["stacks.json.gz", pack(stacks)],
    ["states.json.gz", pack(states)],
  ];
  return files.map(([name, content]) => {
    const file = path.join(directory, name);
    writeFileSync(file, content);
    return file;
  });
}

const pack = (texts: Readonly<Record<string, string>>): Buffer => {
  const opened = Object.keys(texts)
    .sort()
    .map((name): [string, unknown] => [name, JSON.parse(texts[name] ?? "")]);
  // Node writes no time into the archive's header.
  return gzipSync(JSON.stringify(Object.fromEntries(opened)), { level: 9 });
};

const unpack = (file: string): Record<string, string> => {
  const opened = JSON.parse(gunzipSync(readFileSync(file)).toString("utf8")) as Record<string, unknown>;
  return Object.fromEntries(Object.entries(opened).map(([name, content]) => [name, JSON.stringify(content)]));
};
