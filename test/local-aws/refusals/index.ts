import { iamAuthorization } from "../authorization";
import { eventPatterns } from "../event-bridge/calls";
import { cloudformationReplacement } from "./cloudformation-replacement";
import { cloudtrailCreateTrail } from "./cloudtrail-create-trail";
import { configDelivery } from "./config-delivery";
import { eventBusDeletion, iamDeletions, organizationalUnitDeletion, workgroupDeletion } from "./deletions";
import { centralConfiguration, detectionAdministrator, oneDetector } from "./detection-order";
import { ec2Dependencies } from "./ec2-dependencies";
import { ec2SnapshotSharing } from "./ec2-snapshot-sharing";
import { iamDeleteConflict } from "./iam-delete-conflict";
import { iamQuotas } from "./iam-quotas";
import { iamTrustPrincipals } from "./iam-trust-principals";
import { inactiveKeys } from "./inactive-keys";
import { kmsKeyPolicy } from "./kms-key-policy";
import { findingsExport, flowLogDelivery, queryLogDelivery } from "./log-deliveries";
import { organizationsDelegatedPolicies } from "./organizations-delegated-policies";
import { organizationsDelegation } from "./organizations-delegation";
import type { Refusal } from "./refusal";
import { queryLogInUse } from "./resolver-query-log-in-use";
import { s3AccessLogging } from "./s3-access-logging";
import { s3ObjectLock } from "./s3-object-lock";
import { s3PolicyPrincipals } from "./s3-policy-principals";
import { signatures } from "./signatures";
import { stackSets } from "./stack-sets";
import { stsAssumeRole } from "./sts-assume-role";
import { unknownCredentials } from "./unknown-credentials";

/** Every call that AWS refuses and the emulator accepts. To add one: a file, its test, a line here. */
export const refusals: readonly Refusal[] = [
  unknownCredentials,
  signatures,
  inactiveKeys,
  stsAssumeRole,
  iamAuthorization,
  iamTrustPrincipals,
  iamQuotas,
  iamDeleteConflict,
  iamDeletions,
  organizationalUnitDeletion,
  eventBusDeletion,
  workgroupDeletion,
  s3PolicyPrincipals,
  s3ObjectLock,
  s3AccessLogging,
  kmsKeyPolicy,
  ec2SnapshotSharing,
  cloudtrailCreateTrail,
  flowLogDelivery,
  queryLogDelivery,
  findingsExport,
  organizationsDelegation,
  detectionAdministrator,
  oneDetector,
  centralConfiguration,
  organizationsDelegatedPolicies,
  stackSets,
  eventPatterns,
  cloudformationReplacement,
  configDelivery,
  ec2Dependencies,
  queryLogInUse,
];
