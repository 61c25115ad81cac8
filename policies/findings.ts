/**
 * Finding formats that alarms are raised from, as data: what is forwarded to the hub, and what of it somebody is told of.
 *
 * Services and products are known by what AWS keeps stable, an ARN or a number, and never by a name that a console shows:
 * "Security Hub" became "Security Hub CSPM" in its own findings.
 */

type Pattern = Readonly<Record<string, unknown>>;

export interface FindingFormat {
  /** Part of names of rules on the hub's bus. */
  readonly id: "Finding" | "OcsfFinding" | "GuardDutyFinding";
  /** End of the name of the rule that forwards. */
  readonly suffix: "" | "-ocsf" | "-guardduty";
  readonly description: string;
  /** AWS's page or schema from which the fields are taken. */
  readonly source: string;
  /** What goes to the hub's bus. */
  readonly forwarded: Pattern;
  /** What of that raises an alarm. */
  readonly alarming: Pattern;
  /** Whether events of every watched region come up again in the home region, by an aggregator. */
  readonly aggregated: boolean;
}

/**
 * Types of findings that raise an alarm whatever their severity: severity tells how bad one event is, and these tell that
 * an intruder is at work. Sources: "GuardDuty AI Protection finding types", "Custom Detection Rules finding types" and
 * "GuardDuty IAM finding types" (Amazon GuardDuty user guide), which give each the default severity beside it.
 */
export const alarmingTypes = [
  {
    type: "Impact:IAMUser/AnomalousModelInvocation",
    severity: "Low",
    because: "models run for somebody else",
  },
  { type: "Impact:IAMUser/CostHarvesting", severity: "Low", because: "models run at the owner's cost" },
  {
    type: "Impact:IAMUser/PromptInjection.Direct",
    severity: "Low",
    because: "a guardrail of a model is attacked",
  },
  {
    type: "Persistence:IAM/AccountManipulation",
    severity: "Low",
    because: "new keys and passwords of users",
  },
  { type: "Impact:SES/ResourceHijacking", severity: "Low", because: "sending mail is opened for abuse" },
  { type: "Policy:IAMUser/RootCredentialUsage", severity: "Low", because: "root's own credentials call AWS" },
  { type: "Stealth:IAMUser/CloudTrailLoggingDisabled", severity: "Low", because: "a trail is switched off" },
  { type: "DefenseEvasion:IAMUser/BedrockLoggingDisabled", severity: "Low", because: "models run unseen" },
] as const;

const types: readonly string[] = alarmingTypes.map(({ type }) => type);

/**
 * In ASFF a type ends in GuardDuty's, mostly with a hyphen in the place of the slash. Source: "Interpreting GuardDuty
 * finding names in AWS Security Hub" (Amazon GuardDuty user guide).
 */
const asffTypes = types.flatMap((type) => [{ suffix: type.replace("/", "-") }, { suffix: type }]);

const openAsff = { RecordState: ["ACTIVE"], Workflow: { Status: ["NEW"] } } as const;
const asff = { source: ["aws.securityhub"], "detail-type": ["Security Hub Findings - Imported"] } as const;

/** Security Hub's own findings are controls that fail; with those of Inspector they are many, and no attacks. */
const noAttack = ["securityhub", "inspector"] as const;

const ocsfAlarm: Pattern = {
  source: ["aws.securityhub"],
  "detail-type": ["Findings Imported V2"],
  detail: {
    findings: {
      // Vulnerability Finding and Compliance Finding of OCSF are weaknesses, not attacks.
      class_uid: [{ "anything-but": [2002, 2003] }],
      // Closed is 3; the status is New.
      activity_id: [{ "anything-but": 3 }],
      status_id: [1],
      metadata: {
        product: { uid: [{ "anything-but": { wildcard: noAttack.map((product) => `*/aws/${product}*`) } }] },
      },
      // High, Critical and Fatal of OCSF; AWS says nowhere how it spells GuardDuty's types there.
      $or: [{ severity_id: [4, 5, 6] }, { finding_info: { types: asffTypes } }],
    },
  },
};

const guardDutyAlarm: Pattern = {
  source: ["aws.guardduty"],
  "detail-type": ["GuardDuty Finding"],
  detail: {
    service: { archived: [false] },
    // High begins at 7 ("GuardDuty finding severity levels").
    $or: [{ severity: [{ numeric: [">=", 7] }] }, { type: types }],
  },
};

export const findingFormats: readonly FindingFormat[] = [
  {
    id: "Finding",
    suffix: "",
    description: "A finding of Security Hub CSPM that tells of an attack",
    source:
      '"EventBridge event formats for Security Hub CSPM", "AWS Security Finding Format" (AWS Security Hub user guide)',
    forwarded: { ...asff, detail: { findings: openAsff } },
    alarming: {
      ...asff,
      detail: {
        findings: {
          ...openAsff,
          ProductArn: [{ "anything-but": { suffix: noAttack.map((product) => `::product/aws/${product}`) } }],
          $or: [{ Severity: { Label: ["CRITICAL", "HIGH"] } }, { Types: asffTypes }],
        },
      },
    },
    aggregated: true,
  },
  {
    id: "OcsfFinding",
    suffix: "-ocsf",
    description: "A finding of the new Security Hub that tells of an attack",
    source: '"EventBridge event formats", "OCSF findings in Security Hub" (AWS Security Hub user guide)',
    forwarded: ocsfAlarm,
    alarming: ocsfAlarm,
    aggregated: false,
  },
  {
    id: "GuardDutyFinding",
    suffix: "-guardduty",
    description:
      "A finding of GuardDuty that tells of an attack, where no Security Hub passes it on, and sooner where one does",
    source:
      '"Processing GuardDuty findings with Amazon EventBridge" (Amazon GuardDuty user guide), event schema aws.guardduty@GuardDutyFinding',
    forwarded: guardDutyAlarm,
    alarming: guardDutyAlarm,
    aggregated: false,
  },
];
