import { type Static, Type } from "@sinclair/typebox";
import { timeSchema } from "../shared/contracts";

export const sources = ["cloudtrail", "flow-logs", "dns-queries"] as const;
export type Source = (typeof sources)[number];

const coverage = Type.Object({
  /** VPCs that are logged, those that this sweep has switched on included. */
  covered: Type.Integer({ minimum: 0 }),
  /** VPCs that this sweep has switched on. */
  repaired: Type.Array(Type.String()),
});

/** What could not be done, and why, in AWS's words. */
const refusal = Type.Object({ what: Type.String(), why: Type.String() });

/** A setting that was not as it should be; `found` is what to set it to again to undo the change. */
const repair = Type.Object({ setting: Type.String(), found: Type.String(), made: Type.String() });

const silence = Type.Object({
  source: Type.Union(sources.map((source) => Type.Literal(source))),
  /** When something came last; absent where nothing ever did. */
  last: Type.Optional(timeSchema),
});

/** What a sweep has seen in one account and region, written whole each time. */
export const sweepRecordSchema = Type.Object({
  account: Type.String(),
  region: Type.String(),
  at: timeSchema,
  vpcs: Type.Integer({ minimum: 0 }),
  flowLogs: coverage,
  queryLogs: coverage,
  /** VPCs in which the group that lets nothing through stands; those that are left out by tag are not among them. */
  isolation: coverage,
  repairs: Type.Array(repair),
  /** Settings that are not as they should be, and that the landscape says to report only. */
  deviations: Type.Array(repair),
  refused: Type.Array(refusal),
  silent: Type.Array(silence),
  /** The account joined so lately that its logs and roles may be on their way. */
  young: Type.Optional(Type.Literal(true)),
  /** The region is watched, and the account has not enabled it: nothing can be there. */
  notEnabled: Type.Optional(Type.Literal(true)),
  /** Regions that are enabled in the account and that nobody watches; told in the home region's record. */
  unwatched: Type.Array(Type.String()),
});

/** Hours after which a record tells nothing: its account has left, or its region is watched no longer. */
export const outdatedAfter = 48;

export type SweepRecord = Static<typeof sweepRecordSchema>;
export type Refusal = Static<typeof refusal>;
export type Repair = Static<typeof repair>;
export type Silence = Static<typeof silence>;
