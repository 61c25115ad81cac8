/** Absolute path of the folder of builds: below `XDG_CACHE_HOME`, else `~/.cache`; nothing where there is no home. */
export function cacheFolder(): string | undefined;

/** A file that was written: in the user's cache, or else in a temporary folder that goes with this process. */
export function writeToCache(
  name: string,
  content: Uint8Array | string,
): { readonly file: string; readonly isKept: boolean };

/**
 * Removes what was not used for a month, and of the rest the longest unused beyond 200 MiB; never what was used last.
 *
 * @param now in milliseconds; without it, when the last was used
 */
export function pruneCache(now?: number, limits?: { readonly days: number; readonly bytes: number }): void;
