import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import path from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { openPromise } from "yauzl";

export interface UnpackedProgram {
  readonly name: string;
  /** SHA-256. */
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
}

/** A release's zip file that can't be read, or holds no program; the cause says more where there is one. */
export class UnsoundArchive extends Error {}

const plainName = /^[\w.-]+$/;

/**
 * Unpacks a release's zip file into a folder that exists, without any folders in it.
 *
 * @param isProgram tells the program, which is made executable, from what lies beside it
 * @throws UnsoundArchive; the system's error where a file can't be written
 */
export async function unpack(
  archive: string,
  folder: string,
  isProgram: (name: string) => boolean,
): Promise<UnpackedProgram> {
  const zip = await openPromise(archive, { autoClose: false, lazyEntries: true }).catch((error: unknown) => {
    throw new UnsoundArchive(`${path.basename(archive)} is no zip file`, { cause: error });
  });
  let program: UnpackedProgram | undefined;
  try {
    for await (const entry of zip.eachEntry()) {
      const { fileName } = entry;
      if (!plainName.test(fileName)) continue;
      const runs = isProgram(fileName);
      const content = await zip.openReadStreamPromise(entry);
      const written = await write(content, path.join(folder, fileName), runs ? 0o755 : 0o644);
      if (runs) program = { name: fileName, ...written };
    }
  } finally {
    zip.close();
  }
  if (program) return program;
  throw new UnsoundArchive(`${path.basename(archive)} holds no program`);
}

async function write(
  content: NodeJS.ReadableStream,
  file: string,
  mode: number,
): Promise<{ readonly digest: string; readonly size: number }> {
  const hash = createHash("sha256");
  let size = 0;
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      size += chunk.length;
      done(null, chunk);
    },
  });
  await pipeline(content, meter, createWriteStream(file, { mode }));
  return { digest: hash.digest("hex"), size };
}

/** SHA-256 of a file, as hexadecimal digits. */
export async function digestOf(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}
