import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { EC2Client } from "@aws-sdk/client-ec2";
import type { GuardDutyClient } from "@aws-sdk/client-guardduty";
import type { Inspector2Client } from "@aws-sdk/client-inspector2";
import type { Macie2Client } from "@aws-sdk/client-macie2";
import type { OrganizationsClient } from "@aws-sdk/client-organizations";
import type { Route53ResolverClient } from "@aws-sdk/client-route53resolver";
import type { S3Client } from "@aws-sdk/client-s3";
import type { S3ControlClient } from "@aws-sdk/client-s3-control";
import type { Clock } from "../shared/clock";
import type { Place } from "./place";
import type { SweepRecord } from "./record";
import type { Wanted } from "./wanted";

/** AWS in one account and region, as the account's logging spoke reaches it. */
export interface PlaceClients {
  readonly ec2: EC2Client;
  readonly resolver: Route53ResolverClient;
  /** Used in the home region alone. */
  readonly s3Control: () => S3ControlClient;
  /** Used in the administrator's account alone. */
  readonly detection: () => {
    readonly guardDuty: GuardDutyClient;
    readonly inspector: Inspector2Client;
    readonly macie: Macie2Client;
  };
}

/** Where records are kept: one an account and region. */
export interface Records {
  readonly put: (record: SweepRecord) => Promise<void>;
  readonly all: () => AsyncIterable<SweepRecord>;
  /** Sources of which it was told that they are silent, as `announce` was given them. */
  readonly told: () => Promise<readonly string[]>;
  readonly tell: (silent: readonly string[]) => Promise<void>;
}

/** Everything that a step of the sweep does not make itself. */
export interface SweepSetting {
  readonly wanted: Wanted;
  readonly enter: (place: Place) => Promise<PlaceClients>;
  readonly organizations: OrganizationsClient;
  /** In the hub's account, for the buckets of the log archive and for lists of places. */
  readonly s3: S3Client;
  readonly metrics: CloudWatchClient;
  /** Tells whoever is told of alarms. */
  readonly announce: (text: string) => Promise<void>;
  readonly records: Records;
  readonly clock: Clock;
  /** Bucket for lists of places, which are too long for a state. */
  readonly placesBucket: string;
}
