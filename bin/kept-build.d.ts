export interface KeptBuild {
  /** Absolute path of the kit's folder. */
  readonly root: string;
  /** What is built, as a path from the root. */
  readonly entry: string;
  /** Of the file that is kept, with its dot: two builds of one entry differ by it. */
  readonly extension: string;
  /** Gives what is kept, and the paths, from the root, of everything that it was made of, its maker included. */
  readonly build: () => { readonly content: Uint8Array; readonly sources: readonly string[] };
}

/**
 * Gives the absolute path of a file that holds what `build` makes, and calls it only where one of the sources has
 * changed since the last time. The file is named by its content.
 */
export function keptBuild(options: KeptBuild): string;
