import { type Static, Type } from "@sinclair/typebox";
import { caseIdPattern } from "../../landscape/tasks";

/**
 * What is to be tagged with a case, or to lose its tag: an item of the cases' table. IAM lets a responder write items of
 * one partition only, which names the case of the session: the function that tags reads the case from there.
 */
export const tagRequestSchema = Type.Object(
  {
    account: Type.String({ pattern: "^\\d{12}$" }),
    region: Type.String({ pattern: "^[a-z]{2}(-[a-z]+)+-\\d$" }),
    /** Ids of EC2 resources, or ARNs. */
    resources: Type.Array(Type.String({ minLength: 3, maxLength: 700 }), { minItems: 1, maxItems: 50 }),
    /** Who asks, as the session is named. */
    actor: Type.Optional(Type.String({ maxLength: 128 })),
  },
  { additionalProperties: false },
);
export type TagRequest = Static<typeof tagRequestSchema>;

/** Which request is meant; what the function is invoked with. */
export const tagInvocationSchema = Type.Object(
  {
    case: Type.String({ pattern: caseIdPattern.source }),
    item: Type.String({ minLength: 1, maxLength: 64, pattern: "^[A-Za-z0-9-]+$" }),
    /** Whether the tag is taken off; for the task recover only. */
    remove: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);
export type TagInvocation = Static<typeof tagInvocationSchema>;

export interface TaggedResource {
  readonly resource: string;
  readonly outcome: "tagged" | "untagged" | "failed";
  /** Why it failed. */
  readonly why?: string;
}

export interface TagResult {
  readonly case: string;
  readonly account: string;
  readonly region: string;
  readonly resources: readonly TaggedResource[];
}

/** The table's partition of requests of a case. The ledgers of cases stand in others, whose names are the cases' own. */
export const tagPartition = (caseId: string, remove: boolean): string =>
  `${remove ? "untags" : "tags"}:${caseId}`;
