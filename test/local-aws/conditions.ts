/** How the local AWS behaves in time. Unless told otherwise it shows everything at once and takes any number of calls. */
export interface Conditions {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds after a call from which CloudTrail's event history shows it. */
  readonly trailDelay: number;
  /** `LookupEvents` that an account may send in a second and region. */
  readonly lookUpsPerSecond: number;
  /** Milliseconds for which reads of a service still give what was before a change, in the account that changed it. */
  readonly staleFor: Readonly<Partial<Record<StaleService, number>>>;
}

/** Services that AWS documents as eventually consistent, and whose reads the kit relies on. */
export type StaleService = "iam" | "organizations" | "ec2";

export const atOnce: Conditions = {
  now: Date.now,
  trailDelay: 0,
  lookUpsPerSecond: Number.POSITIVE_INFINITY,
  staleFor: {},
};

/**
 * As AWS behaves.
 *
 * Sources: "CloudTrail event history" (AWS CloudTrail user guide: an average of five minutes, not guaranteed);
 * "LookupEvents" (AWS CloudTrail API reference: two a second, an account and region); "Changes that I make are not
 * always immediately visible" (IAM user guide), "Eventual consistency" (Amazon EC2 developer guide): neither names a
 * time, and AWS's own tools wait for about ten seconds (IAM) and a few (EC2).
 */
export const asOnAws: Conditions = {
  now: Date.now,
  trailDelay: 300_000,
  lookUpsPerSecond: 2,
  staleFor: { iam: 10_000, organizations: 10_000, ec2: 3_000 },
};
