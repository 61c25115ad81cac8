import { arn, except, type Forbidden, forbid, hub, management } from "./model";

const detector = arn("guardduty", "detector/12abc34d567e8fa901bc2d34e56789f0");
const graph = arn("detective", "graph:5f1c0000000040008000000000000000", hub);
const organizationDetector = arn("guardduty", "detector/98abc34d567e8fa901bc2d34e56789f0", hub);
const hubDefault = arn("securityhub", "hub/default");
const recorder = arn("config", "configuration-recorder/default/abc123");
const analyzer = arn("access-analyzer", "analyzer/acme-ir-organization", hub);
const acl = arn("wafv2", "regional/webacl/payments/5f1c");
const findings = arn("sns", "acme-ir-findings", hub);

/** GuardDuty, Security Hub, Macie, Inspector, Detective: nobody blinds what watches him. */
const detection = forbid("all", [
  ["guardduty:DeleteDetector", detector, "ends detection in the account"],
  ["guardduty:UpdateDetector", detector, "suspends detection, or one of its sources"],
  ["guardduty:DeleteDetector", organizationDetector, "ends detection in the organization"],
  ["guardduty:CreateFilter", `${detector}/filter/hide`, "archives findings before anybody sees them"],
  ["guardduty:UpdateFilter", `${detector}/filter/noise`, "archives findings before anybody sees them"],
  ["guardduty:CreateIPSet", "*", "trusts the addresses of an attacker"],
  ["guardduty:UpdateIPSet", `${detector}/ipset/trusted`, "trusts the addresses of an attacker"],
  ["guardduty:CreateTrustedEntitySet", "*", "trusts the addresses and domains of an attacker"],
  ["guardduty:DeleteThreatIntelSet", `${detector}/threatintelset/known`, "forgets known attackers"],
  ["guardduty:DisassociateFromAdministratorAccount", "*", "takes the account out of the hub's sight"],
  ["guardduty:DisassociateMembers", "*", "takes accounts out of the hub's sight"],
  ["guardduty:StopMonitoringMembers", "*", "suspends detection in accounts"],
  ["guardduty:UpdateOrganizationConfiguration", "*", "leaves new accounts unwatched"],
  [
    "guardduty:DeletePublishingDestination",
    `${detector}/publishingdestination/s3`,
    "ends the export of findings",
  ],
  [
    "guardduty:UpdatePublishingDestination",
    `${detector}/publishingdestination/s3`,
    "exports findings elsewhere",
  ],
  ["securityhub:DisableSecurityHub", hubDefault, "ends the collection of findings"],
  ["securityhub:BatchDisableStandards", hubDefault, "ends every check of a standard"],
  ["securityhub:UpdateStandardsControl", hubDefault, "switches a check off"],
  ["securityhub:DisableImportFindingsForProduct", hubDefault, "ends a source of findings"],
  ["securityhub:DisassociateFromAdministratorAccount", hubDefault, "takes the account out of sight"],
  ["securityhub:CreateAutomationRule", "*", "suppresses findings before anybody sees them"],
  [
    "securityhub:DeleteFindingAggregator",
    arn("securityhub", "finding-aggregator/5f1c", hub),
    "the hub no longer sees other regions",
  ],
  ["securityhub:BatchImportFindings", arn("securityhub", "product/555555555555/default"), "forges findings"],
  ["macie2:DisableMacie", "*", "ends the search for sensitive data"],
  ["macie2:CreateFindingsFilter", arn("macie2", "findings-filter/hide"), "suppresses findings"],
  ["macie2:DisassociateFromAdministratorAccount", "*", "takes the account out of the hub's sight"],
  ["inspector2:Disable", "*", "ends the search for vulnerabilities"],
  ["inspector2:CreateFilter", arn("inspector2", "owner/555555555555/filter/hide"), "suppresses findings"],
  ["detective:DeleteGraph", graph, "destroys what investigations look at"],
  ["detective:DisassociateMembership", graph, "takes the account out of the graph"],
  ["access-analyzer:DeleteAnalyzer", analyzer, "ends the search for what strangers may reach"],
  ["access-analyzer:CreateArchiveRule", `${analyzer}/archive-rule/hide`, "archives findings unseen"],
  [
    "security-ir:CancelMembership",
    arn("security-ir", "membership/m-0abc", hub),
    "ends the contract for AWS's help",
  ],
]);

