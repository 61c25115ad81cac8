import type { LogTableTime } from "./sources";

/** What is to be switched on in every account and region: plain data, derived from the landscape. */
export interface Wanted {
  readonly homeRegion: string;
  readonly regions: readonly string[];
  /** Of these, those that an account has to enable first. */
  readonly optInRegions: readonly string[];
  /** Enabled regions outside `regions` are reported; not where a guardrail denies them. */
  readonly reportUnwatched: boolean;
  readonly flowLogs: {
    readonly destinationArn: string;
    readonly format: string;
    /** Seconds. */
    readonly interval: 60 | 600;
  };
  /** The group by which machines are isolated; absent where nobody isolates. */
  readonly isolation?: { readonly name: string };
  readonly queryLog: {
    readonly name: string;
    /** Account that shares the configuration. */
    readonly owner: string;
  };
  /** What members of services that detect have, by the account that administers these; absent where others do. */
  readonly members?: {
    readonly administrator: string;
    /** Features of GuardDuty that no account is to have. */
    readonly guardDutyOff?: readonly string[];
    /** Types of resource that Inspector scans. */
    readonly inspector?: readonly string[];
    readonly macie?: true;
  };
  readonly settings: {
    readonly ebsEncryptionByDefault: "heal" | "report";
    readonly blockPublicSnapshots: "heal" | "report";
    /** Of the whole account. */
    readonly blockPublicBuckets: "heal" | "report";
  };
  /** Where each source delivers: for judging whether it still does. */
  readonly deliveries: LogTableTime;
}
