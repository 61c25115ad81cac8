import { createHash, createPublicKey, type KeyObject } from "node:crypto";
import { createReadStream, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { custodyPrefix } from "../../landscape/names";
import type { Custody, FoundPiece, Head } from "../../runtime/custody/verify";
import { WrongUse } from "../errors";

export interface FolderOptions {
  /** Folder into which buckets were copied, each below its own name. */
  readonly directory: string;
  /** File of the public key, PEM. */
  readonly publicKey: string;
  readonly head?: Head;
}

/**
 * Custody of a case in a copy of its evidence, without AWS: `<directory>/<bucket>/<case>/…`. Versions can't be told
 * there, and the newest manifests are missed only where the head is known.
 *
 * @throws WrongUse for a key or a folder that is none
 */
export function folderCustody(caseId: string, { directory, publicKey, head }: FolderOptions): Custody {
  const buckets = namesIn(directory).filter((name) => isFolder(path.join(directory, name, caseId)));
  const files = buckets.flatMap((bucket) =>
    filesBelow(path.join(directory, bucket, caseId)).map((file) => ({
      bucket,
      key: `${caseId}/${file.split(path.sep).join("/")}`,
    })),
  );
  if (files.length === 0) throw new WrongUse(`${directory} has no bucket with a folder ${caseId}`);
  const folder = `${caseId}/${custodyPrefix}`;
  return {
    caseId,
    key: keyIn(publicKey),
    ...(head && { head }),
    manifests: files
      .filter(({ key }) => key.startsWith(folder))
      .map(({ bucket, key }) => ({
        name: key.slice(folder.length),
        bytes: readFileSync(path.join(directory, bucket, key)),
      })),
    stored: files.filter(({ key }) => !key.startsWith(folder)),
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

const filesBelow = (directory: string): string[] =>
  readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((name) => !isFolder(path.join(directory, name)))
    .sort();

function keyIn(file: string): KeyObject {
  try {
    return createPublicKey(readFileSync(file));
  } catch (error) {
    throw new WrongUse(`${file} is no public key: ${(error as Error).message}`);
  }
}

async function readFile(file: string): Promise<FoundPiece> {
  try {
    const hash = createHash("sha256");
    let bytes = 0;
    for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      bytes += chunk.length;
    }
    return { sha256: hash.digest("hex"), bytes };
  } catch (error) {
    return { missing: (error as NodeJS.ErrnoException).code ?? (error as Error).message };
  }
}
