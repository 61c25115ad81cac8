import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { SsmDocument } from "@cdktf/provider-aws/lib/ssm-document";
import type { Construct } from "constructs";
import { KitStack } from "../constructs/kit-stack";
import { LogBucket } from "../constructs/log-bucket";
import { LogKey } from "../constructs/log-key";
import { piecesPrefix } from "../landscape/evidence-prefixes";
import { sessionDocumentName, sessionLogName } from "../landscape/forensic-names";
import type { Evidence, Landscape } from "../landscape/model";
import { bucketName, evidenceKeyAliasName } from "../landscape/names";
import { evidenceAccessPolicy, evidenceBucketPolicy, toolsBucketPolicy } from "../policies/evidence/bucket";
import { evidenceKeyPolicy } from "../policies/evidence/keys";
import { sessionDocument } from "../policies/evidence/session";

/** Days; who touched evidence is asked for as long as that is locked, and beyond. */
const accessLogMargin = 365;

/** Ten years, as long as evidence may be locked: the log says what was done to it. */
const sessionLogDays = 3653;

/** What evidence of a region lies in and under: bucket and key; tools to look at it; and who has touched either. */
export class EvidenceStack extends KitStack {
  constructor(scope: Construct, name: string, landscape: Landscape, evidence: Evidence, region: string) {
    super(scope, name, { landscape, account: landscape.accounts.forensics, region });
    const key = new LogKey(this, "key", {
      alias: evidenceKeyAliasName(landscape),
      description: "Encrypts evidence: files and copies of snapshots",
      policy: evidenceKeyPolicy(landscape, region),
    });
    this.sessions(key);
    // Neither a lock nor a key of KMS: S3 would not deliver ("Enabling Amazon S3 server access logging").
    const accessLogs = new LogBucket(this, "access-logs", {
      bucketName: bucketName(landscape, "evidence-access", region),
      policy: evidenceAccessPolicy(landscape, region),
      retention: { days: evidence.lockDays + accessLogMargin },
    });
    new LogBucket(this, "evidence", {
      bucketName: bucketName(landscape, "evidence", region),
      policy: evidenceBucketPolicy(landscape, evidence, region),
      keyArn: key.arn,
      lock: {
        mode: evidence.lock === "compliance" ? "COMPLIANCE" : "GOVERNANCE",
        days: evidence.lockDays,
      },
      ...(evidence.retentionDays !== undefined && {
        // S3 deletes no version before its lock ends, so that nothing need be added to it.
        retention: { days: evidence.retentionDays, prefix: piecesPrefix, recoverableDays: 1 },
      }),
      accessLog: { bucket: accessLogs, prefix: "evidence" },
    });
    new LogBucket(this, "tools", {
      bucketName: bucketName(landscape, "tools", region),
      policy: toolsBucketPolicy(landscape, region),
      accessLog: { bucket: accessLogs, prefix: "tools" },
    });
  }

  /** How a machine of analysts is opened: encrypted beyond TLS, and with everything that is typed and shown in a log. */
  private sessions(key: LogKey): void {
    const log = new CloudwatchLogGroup(this, "sessions", {
      name: sessionLogName(this.landscape),
      retentionInDays: sessionLogDays,
      kmsKeyId: key.arn,
      lifecycle: { preventDestroy: true },
    });
    new SsmDocument(this, "session", {
      name: sessionDocumentName(this.landscape),
      documentType: "Session",
      documentFormat: "JSON",
      content: JSON.stringify(sessionDocument(log.name, key.arn)),
    });
  }
}
