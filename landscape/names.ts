import { limitOf } from "../quotas";
import type { Account, CoreRole, Landscape } from "./model";
import { shortened } from "./shortened";
import type { AutomationName, TaskName } from "./tasks";

/** Every name the kit gives to something in AWS, and nothing else. Lengths are those that AWS allows. */

/** Objects of one kind of log lie in one bucket, locked. `access-logs` holds the buckets' own server access logs. */
export const logKinds = ["cloudtrail", "flow-logs", "dns-queries", "findings"] as const;
export type LogKind = (typeof logKinds)[number] | "config-history";

/** Every kind of log that the landscape keeps; what Config records of resources only where the kit's recorders do. */
export const logKindsOf = ({ detection }: Landscape): LogKind[] => [
  ...logKinds,
  ...(detection?.config ? (["config-history"] as const) : []),
];
export type BucketKind =
  | LogKind
  | "access-logs"
  | "state"
  | "evidence"
  | "evidence-access"
  | "query-results"
  | "sweeps"
  | "tools";

export const namePrefix = (landscape: Landscape): string => `${landscape.organization.name}-ir`;

/** Account that owns a bucket: the log archive, but for Terraform's state, evidence, tools and results of queries. */
export function bucketOwner(landscape: Landscape, kind: BucketKind): Account {
  if (kind === "query-results" || kind === "sweeps") return landscape.hub;
  const owners: Partial<Record<BucketKind, CoreRole>> = {
    evidence: "forensics",
    "evidence-access": "forensics",
    tools: "forensics",
    ...(landscape.backend.type === "s3" && { state: landscape.backend.account }),
  };
  return landscape.accounts[owners[kind] ?? "logArchive"];
}

/**
 * Account id and region are part of the name, since bucket names are unique in the whole partition.
 *
 * @param region of evidence and tools there is a bucket in each region; of all else one, in the home region
 */
export function bucketName(landscape: Landscape, kind: BucketKind, region = landscape.homeRegion): string {
  const owner = bucketOwner(landscape, kind);
  return bucketNameOf(landscape.organization.name, kind, accountId(owner), region);
}

/** As {@link bucketName}, where only the organization's name is known. */
export const bucketNameOf = (
  organizationName: string,
  kind: BucketKind,
  account: string,
  region: string,
): string => `${organizationName}-ir-${kind}-${account}-${region}`;

/**
 * Account that owns the key of a kind of log. CloudTrail's stands beside the trail, in the management account:
 * CloudTrail wants the ARN of a key, which no other stack could know before it is made (ADR 0004).
 */
export const keyOwner = (landscape: Landscape, use: LogKind): Account =>
  landscape.accounts[use === "cloudtrail" ? "management" : "logArchive"];

export const keyAliasName = (landscape: Landscape, use: LogKind): string =>
  `alias/${namePrefix(landscape)}/${use}`;

/** What documents have machines of a case do: collect, and hand in what was collected. */
export const collectionSteps = ["collect-live", "collect-memory", "hand-in"] as const;
export type CollectionStep = (typeof collectionSteps)[number];
export type CollectionPlatform = "linux" | "windows";
export const collectionPlatforms: readonly CollectionPlatform[] = ["linux", "windows"];
export const collectionDocumentName = (
  landscape: Landscape,
  step: CollectionStep,
  platform: CollectionPlatform,
): string => `${namePrefix(landscape)}-${step}-${platform}`;

/** The group of a VPC that lets nothing through; those of a case bear its id in their names. */
export const isolationGroupName = (landscape: Landscape): string =>
  `${namePrefix(landscape)}-isolation-empty`;

export const trailName = (landscape: Landscape): string => `${namePrefix(landscape)}-organization`;

/** Parts of the baseline, each a StackSet or stack of its own (ADR 28). */
export type BaselineScope = "global" | "regional" | "documents" | "recorder";

/** The same name for StackSet and stack: what is deployed is the same text. */
export const baselineName = (landscape: Landscape, scope: BaselineScope): string =>
  `${namePrefix(landscape)}-baseline-${scope}`;

