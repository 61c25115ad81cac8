import { cloudformationDeleteStackInstances } from "./cloudformation-delete-stack-instances";
import { cloudformationOrganizationsAccess } from "./cloudformation-organizations-access";
import { cloudformationStackSetDetails } from "./cloudformation-stack-set-details";
import { cloudtrailLoggingByArn } from "./cloudtrail-logging-by-arn";
import type { Gap } from "./gap";
import { iamOrganizationsFeatures } from "./iam-organizations-features";
import { organizationsCreateAccount } from "./organizations-create-account";
import { organizationsDelegatedAdministrators } from "./organizations-delegated-administrators";
import { organizationsTrustedAccess } from "./organizations-trusted-access";
import { ramSharingWithOrganization } from "./ram-sharing-with-organization";
import { s3BucketLogging } from "./s3-bucket-logging";
import { s3BucketPolicy } from "./s3-bucket-policy";
import { s3ObjectRetention } from "./s3-object-retention";

/** Every gap of the emulator that the front fills. To add one: a file, its test, a line here. */
export const gaps: readonly Gap[] = [
  cloudformationDeleteStackInstances,
  cloudformationOrganizationsAccess,
  cloudformationStackSetDetails,
  cloudtrailLoggingByArn,
  iamOrganizationsFeatures,
  organizationsCreateAccount,
  organizationsDelegatedAdministrators,
  organizationsTrustedAccess,
  ramSharingWithOrganization,
  s3BucketLogging,
  s3BucketPolicy,
  s3ObjectRetention,
];
