import type { QuotaId } from "../index";

/**
 * By type of resource, and by the path of an attribute in it: the quotas that it must keep, or why there are none.
 * A path names keys by dots, `[]` each item of a list, `{}` each value of a map and `{key}` each of its keys.
 */
export type Attributes = Readonly<Record<string, readonly QuotaId[] | Free>>;

/** Nothing that a quota of ours could be about. */
export interface Free {
  readonly free: string;
}

const free = (because: string): Free => ({ free: because });

/** A word of AWS's own, which its API knows or refuses. */
export const word = free("one of AWS's own words");
/** Name or id of something that is measured where it is made. */
export const elsewhere = free("names what is measured where it is made");
/** What AWS takes without a limit that this could meet. */
export const unlimited = free("of a fixed length, or without a limit");