/** SSM parameter by which a reader tells which baseline stands in an account and region. */
export const baselineMarkerName = (landscape: Landscape): string => `/${namePrefix(landscape)}/baseline`;

export type RoleUse =
  | "quarantine"
  | "forwarder"
  | "auto-alarm"
  | "auto-cut"
  | "auto-workflow"
  | "auto-sweep"
  | "auto-schedule"
  | "custody"
  | "forensic-analysis"
  | TaskName
  | AutomationName;

/** Roles have the same name in the hub's account and in the spokes'; the account tells which is which. */
export const roleName = (landscape: Landscape, use: RoleUse): string => `${namePrefix(landscape)}-${use}`;

/** Path of the kit's IAM roles and policies, by which guardrails recognize them. */
export const iamPath = (landscape: Landscape): string => `/${namePrefix(landscape)}/`;

/**
 * What the staged quarantine policies deny: everything, or only whatever would let an attacker dig in (identities,
 * permissions, logs), so that a workload that can't stop goes on.
 */
export const quarantineKinds = ["deny-all", "deny-persistence"] as const;
export type QuarantineKind = (typeof quarantineKinds)[number];

export const quarantinePolicyName = (landscape: Landscape, kind: QuarantineKind): string =>
  `${namePrefix(landscape)}-quarantine-${kind}`;

/** A role's permissions and its boundary are one policy of this name (ADR 0009). */
export const permissionsPolicyName = roleName;

/** Identity Center allows 32 characters, which the organization's name would exceed. */
export const permissionSetName = (task: TaskName): string => `ir-${task}`;

export const samlProviderName = (landscape: Landscape): string => `${namePrefix(landscape)}-responders`;

/** Role that the SAML identity provider opens, and from which a hub role is assumed. */
export const samlDoorRoleName = (landscape: Landscape): string => `${namePrefix(landscape)}-door-saml`;

/** Athena's workgroup and Glue's database for the saved questions of an investigation. */
export const investigationWorkgroupName = (landscape: Landscape): string =>
  `${namePrefix(landscape)}-investigation`;
export const logDatabaseName = (landscape: Landscape): string =>
  `${namePrefix(landscape).replaceAll("-", "_")}_logs`;

/** Configuration of Resolver query logging, and the share by which accounts use it; one of each in a region. */
export const queryLogName = (landscape: Landscape): string => `${namePrefix(landscape)}-dns-queries`;

export const analyzerKinds = ["external-access", "unused-access"] as const;
export type AnalyzerKind = (typeof analyzerKinds)[number];
export const analyzerName = (landscape: Landscape, kind: AnalyzerKind): string =>
  `${namePrefix(landscape)}-${kind}`;

/** Policy of Security Hub's central configuration: for the whole organization, or for one unit. */
export const securityHubPolicyName = (landscape: Landscape, unitPath?: string): string =>
  shortened(
    [
      namePrefix(landscape),
      ...(unitPath === undefined ? [] : [unitPath.replace(/[^A-Za-z0-9]+/g, "-")]),
    ].join("-"),
    limitOf("configuration-policy-name"),
  );

/** Config's recorder and delivery channel, one of each in an account and region. */
export const recorderName = (landscape: Landscape): string => namePrefix(landscape);

/** Role of Config in an account, one a region; the region may stand for a template's own. */
export const configRoleName = (landscape: Landscape, region: string): string =>
  `${namePrefix(landscape)}-config-${region}`;

/** EventBridge's rule through which every finding of the organization comes. */
export const findingsRuleName = (landscape: Landscape): string => `${namePrefix(landscape)}-findings`;

/** Function that tells of a finding once a day, and the table of those that were told. */
export const toldFindingsName = (landscape: Landscape): string => `${namePrefix(landscape)}-told-findings`;

export const queryResultsKeyAliasName = (landscape: Landscape): string =>
  `alias/${namePrefix(landscape)}/query-results`;

export const evidenceKeyAliasName = (landscape: Landscape): string =>
  `alias/${namePrefix(landscape)}/evidence`;

/** Function that signs manifests of evidence, and the table that knows the last one of each case. */
export const custodyName = (landscape: Landscape): string => `${namePrefix(landscape)}-custody`;

