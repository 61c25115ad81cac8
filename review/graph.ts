/** A JSON value as it is reviewed; what is not known stands in it as one of the markers. */
export type Value = null | boolean | number | string | readonly Value[] | Attributes;
export interface Attributes {
  readonly [name: string]: Value;
}

/**
 * Begins every text that is not known before apply, or not to be shown. U+FFFF is no character (Unicode, 23.7), so no
 * honest text holds it, and a dishonest one gains a "cannot tell".
 */
export const marker = "\uffff";
export const unknown = `${marker}known after apply`;
/** Nothing is said in the configuration, and the provider or AWS decides. */
export const leftToAws = `${marker}left to AWS`;
export const sensitive = `${marker}sensitive`;

/** Whether a value is a text that is unknown as a whole or in part. */
export const isUnknown = (value: unknown): boolean => typeof value === "string" && value.includes(marker);

/** A line of code, counted from one. */
export interface SourceLine {
  /** Relative to the working directory where it lies below that. */
  readonly file: string;
  readonly line: number;
}

/** A resource as it would stand once what is reviewed has been applied. */
export interface Resource {
  /** Unique in the review: the stack's name and the address. */
  readonly id: string;
  readonly stack: string;
  /** Terraform's address; of what a CloudFormation template makes, its logical id after the carrier's address. */
  readonly address: string;
  /** Of the provider (`aws_s3_bucket`) or of CloudFormation (`AWS::S3::Bucket`). */
  readonly type: string;
  /** Path of the construct that made it, where it was synthesized by CDKTF. */
  readonly construct: string | undefined;
  /** Where the construct is made in its author's code, where the synthesis has recorded that. */
  readonly writtenAt?: SourceLine;
  /** Without what is null or empty: a provider's plan says those where a configuration says nothing. */
  readonly attributes: Attributes;
  /** The id without keys of `count` and `for_each`: how configurations refer to it. */
  readonly configured: string;
  /** By names of attributes, joined by dots: what its expression refers to, as `configured` says it. */
  readonly references: ReadonlyMap<string, readonly string[]>;
  /** How an attribute is written, with the definitions that it leads to; nothing where no configuration is there. */
  readonly source?: (attribute: string) => string | undefined;
  /** Of a plan: destroyed and made anew. */
  readonly isReplaced?: boolean;
  /** The id under which it stood before it was moved, where a plan or a `moved` block says so. */
  readonly movedFrom?: string;
}

/** Where a stack goes, as its provider is configured; nothing where that is not said. */
export interface StackPlace {
  readonly account?: string;
  readonly region?: string;
}

/** Everything that is reviewed at once. */
export interface Graph {
  readonly source: "synthesized" | "plan" | "state";
  readonly resources: readonly Resource[];
  /** SHA-256 of what Terraform reads of each stack, as hexadecimal digits. */
  readonly digests: Readonly<Record<string, string>>;
  /** Whether these are all stacks that there are: a folder of them. */
  readonly isWhole?: boolean;
  readonly places?: Readonly<Record<string, StackPlace>>;
}

export const resourceId = (stack: string, address: string): string => `${stack}/${address}`;
