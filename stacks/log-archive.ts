import type { Construct } from "constructs";
import { KitStack } from "../constructs/kit-stack";
import { LogBucket } from "../constructs/log-bucket";
import { LogKey } from "../constructs/log-key";
import type { Landscape } from "../landscape/model";
import { bucketName, keyAliasName, type LogKind, logKindsOf } from "../landscape/names";
import { bucketPolicy, keyPolicy } from "../policies/logs";

/** Server access logs tell who touched the log buckets; a year suffices for most questions. */
const accessLogDays = 365;

/** Keys and buckets for the organization's logs. */
export class LogArchiveStack extends KitStack {
  private readonly accessLogs: LogBucket;

  constructor(scope: Construct, name: string, landscape: Landscape) {
    super(scope, name, { landscape, account: landscape.accounts.logArchive, region: landscape.homeRegion });
    this.accessLogs = this.createAccessLogBucket();
    for (const kind of logKindsOf(landscape)) this.createLogBucket(kind);
  }

  /**
   * S3 delivers access logs only to a bucket without default retention and, reliably, without KMS encryption, in the
   * same account and region; and a bucket must not log to itself ("Enabling Amazon S3 server access logging").
   */
  private createAccessLogBucket(): LogBucket {
    return new LogBucket(this, "access-logs", {
      bucketName: bucketName(this.landscape, "access-logs"),
      policy: bucketPolicy(this.landscape, "access-logs"),
      retention: { days: accessLogDays },
    });
  }

  private createLogBucket(kind: LogKind): void {
    const { lock, lockDays, retentionDays, archiveAfterDays } = this.landscape.logging;
    const key = kind === "cloudtrail" ? undefined : this.createKey(kind);
    new LogBucket(this, kind, {
      bucketName: bucketName(this.landscape, kind),
      policy: bucketPolicy(this.landscape, kind),
      // CloudTrail names the trail's key with every object it writes (ADR 0004).
      ...(key && { keyArn: key.arn }),
      // Config does not deliver into a bucket with default retention ("Permissions for the Amazon S3 bucket").
      ...(kind !== "config-history" && {
        lock: { mode: lock === "compliance" ? "COMPLIANCE" : "GOVERNANCE", days: lockDays },
      }),
      retention: { days: retentionDays, archiveAfterDays },
      accessLog: { bucket: this.accessLogs, prefix: kind },
    });
  }

  private createKey(kind: LogKind): LogKey {
    return new LogKey(this, `${kind}-key`, {
      alias: keyAliasName(this.landscape, kind),
      description: `Encrypts the organization's logs: ${kind}`,
      policy: keyPolicy(this.landscape, kind),
    });
  }
}
