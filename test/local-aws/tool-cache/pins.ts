import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { repository } from "../../support/repository";
import pinned from "./tool-digests.json";

/** SHA-256 digests in hexadecimal; an empty one is not known. */
export interface Digests {
  /** Of the release's zip file. */
  readonly archive: string;
  /** Of the program in it. */
  readonly program: string;
}

export type Product = "terraform" | "terraform-provider-aws";

export interface Pin {
  readonly version: string;
  readonly platforms: Readonly<Record<string, Digests>>;
}

export type Pins = Readonly<Record<Product, Pin>>;

/** Versions of what the kit brings, and the digests it is checked against. */
export const pins: Pins = pinned;

export const pinFile = path.join(repository, "test", "local-aws", "tool-cache", "tool-digests.json");

export const requirementsFile = path.join(
  repository,
  "test",
  "local-aws",
  "tool-cache",
  "emulator-requirements.txt",
);

export interface Requirement {
  readonly name: string;
  readonly version: string;
  readonly hashes: readonly string[];
}

/** The packages of a pip requirements file in which each is pinned to one version. */
export function parseRequirements(text: string): readonly Requirement[] {
  const logical = text.replaceAll(/\\\n\s*/g, " ").split("\n");
  return logical
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const [, name = "", version = ""] = /^([\w.-]+)==(\S+)/.exec(line) ?? [];
      if (name === "") throw new Error(`${requirementsFile}: "${line}" pins no version; write name==version`);
      return {
        name,
        version,
        hashes: [...line.matchAll(/--hash=sha256:([0-9a-f]{64})/g)].map(([, hash = ""]) => hash),
      };
    });
}

export interface Requirements {
  readonly file: string;
  /** Whether each package has a digest, so that pip can check all. */
  readonly hashed: boolean;
  /** Of the file's content: another content is another environment. */
  readonly digest: string;
}

export function readRequirements(file = requirementsFile): Requirements {
  const text = readFileSync(file, "utf8");
  return {
    file,
    hashed: parseRequirements(text).every(({ hashes }) => hashes.length > 0),
    digest: createHash("sha256").update(text).digest("hex"),
  };
}
