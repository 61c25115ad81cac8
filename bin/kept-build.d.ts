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

/** A source's time and size by its path; nothing where it is gone. */
export type Stamps = Readonly<Record<string, string | undefined>>;

/** Absolute path of the folder of what `npm run build` makes. */
export function distFolder(root: string): string;

/** What a build is known by, in `dist/builds.json` and in the cache. */
export function keyOf(kept: Omit<KeptFile, "root">): string;

/** Name of a file that is named by its content. */
export function nameOf(content: Uint8Array | string, extension: string): string;

/** @param sources paths from the root; a file of an installed package stands for the whole package */
export function stampsOf(root: string, sources: readonly string[]): Stamps;

/** Whether no source has changed since `began`, in milliseconds. */
export function areSettled(stamps: Stamps, began: number): boolean;

/** Absolute path of what `npm run build` has made; in a clone only where no source has changed since. */
export function inDist(kept: KeptFile): string | undefined;

/** Absolute path of what was built before, in `dist` or the user's cache, where no source has changed since. */
export function keptFile(kept: KeptFile): string | undefined;

/**
 * Keeps what was made in the user's cache, in a file that is named by its content, and gives its absolute path. Where
 * the cache cannot be written, the file lasts as long as this process.
 *
 * @param began when its sources began to be read, in milliseconds: what has changed since is not kept for others
 */
export function keepBuild(kept: KeptFile, build: Build, began: number): string;

/** What was built before, or else what `build` makes now. */
export function keptBuild(options: KeptFile & { readonly build: () => Build }): string;
