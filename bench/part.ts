import type { Measurement } from "./measurement";
import type { Scratch } from "./scratch";

/** What can be measured alone: `npm run bench -- <name>` runs it. */
export interface Part {
  readonly name: string;
  readonly about: string;
  /** Gives each figure as soon as it is measured. */
  readonly measure: (scratch: Scratch) => AsyncIterable<Measurement> | Iterable<Measurement>;
}
