import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketLoggingA } from "@cdktf/provider-aws/lib/s3-bucket-logging";
import { S3BucketObjectLockConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-object-lock-configuration";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import { Construct } from "constructs";
import type { PolicyDocument } from "../policies/document";
import { literalJson } from "./terraform-text";

export interface LogBucketProps {
  readonly bucketName: string;
  readonly policy: PolicyDocument;
  /** ARN of the key that encrypts what comes without a key of its own; left out, S3's own keys do. */
  readonly keyArn?: string;
  readonly lock?: { readonly mode: "GOVERNANCE" | "COMPLIANCE"; readonly days: number };
  /** Left out, what lies in it stays until somebody deletes it. */
  readonly retention?: {
    readonly days: number;
    readonly archiveAfterDays?: number;
    /** What goes by itself; everything, where left out. */
    readonly prefix?: string;
    /** Days for which what has gone can be brought back; 30 where left out. A lock holds it for longer. */
    readonly recoverableDays?: number;
  };
  /** What lies in it is made anew at any time: the bucket goes with its stack, whatever it holds. */
  readonly removable?: true;
  /** Where the bucket's own access log goes. */
  readonly accessLog?: { readonly bucket: LogBucket; readonly prefix: string };
}

/** A bucket for logs: versioned, private, encrypted, locked where asked, and never destroyed by Terraform unless removable. */
export class LogBucket extends Construct {
  readonly bucket: S3Bucket;
  private readonly policy: S3BucketPolicy;
  private readonly versioning: S3BucketVersioningA;

  constructor(scope: Construct, id: string, props: LogBucketProps) {
    super(scope, id);
    this.bucket = this.createBucket(props);
    this.versioning = this.keepVersions();
    this.keepPrivate();
    this.encrypt(props);
    this.policy = this.attachPolicy(props);
    if (props.lock) this.lock(props.lock);
    this.expire(props);
    if (props.accessLog) this.logAccess(props.accessLog);
  }

  private createBucket({ bucketName, lock, removable }: LogBucketProps): S3Bucket {
    return new S3Bucket(this, "bucket", {
      bucket: bucketName,
      objectLockEnabled: lock !== undefined,
      forceDestroy: removable === true,
      ...(removable !== true && { lifecycle: { preventDestroy: true } }),
    });
  }

  private keepVersions(): S3BucketVersioningA {
    return new S3BucketVersioningA(this, "versioning", {
      bucket: this.bucket.id,
      versioningConfiguration: { status: "Enabled" },
    });
  }

  private keepPrivate(): void {
    new S3BucketPublicAccessBlock(this, "public-access-block", {
      bucket: this.bucket.id,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    new S3BucketOwnershipControls(this, "ownership", {
      bucket: this.bucket.id,
      rule: { objectOwnership: "BucketOwnerEnforced" },
    });
  }

  private encrypt({ keyArn }: LogBucketProps): void {
    const rule = keyArn
      ? {
          applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn },
          bucketKeyEnabled: true,
        }
      : { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } };
    new S3BucketServerSideEncryptionConfigurationA(this, "encryption", {
      bucket: this.bucket.id,
      rule: [rule],
    });
  }

  private attachPolicy({ policy }: LogBucketProps): S3BucketPolicy {
    return new S3BucketPolicy(this, "policy", { bucket: this.bucket.id, policy: literalJson(policy) });
  }

  private lock({ mode, days }: NonNullable<LogBucketProps["lock"]>): void {
    new S3BucketObjectLockConfigurationA(this, "object-lock", {
      bucket: this.bucket.id,
      rule: { defaultRetention: { mode, days } },
      dependsOn: [this.versioning],
    });
  }

  private expire({ retention, lock }: LogBucketProps): void {
    const everything = { status: "Enabled", filter: [{ prefix: "" }] };
    const abortIncompleteMultipartUpload = [{ daysAfterInitiation: 7 }];
    new S3BucketLifecycleConfiguration(this, "lifecycle", {
      bucket: this.bucket.id,
      rule:
        retention === undefined
          ? [{ ...everything, id: "uploads", abortIncompleteMultipartUpload }]
          : [
              {
                ...everything,
                id: "retention",
                filter: [{ prefix: retention.prefix ?? "" }],
                ...(retention.archiveAfterDays !== undefined && {
                  transition: [{ days: retention.archiveAfterDays, storageClass: "GLACIER_IR" }],
                }),
                expiration: [{ days: retention.days }],
                // What is expired or overwritten stays recoverable for a while; under a lock, at least as long as that.
                noncurrentVersionExpiration: [
                  { noncurrentDays: retention.recoverableDays ?? (lock ? Math.max(30, lock.days) : 30) },
                ],
                abortIncompleteMultipartUpload,
              },
              {
                ...everything,
                id: "delete-markers",
                expiration: [{ expiredObjectDeleteMarker: true }],
              },
            ],
      dependsOn: [this.versioning],
    });
  }

  private logAccess({ bucket, prefix }: NonNullable<LogBucketProps["accessLog"]>): void {
    new S3BucketLoggingA(this, "access-logging", {
      bucket: this.bucket.id,
      targetBucket: bucket.bucket.id,
      targetPrefix: `${prefix}/`,
      dependsOn: [bucket.policy],
    });
  }
}
