import { createPublicKey, type KeyObject } from "node:crypto";
import { createReadStream, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { manifestsOf, piecesOf } from "../../landscape/evidence-prefixes";
import { digested } from "../../runtime/custody/envelope";
import type { Custody, FoundPiece, Head, StoredPiece } from "../../runtime/custody/verify";
import { WrongUse } from "../errors";

export interface FolderOptions {
  /** Folder into which buckets were copied, each below its own name. */
  readonly directory: string;
  /** File of the public key, PEM. */
  readonly publicKey: string;
  readonly head?: Head;
}

/**
 * Custody of a case in a copy of its evidence, without AWS: `<directory>/<bucket>/evidence/<case>/…` and
 * `<directory>/<bucket>/custody/<case>/…`. Versions can't be told there, and the newest manifests are missed only where
 * the head is known.
 *
 * @throws WrongUse for a key or a folder that is none
 */
export function folderCustody(caseId: string, { directory, publicKey, head }: FolderOptions): Custody {
  const below = (prefix: string) =>
    namesIn(directory).flatMap((bucket) => filesBelow(directory, bucket, prefix));
  const pieces = below(piecesOf(caseId));
  const manifests = below(manifestsOf(caseId));
  if (pieces.length + manifests.length === 0) {
    throw new WrongUse(`${directory} has no bucket with ${piecesOf(caseId)} or ${manifestsOf(caseId)}`);
  }
  return {
    caseId,
    key: keyIn(publicKey),
    heads: head ? [head] : [],
    manifests: manifests.map(({ bucket, key }) => ({
      name: key.slice(manifestsOf(caseId).length),
      bytes: readFileSync(path.join(directory, bucket, key)),
    })),
    stored: pieces,
    read: ({ bucket, key }) => readFile(path.join(directory, bucket, key)),
  };
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory).sort();
  } catch (error) {
    throw new WrongUse(`${directory} can't be read: ${(error as NodeJS.ErrnoException).code}`);
  }
}

const isFolder = (name: string): boolean => statSync(name, { throwIfNoEntry: false })?.isDirectory() ?? false;

function filesBelow(directory: string, bucket: string, prefix: string): StoredPiece[] {
  const folder = path.join(directory, bucket, prefix);
  if (!isFolder(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => !isFolder(path.join(folder, name)))
    .sort()
    .map((name) => ({ bucket, key: `${prefix}${name.split(path.sep).join("/")}` }));
}

function keyIn(file: string): KeyObject {
  try {
    return createPublicKey(readFileSync(file));
  } catch (error) {
    throw new WrongUse(`${file} is no public key: ${(error as Error).message}`);
  }
}

async function readFile(file: string): Promise<FoundPiece> {
  try {
    return await digested(createReadStream(file) as AsyncIterable<Buffer>);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return { missing: "no such file" };
    throw new WrongUse(`${file} can't be read: ${code ?? message}`);
  }
}
