import {
  arn,
  ec2,
  type Forbidden,
  forbid,
  forensics,
  logArchive,
  management,
  shared,
  stranger,
  stratus,
} from "./model";

const trailKey = arn("kms", "key/11110000-0000-4000-8000-000000000001", management);
const logKey = arn("kms", "key/33330000-0000-4000-8000-000000000001", logArchive);
const evidenceKey = arn("kms", "key/44440000-0000-4000-8000-000000000001", forensics);
const key = arn("kms", "key/55550000-0000-4000-8000-000000000001");
const snapshot = shared("ec2", "snapshot/snap-0123456789abcdef0");
const database = arn("rds", "snapshot:payments-2026-09-26");
const vault = arn("backup", "backup-vault:payments");
const point = arn("backup", "recovery-point:5f1c0000-0000-4000-8000-000000000000");

/** Disks, databases and backups: none is destroyed, none goes to strangers. */
const copies = forbid("all", [
  ["ec2:DeleteSnapshot", snapshot, "destroys evidence"],
  ["ec2:DeleteVolume", ec2("volume/vol-0123456789abcdef0"), "destroys evidence"],
  [
    "ec2:DeregisterImage",
    shared("ec2", "image/ami-0123456789abcdef0"),
    "recovery has no image to launch",
    stratus("impact.ec2-deregister-ami"),
  ],
  ["ec2:UnlockSnapshot", snapshot, "lets evidence be deleted"],
  ["ec2:ModifySnapshotTier", snapshot, "puts evidence out of reach for days"],
  ["ec2:ResetSnapshotAttribute", snapshot, "takes evidence from forensics"],
  ["ec2:DeleteTags", snapshot, "evidence no longer says what it is", { "aws:TagKeys": ["incident"] }],
  [
    "ec2:ModifySnapshotAttribute",
    snapshot,
    "gives a disk to a stranger",
    stratus("exfiltration.ec2-share-ebs-snapshot"),
    { "ec2:Add/userId": stranger },
  ],
  [
    "ec2:ModifySnapshotAttribute",
    shared("ec2", "snapshot/snap-0badbadbadbadbad0"),
    "gives a disk to everybody",
    { "ec2:Add/group": "all" },
  ],
  [
    "ec2:ModifyImageAttribute",
    shared("ec2", "image/ami-0123456789abcdef0"),
    "gives a disk to a stranger",
    stratus("exfiltration.ec2-share-ami"),
  ],
  ["rbin:DeleteRule", arn("rbin", "rule/0abc"), "deleted snapshots are gone at once"],
  ["rds:DeleteDBInstance", arn("rds", "db:payments"), "destroys data and evidence"],
  ["rds:DeleteDBSnapshot", database, "destroys data and evidence"],
  ["rds:ModifyDBSnapshotAttribute", database, "gives data away", stratus("exfiltration.rds-share-snapshot")],
  ["rds:DeleteDBInstanceAutomatedBackup", arn("rds", "auto-backup:ab-0abc"), "destroys backups"],
  ["dynamodb:DeleteTable", arn("dynamodb", "table/payments"), "destroys data and evidence"],
  ["dynamodb:DeleteBackup", arn("dynamodb", "table/payments/backup/0160"), "destroys backups"],
  ["backup:DeleteRecoveryPoint", point, "destroys what recovery needs"],
  ["backup:UpdateRecoveryPointLifecycle", point, "backups expire"],
  ["backup:DisassociateRecoveryPoint", point, "takes a backup out of its vault"],
  ["backup:StartCopyJob", point, "copies a backup to a vault of choice"],
  ["backup:DeleteBackupVault", vault, "destroys what recovery needs"],
  ["backup:PutBackupVaultAccessPolicy", vault, "opens a vault to strangers"],
  ["backup:DeleteBackupVaultLockConfiguration", vault, "lets backups be deleted"],
  ["backup:DeleteBackupPlan", arn("backup", "backup-plan:5f1c"), "no more backups"],
]);

/** Keys: without them logs, evidence and data are lost, with them they are anybody's. */
const keys = forbid("all", [
  ["kms:ScheduleKeyDeletion", trailKey, "makes the organization's record unreadable"],
  ["kms:DisableKey", trailKey, "stops the delivery of the organization's record"],
  ["kms:PutKeyPolicy", trailKey, "lets strangers read the organization's record"],
  ["kms:ScheduleKeyDeletion", logKey, "makes logs unreadable"],
  ["kms:PutKeyPolicy", logKey, "lets strangers read logs"],
  ["kms:ScheduleKeyDeletion", evidenceKey, "makes evidence unreadable"],
  ["kms:CreateGrant", evidenceKey, "lets strangers read evidence", { "kms:GrantIsForAWSResource": "false" }],
  ["kms:ScheduleKeyDeletion", key, "makes data and snapshots unreadable"],
  ["kms:DisableKey", key, "makes data and snapshots unreadable"],
  ["kms:PutKeyPolicy", key, "lets strangers read data"],
  ["kms:CreateGrant", key, "lets strangers read data", { "kms:GrantIsForAWSResource": "false" }],
  ["kms:RevokeGrant", key, "stops a workload's disks"],
  ["kms:DeleteImportedKeyMaterial", key, "makes data unreadable at once"],
  ["kms:DisableKeyRotation", key, "keeps a known key in use"],
]);

export const copiesForbidden: readonly Forbidden[] = [...copies, ...keys];
