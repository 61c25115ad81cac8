import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { cacheFolder, pruneCache, writeToCache } from "../../../bin/user-cache";

const digestOf = (content: Uint8Array): Buffer => createHash("sha256").update(content).digest();
const digestBytes = 32;

/**
 * The schemas of one provider's program, kept in the user's cache: a provider takes seconds of CPU to tell them, and
 * tells the same each time.
 */
export class KeptSchemas {
  private readonly name: string;

  /** @param program path of the provider's program, which is known by where it lies, its size and its time */
  constructor(program: string) {
    const found = statSync(program, { throwIfNoEntry: false });
    const identity = `${path.resolve(program)} ${found?.size} ${found?.mtimeMs}`;
    this.name = `provider-schemas-${digestOf(Buffer.from(identity)).toString("hex").slice(0, 24)}.bin`;
  }

  /** What was written, whole; undefined where nothing is kept or the file is not as it was written. */
  read(): Buffer | undefined {
    const folder = cacheFolder();
    if (folder === undefined) return undefined;
    try {
      const kept = readFileSync(path.join(folder, this.name));
      const content = kept.subarray(digestBytes);
      return digestOf(content).equals(kept.subarray(0, digestBytes)) ? content : undefined;
    } catch {
      return undefined;
    }
  }

  /** Where it can't be kept, on a full disk too, the next pool asks again. */
  write(content: Buffer): void {
    try {
      const { isKept } = writeToCache(this.name, Buffer.concat([digestOf(content), content]));
      if (isKept) pruneCache();
    } catch {
      // What was asked has its answer.
    }
  }
}
