export interface KeptFile {
  /** Absolute path of the kit's folder. */
  readonly root: string;
  /** What is built, as a path from the root. */
  readonly entry: string;
  /** Of the file that is kept, with its dot: two builds of one entry differ by it. */
  readonly extension: string;
}

export interface Build {
  readonly content: Uint8Array | string;
  /** Paths, from the root, of everything that it was made of, its maker included. */
  readonly sources: readonly string[];
}

/** Absolute path of what an earlier run has kept, where no source has changed since. */
export function keptFile(kept: KeptFile): string | undefined;

/**
 * Keeps what was made, in a file that is named by its content, and gives its absolute path.
 *
 * @param began when its sources began to be read, in milliseconds: what has changed since is not kept for others
 */
export function keepBuild(kept: KeptFile, build: Build, began: number): string;

/** What an earlier run has kept, or else what `build` makes now. */
export function keptBuild(options: KeptFile & { readonly build: () => Build }): string;
