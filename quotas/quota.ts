/** How a limit is known. */
export type Certainty =
  /** A page of AWS's documentation says so. */
  | "documented"
  /** AWS's own model of the API, from which its SDKs are made, says so. */
  | "published"
  /** Others tell of it: public cases, AWS's sample code. Named in the source. */
  | "second-hand";

/** What is counted. Documents are counted as AWS receives them. */
export type Unit =
  | "characters"
  /** White space is not counted. */
  | "characters without white space"
  | "bytes"
  /** What a base64 text comes to. */
  | "bytes decoded"
  /** The score of `ruleComplexity`. */
  | "complexity"
  | "items";

/** A limit of AWS, and where it is known from. */
export interface Quota {
  readonly id: string;
  readonly service: string;
  /** What is limited, such as "size of a trust policy". */
  readonly what: string;
  /** The most that an account has without asking for more. */
  readonly limit: number;
  /** The least, where there is one. */
  readonly least?: number;
  /** What the whole text must match. */
  readonly pattern?: string;
  readonly unit: Unit;
  readonly source: { readonly title: string; readonly url: string };
  readonly certainty: Certainty;
  /** Whether AWS gives more to whoever asks; then how to ask. */
  readonly adjustable?: string;
  /** Another value that is told of, or what else to know. */
  readonly note?: string;
  /** Why nothing of what is synthesized can be held against it; absent where something is. */
  readonly notMeasured?: string;
}
