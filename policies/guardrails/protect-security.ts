import { kitBucketsArn, rootArn } from "../../landscape/arns";
import type { Landscape } from "../../landscape/model";
import { iamPath } from "../../landscape/names";
import { type PolicyDocument, policyDocument, type Statement } from "../document";
import { deployers, spokesArns, unless } from "./exempt";
import { responseStays } from "./response-stays";

/** Security services go on, logs stay, nobody leaves, root rests, and unwatched regions are closed by choice. */
export const protectSecurity = (landscape: Landscape): PolicyDocument =>
  policyDocument([
    securityServices(landscape),
    logs(landscape),
    responseStays(landscape),
    keys(landscape),
    stay,
    root(landscape),
    ...(landscape.access?.unwatchedRegions === "deny" ? [regions(landscape)] : []),
  ]);

const securityServices = (landscape: Landscape): Statement => ({
  Sid: "SecurityServices",
  Effect: "Deny",
  Action: [
    "access-analyzer:DeleteAnalyzer",
    "cloudtrail:DeleteTrail",
    "cloudtrail:PutEventSelectors",
    "cloudtrail:PutInsightSelectors",
    "cloudtrail:StopLogging",
    "cloudtrail:UpdateTrail",
    "config:DeleteConfigurationRecorder",
    "config:DeleteDeliveryChannel",
    "config:PutConfigurationRecorder",
    "config:PutDeliveryChannel",
    "config:StopConfigurationRecorder",
    "guardduty:Delete*",
    "guardduty:Disassociate*",
    "guardduty:StopMonitoringMembers",
    "guardduty:UpdateDetector",
    "guardduty:UpdateMemberDetectors",
    "guardduty:UpdateOrganizationConfiguration",
    "guardduty:UpdatePublishingDestination",
    "inspector2:Disable",
    "inspector2:Disassociate*",
    "inspector2:UpdateOrganizationConfiguration",
    "macie2:Disable*",
    "macie2:Disassociate*",
    "macie2:UpdateMacieSession",
    "route53resolver:DeleteResolverQueryLogConfig",
    "route53resolver:DisassociateResolverQueryLogConfig",
    "securityhub:BatchDisableStandards",
    "securityhub:Delete*",
    "securityhub:Disable*",
    "securityhub:Disassociate*",
    "securityhub:UpdateOrganizationConfiguration",
  ],
  Resource: ["*"],
  // Of all these the sweep may change plans of members, and its own boundary lets nothing else through.
  Condition: unless([...deployers(landscape), ...spokesArns(landscape, "auto-logging")]),
});

/**
 * PutObjectAcl stays open: Config delivers with an access list, and on the kit's buckets lists change nothing, since
 * these are switched off there ("Controlling ownership of objects and disabling ACLs", Amazon S3 user guide), which
 * PutBucket* keeps so.
 */
const logs = (landscape: Landscape): Statement => ({
  Sid: "LogsAndEvidence",
  Effect: "Deny",
  Action: [
    "s3:Bypass*",
    "s3:Delete*",
    "s3:PutBucket*",
    "s3:PutEncryptionConfiguration",
    "s3:PutLifecycleConfiguration",
    "s3:PutObjectLegalHold",
    "s3:PutObjectRetention",
    "s3:PutReplicationConfiguration",
  ],
  Resource: [kitBucketsArn(landscape)],
  Condition: unless(deployers(landscape)),
});

/** To delete or disable a key is to delete every log and all evidence under it. */
const keys = (landscape: Landscape): Statement => ({
  Sid: "KeysOfLogsAndEvidence",
  Effect: "Deny",
  Action: ["kms:Delete*", "kms:Disable*", "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:UpdateAlias"],
  Resource: ["*"],
  Condition: {
    "ForAnyValue:StringLike": { "kms:ResourceAliases": `alias${iamPath(landscape)}*` },
    ...unless(deployers(landscape)),
  },
});

const stay: Statement = {
  Sid: "Stay",
  Effect: "Deny",
  Action: ["account:CloseAccount", "organizations:LeaveOrganization"],
  Resource: ["*"],
};

/** Root of a member, but for the short sessions that the organization assumes centrally, each for one task. */
const root = (landscape: Landscape): Statement => ({
  Sid: "Root",
  Effect: "Deny",
  Action: ["*"],
  Resource: ["*"],
  Condition: {
    ArnLike: { "aws:PrincipalArn": rootArn(landscape, "*") },
    Null: { "aws:AssumedRoot": "true" },
  },
});

/** Services that have one endpoint for all regions. Source: AWS's service control policy examples, region deny. */
const globalServices = [
  "account:*",
  "aws-marketplace:*",
  "budgets:*",
  "ce:*",
  "cloudfront:*",
  "globalaccelerator:*",
  "health:*",
  "iam:*",
  "kms:*",
  "networkmanager:*",
  "organizations:*",
  "route53:*",
  "route53domains:*",
  "s3:GetAccountPublic*",
  "s3:ListAllMyBuckets",
  "s3:PutAccountPublic*",
  "shield:*",
  "sso:*",
  "support:*",
  "trustedadvisor:*",
  "waf-regional:*",
  "waf:*",
  "wafv2:*",
];

/** Responders look and contain wherever an attacker has gone; what is launched there is denied to everybody else. */
const regions = (landscape: Landscape): Statement => ({
  Sid: "UnwatchedRegions",
  Effect: "Deny",
  NotAction: globalServices,
  Resource: ["*"],
  Condition: {
    StringNotEquals: {
      "aws:RequestedRegion": [
        ...new Set([...landscape.regions, landscape.partition.globalEventRegion]),
      ].sort(),
    },
    ...unless([...deployers(landscape), ...spokesArns(landscape, "investigate", "contain", "evidence")]),
  },
});
