import { readFileSync, statSync } from "node:fs";
import path from "node:path";

/** A file that the landscape refers to: its text, or what is wrong with it, to follow the file's name. */
export type ReadText = (
  name: string,
) => { readonly ok: true; readonly text: string } | { readonly ok: false; readonly problem: string };

const maximumBytes = 1024 * 1024;

/** Reads files relative to the landscape that names them. */
export const readBeside =
  (landscapeFile: string): ReadText =>
  (name) => {
    const file = path.resolve(path.dirname(landscapeFile), name);
    const wrong = (problem: string) => ({ ok: false, problem }) as const;
    try {
      const status = statSync(file);
      if (!status.isFile()) return wrong("is not an ordinary file");
      if (status.size > maximumBytes) return wrong("has more than 1 MiB");
      return { ok: true, text: readFileSync(file, "utf8") };
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      return wrong(code === "ENOENT" ? "does not exist" : `cannot be read (${code})`);
    }
  };
