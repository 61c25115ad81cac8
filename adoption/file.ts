import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

/** Import blocks by stack, as they stand beside the landscape and go into every synthesis. */
export type ImportBlocks = Readonly<Record<string, readonly { readonly to: string; readonly id: string }[]>>;

/** Beside the landscape, to be kept with it: what was adopted once is the kit's from then on. */
export const adoptionFile = (landscapeFile: string): string =>
  path.join(path.dirname(landscapeFile), "adopted.json");

/** @throws Error with the file's name where it is not what `ir-kit adopt` writes */
export function readAdoption(landscapeFile: string): ImportBlocks {
  const file = adoptionFile(landscapeFile);
  if (!existsSync(file)) return {};
  try {
    const blocks = JSON.parse(readFileSync(file, "utf8")) as ImportBlocks;
    const sound = Object.values(blocks).every(
      (list) =>
        Array.isArray(list) && list.every(({ to, id }) => typeof to === "string" && typeof id === "string"),
    );
    if (!sound) throw new Error("it holds something else than import blocks by stack");
    return blocks;
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}; npx ir-kit adopt writes it anew`);
  }
}