/** The key that signs manifests, and the one under which the table and the function's log lie. */
export const signingKeyAliasName = (landscape: Landscape): string =>
  `alias/${namePrefix(landscape)}/custody-signing`;
export const custodyKeyAliasName = (landscape: Landscape): string => `alias/${namePrefix(landscape)}/custody`;

/** Service and resource control policies; the cuts' policy is the one that automation may write. */
export const guardrailNames = [
  "protect-kit",
  "protect-security",
  "protect-response",
  "protect-more",
  "data-perimeter",
  "kit-data",
  "seal-account",
  "seal-resources",
] as const;
export type GuardrailName = (typeof guardrailNames)[number];
export const guardrailName = (landscape: Landscape, guardrail: GuardrailName): string =>
  `${namePrefix(landscape)}-${guardrail}`;
export const cutPolicyName = (landscape: Landscape): string => `${namePrefix(landscape)}-cut`;

/** Bus in the hub's account, home region, to which every account forwards what must raise an alarm. */
export const alarmBusName = (landscape: Landscape): string => `${namePrefix(landscape)}-alarms`;

/** Alarms, and the alarm that one could not be delivered. */
export const alarmTopics = ["alarms", "alarms-undelivered"] as const;
export type AlarmTopic = (typeof alarmTopics)[number];
export const alarmTopicName = (landscape: Landscape, topic: AlarmTopic): string =>
  `${namePrefix(landscape)}-${topic}`;
export const alarmQueueName = (landscape: Landscape): string => `${namePrefix(landscape)}-alarms-undelivered`;
export const alarmKeyAliasName = (landscape: Landscape): string => `alias/${namePrefix(landscape)}/alarms`;

/** Functions of the hub: one a step, the writer of cuts, and the one that tags. */
export const stepFunctionName = (landscape: Landscape, step: string): string =>
  `${namePrefix(landscape)}-step-${step}`;
export const cutFunctionName = (landscape: Landscape): string => `${namePrefix(landscape)}-cuts`;
export const tagFunctionName = (landscape: Landscape): string => `${namePrefix(landscape)}-tags`;

export const workflowNames = ["contain-principal"] as const;
export type WorkflowName = (typeof workflowNames)[number];
export const stateMachineName = (landscape: Landscape, workflow: WorkflowName): string =>
  `${namePrefix(landscape)}-${workflow}`;

/** Table of the ledgers of cases. */
export const caseTableName = (landscape: Landscape): string => `${namePrefix(landscape)}-cases`;

/** Executions that did not end well wait here for a human. */
export const failedExecutionsName = (landscape: Landscape): string =>
  `${namePrefix(landscape)}-failed-executions`;

/** The sweep's state machine, its table of records and its functions. */
export const sweepName = (landscape: Landscape): string => `${namePrefix(landscape)}-sweep`;
export const sweepKeyAliasName = (landscape: Landscape): string => `alias/${namePrefix(landscape)}/sweep`;

export const caseKeyAliasName = (landscape: Landscape): string => `alias/${namePrefix(landscape)}/cases`;
export const responseKeyAliasName = (landscape: Landscape): string =>
  `alias/${namePrefix(landscape)}/response`;

/** A text as part of a Terraform name; two texts can come out alike, which the cross-checks refuse. */
export const terraformName = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]+/g, "_");

/** Names in Terraform of the units and accounts that the kit makes. */
export const unitKey = (path: string): string => `unit_${terraformName(path)}`;
export const accountKey = (name: string): string => `account_${terraformName(name)}`;

/** Name of a stack's state, in the folder or the bucket of states. */
export const stateFileName = (stack: string): string => `${stack}.tfstate`;

/** The account's id; asking for one that bootstrap has yet to create is an error of the program. */
export function accountId(account: Account): string {
  if (account.id === undefined) throw new Error(`account ${account.name} has no id yet`);
  return account.id;
}

export function organizationId(landscape: Landscape): string {
  if (landscape.organization.id === undefined) throw new Error("the organization has no id yet");
  return landscape.organization.id;
}
