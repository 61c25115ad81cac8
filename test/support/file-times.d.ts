export interface FileTime {
  /** Path from the repository's root. */
  readonly file: string;
  /** Jest's project. */
  readonly project: string;
  /** Wall time, in seconds, the file's modules included. */
  readonly seconds: number;
  /** CPU of the worker and of its child processes that have ended, in seconds; absent where the file didn't load. */
  readonly cpu?: number;
}

export interface FileTimes {
  /** When the run ended, as an ISO 8601 time. */
  readonly ended: string;
  readonly files: readonly FileTime[];
}

/** Keeps the times of a run; the default file lies in the repository's cache and holds the last run. */
export function writeTimes(times: FileTimes, file?: string): void;

/**
 * The times of the last run, or undefined where none is kept.
 *
 * @throws SyntaxError where the file holds no JSON
 */
export function readTimes(file?: string): FileTimes | undefined;

/** The slowest files first, the rest in one line, and the total; ends with a line break. */
export function timesTable(times: FileTimes): string;

/**
 * Keeps, for the order of later runs, what the files of a run lasted that took long, beside what is known of others; the
 * default file is committed.
 *
 * @param exists whether a file is still there, by its path from the repository's root
 */
export function recordTimes(times: FileTimes, file?: string, exists?: (name: string) => boolean): void;

/** Seconds that a test file lasts, as recorded; undefined where it is short or new. */
export function expectedSeconds(file: string): number | undefined;
