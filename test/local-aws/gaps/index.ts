import { eventsPutEvents, eventsTestPattern } from "../event-bridge/calls";
import { accessAnalyzer } from "./access-analyzer";
import { athenaDeleteNamedQuery } from "./athena-delete-named-query";
import { backupRestoreTesting } from "./backup-restore-testing";
import { cloudformationDeleteStackInstances } from "./cloudformation-delete-stack-instances";
import { cloudformationIdentities } from "./cloudformation-identities";
import { cloudformationOrganizationsAccess } from "./cloudformation-organizations-access";
import { cloudformationStackInstances } from "./cloudformation-stack-instances";
import { cloudformationStackSetDetails } from "./cloudformation-stack-set-details";
import { cloudtrailEventHistory } from "./cloudtrail-event-history";
import { cloudtrailLoggingByArn } from "./cloudtrail-logging-by-arn";
import { detectionDelegations } from "./detection-delegation";
import { guarddutyMembers, macieMembers } from "./detection-members";
import { ec2FlowLogOptions } from "./ec2-flow-log-options";
import { ec2LaunchTemplateTags } from "./ec2-launch-template-tags";
import { ec2LaunchByTemplate } from "./ec2-launches";
import { ec2SnapshotBlockPublicAccess } from "./ec2-snapshot-block-public-access";
import {
  ec2ConsoleScreenshot,
  ec2ShutdownBehavior,
  ec2SnapshotCopies,
  ec2SnapshotPermissions,
} from "./ec2-snapshots";
import { eventsMissingRule } from "./events-missing-rule";
import type { Gap } from "./gap";
import { guarddutyDetectorFeatures } from "./guardduty-detector-features";
import { guarddutyOrganization, guarddutyPublishingDestination } from "./guardduty-organization";
import { iamOrganizationsFeatures } from "./iam-organizations-features";
import { iamServiceCredentials } from "./iam-service-credentials";
import { iamSimulation } from "./iam-simulation";
import { iamUserBoundary } from "./iam-user-boundary";
import { kmsDescribeAcrossAccounts } from "./kms-describe-across-accounts";
import { kmsDigestSignatures } from "./kms-digest-signatures";
import { lambdaInvocation } from "./lambda-invocation";
import { lambdaLoggingConfig } from "./lambda-logging-config";
import { logsFirstStart } from "./logs-first-start";
import { macieOrganization } from "./macie-organization";
import { macieSession } from "./macie-session";
import { organizationsCreateAccount } from "./organizations-create-account";
import { organizationsDelegatedAdministrators } from "./organizations-delegated-administrators";
import { organizationsListAccounts } from "./organizations-list-accounts";
import { organizationsPoliciesOfMembers } from "./organizations-policies-of-members";
import { organizationsResourcePolicy } from "./organizations-resource-policy";
import { organizationsTrustedAccess } from "./organizations-trusted-access";
import { ramAssociations, ramPermissions, ramShareTags } from "./ram-associations";
import { ramSharingWithOrganization } from "./ram-sharing-with-organization";
import { resolverQueryLogConfigDeletion, resolverQueryLogConfigTags, resolverTags } from "./resolver";
import { resolverFirewall } from "./resolver-firewall";
import { resolverAssociations, resolverSharedConfigurations } from "./resolver-sharing";
import { s3BucketLogging } from "./s3-bucket-logging";
import { s3BucketPolicy } from "./s3-bucket-policy";
import { s3ObjectRetention } from "./s3-object-retention";
import {
  securityHubAccount,
  securityHubAggregator,
  securityHubAutomation,
  securityHubOrganization,
  securityHubPolicies,
} from "./security-hub";
import { ssmManagedInstances } from "./ssm-managed-instances";
import { ssoPermissionSetTags } from "./sso-permission-set-tags";
import { ssoProvisioning } from "./sso-provisioning";
import { stepFunctionsValidation } from "./step-functions-validation";
import { stsAccessKeyInfo } from "./sts-access-key-info";
import { stsSessionToken } from "./sts-session-token";

/** Every gap of the emulator that the front fills. To add one: a file, its test, a line here. */
export const gaps: readonly Gap[] = [
  accessAnalyzer,
  athenaDeleteNamedQuery,
  backupRestoreTesting,
  cloudformationDeleteStackInstances,
  cloudformationIdentities,
  cloudformationOrganizationsAccess,
  cloudformationStackInstances,
  cloudformationStackSetDetails,
  cloudtrailEventHistory,
  cloudtrailLoggingByArn,
  ...detectionDelegations,
  ec2ConsoleScreenshot,
  ec2FlowLogOptions,
  ec2LaunchByTemplate,
  ec2LaunchTemplateTags,
  ec2ShutdownBehavior,
  ec2SnapshotBlockPublicAccess,
  ec2SnapshotCopies,
  ec2SnapshotPermissions,
  eventsMissingRule,
  eventsPutEvents,
  eventsTestPattern,
  guarddutyDetectorFeatures,
  guarddutyMembers,
  guarddutyOrganization,
  guarddutyPublishingDestination,
  iamOrganizationsFeatures,
  iamServiceCredentials,
  iamSimulation,
  iamUserBoundary,
  kmsDescribeAcrossAccounts,
  kmsDigestSignatures,
  lambdaInvocation,
  lambdaLoggingConfig,
  macieMembers,
  macieOrganization,
  macieSession,
  organizationsCreateAccount,
  organizationsDelegatedAdministrators,
  organizationsListAccounts,
  organizationsPoliciesOfMembers,
  organizationsResourcePolicy,
  organizationsTrustedAccess,
  ramAssociations,
  ramPermissions,
  ramShareTags,
  ramSharingWithOrganization,
  resolverAssociations,
  resolverFirewall,
  resolverQueryLogConfigDeletion,
  resolverQueryLogConfigTags,
  resolverSharedConfigurations,
  resolverTags,
  s3BucketLogging,
  s3BucketPolicy,
  s3ObjectRetention,
  securityHubAccount,
  securityHubAggregator,
  securityHubAutomation,
  securityHubOrganization,
  securityHubPolicies,
  ssmManagedInstances,
  logsFirstStart,
  ssoPermissionSetTags,
  ssoProvisioning,
  stepFunctionsValidation,
  stsAccessKeyInfo,
  stsSessionToken,
];