/** Config, alarms, firewalls and notifications. */
const controls = forbid("all", [
  ["config:StopConfigurationRecorder", recorder, "ends the record of changes"],
  ["config:DeleteConfigurationRecorder", recorder, "ends the record of changes"],
  ["config:PutConfigurationRecorder", recorder, "narrows the record of changes"],
  ["config:DeleteDeliveryChannel", "*", "ends the delivery of changes"],
  ["config:PutDeliveryChannel", "*", "delivers the record of changes elsewhere"],
  ["config:PutRetentionConfiguration", "*", "shortens the record of changes"],
  ["config:DeleteConfigRule", arn("config", "config-rule/config-rule-0abc"), "ends a check"],
  ["config:PutEvaluations", "*", "forges a check's result"],
  [
    "config:PutRemediationConfigurations",
    arn("config", "remediation-configuration/5f1c"),
    "a runbook acts in the role it is given",
  ],
  ["config:StartRemediationExecution", "*", "acts in the role of a remediation"],
  [
    "config:DeleteConfigurationAggregator",
    arn("config", "config-aggregator/config-aggregator-0abc", hub),
    "loses the organization's configuration",
  ],
  ["cloudwatch:DeleteAlarms", arn("cloudwatch", "alarm:root-login"), "an alarm nobody hears"],
  ["cloudwatch:DisableAlarmActions", arn("cloudwatch", "alarm:root-login"), "an alarm nobody hears"],
  ["cloudwatch:SetAlarmState", arn("cloudwatch", "alarm:root-login"), "says that all is well"],
  ["events:DeleteRule", arn("events", "rule/acme-ir-findings"), "findings no longer reach the hub"],
  ["events:DisableRule", arn("events", "rule/acme-ir-findings"), "findings no longer reach the hub"],
  ["events:RemoveTargets", arn("events", "rule/acme-ir-findings"), "findings no longer reach the hub"],
  ["sns:DeleteTopic", findings, "responders are no longer called"],
  ["sns:SetTopicAttributes", findings, "lets strangers publish and subscribe"],
  ["sns:Unsubscribe", findings, "responders are no longer called"],
  ["sns:Subscribe", findings, "tells a stranger of the response", { "sns:Protocol": "https" }],
  ["wafv2:DeleteWebACL", acl, "opens an application"],
  ["wafv2:UpdateWebACL", acl, "opens an application"],
  ["wafv2:DeleteLoggingConfiguration", acl, "ends a firewall's log"],
  [
    "shield:DeleteProtection",
    "arn:aws:shield::555555555555:protection/5f1c",
    "opens an application to floods",
  ],
  ["network-firewall:DeleteFirewall", arn("network-firewall", "firewall/payments"), "opens a network"],
  [
    "network-firewall:UpdateLoggingConfiguration",
    arn("network-firewall", "firewall/payments"),
    "ends a firewall's log",
  ],
  ["fms:DeletePolicy", arn("fms", "policy/5f1c", hub), "removes firewalls from accounts"],
  [
    "route53resolver:DisassociateFirewallRuleGroup",
    arn("route53resolver", "firewall-rule-group-association/rslvr-frgassoc-0abc"),
    "lets names of attackers resolve",
  ],
  ["securitylake:DeleteDataLake", arn("securitylake", "data-lake/default", hub), "destroys logs"],
  ["ec2:DisableImageBlockPublicAccess", "*", "lets images be published"],
  ["ec2:DisableSnapshotBlockPublicAccess", "*", "lets snapshots be published"],
  ["ec2:DisableEbsEncryptionByDefault", "*", "leaves new disks unencrypted"],
  ["ec2:ModifyEbsDefaultKmsKeyId", "*", "encrypts new disks by a stranger's key"],
  ["ec2:ModifyVpcBlockPublicAccessOptions", "*", "lets networks be public"],
  ["ce:DeleteAnomalyMonitor", "arn:aws:ce::555555555555:anomalymonitor/5f1c", "hides what an attack costs"],
]);

/** Central services are the hub's, their administrators management's to name. */
const administrators = forbid(
  "all",
  [
    ["guardduty:DisableOrganizationAdminAccount", "*", "the organization loses its detection"],
    ["guardduty:EnableOrganizationAdminAccount", "*", "another account sees all findings"],
    [
      "securityhub:DisableOrganizationAdminAccount",
      arn("securityhub", "hub/default", management),
      "the organization loses its findings",
    ],
    ["macie2:DisableOrganizationAdminAccount", "*", "the organization loses its search for sensitive data"],
    ["inspector2:DisableDelegatedAdminAccount", "*", "the organization loses its search for vulnerabilities"],
    ["detective:DisableOrganizationAdminAccount", "*", "the organization loses its graph"],
    ["fms:DisassociateAdminAccount", "*", "the organization loses its firewalls"],
  ],
  management,
);

/** Marking findings is triage; hiding them is nobody's. */
const findingsOf = forbid(except("auto-triage"), [
  ["guardduty:ArchiveFindings", "*", "hides findings"],
  ["securityhub:BatchUpdateFindings", hubDefault, "changes findings"],
  ["access-analyzer:UpdateFindings", analyzer, "archives findings"],
]);

export const securityServicesForbidden: readonly Forbidden[] = [
  ...detection,
  ...controls,
  ...administrators,
  ...findingsOf,
];
