import { readFileSync } from "node:fs";
import path from "node:path";
import { kitIamArn, roleArn, stateMachineArn } from "../../../landscape/arns";
import type { Landscape } from "../../../landscape/model";
import { accountId } from "../../../landscape/names";
import { sweepEventSource } from "../../../runtime/sweep/needs";
import { repository } from "../../support/repository";
import type { EventRecord } from "./emit";

/** An event by which a pattern is shown to match. */
export interface Sample {
  /** Who published it: AWS, the kit itself, or nobody, where it is made for the test and called so. */
  readonly by: "AWS" | "the kit" | "made here";
  readonly source: string;
  readonly event: EventRecord;
}

interface Published {
  readonly name: string;
  readonly source: string;
  readonly event: Readonly<Record<string, unknown>>;
}

const fixture = <T>(name: string): T =>
  JSON.parse(readFileSync(path.join(repository, "test", "fixtures", "events", name), "utf8")) as T;

/**
 * A published sample, placed into the organization of the test: values are replaced, and none is added.
 *
 * @throws Error where the sample has no value at a path
 */
export function placed<T>(sample: T, replacements: Readonly<Record<string, string | number>>): T {
  const copy = structuredClone(sample);
  for (const [where, value] of Object.entries(replacements)) {
    const steps = where.split(".");
    const last = steps.pop() ?? "";
    const holder = steps.reduce<unknown>(
      (inner, step) => (inner as Record<string, unknown> | undefined)?.[step],
      copy,
    ) as Record<string, unknown> | undefined;
    if (holder === undefined || typeof holder[last] !== typeof value) {
      throw new Error(`AWS's sample has no ${where} of this type`);
    }
    holder[last] = value;
  }
  return copy;
}

/** As AWS shows events: the sample in "Monitor important changes to your organization" (AWS Organizations user guide). */
const envelope = (source: string, detailType: string, detail: object): EventRecord => ({
  version: "0",
  id: `sample-${detailType.replaceAll(" ", "-")}-${String((detail as { eventName?: string }).eventName ?? "")}`,
  "detail-type": detailType,
  source,
  account: "123456789012",
  time: "2026-11-29T08:00:00Z",
  region: "us-east-1",
  resources: [],
  detail,
});

function call(
  name: string,
  replacements: Readonly<Record<string, string>> = {},
  type = "AWS API Call",
): Sample {
  const found = fixture<readonly Published[]>("cloudtrail.json").find((sample) => sample.name === name);
  if (!found) throw new Error(`no sample ${name}`);
  const service = String(found.event.eventSource).split(".")[0] ?? "";
  return {
    by: "AWS",
    source: found.source,
    event: envelope(`aws.${service}`, `${type} via CloudTrail`, placed(found.event, replacements)),
  };
}

/** In the API names begin with capitals, in events they do not (event schema aws.guardduty@GuardDutyFinding). */
const asInEvents = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(asInEvents);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name.charAt(0).toLowerCase() + name.slice(1),
      asInEvents(inner),
    ]),
  );
};

export function guardDutySample(replacements: Readonly<Record<string, string | number>>): Sample {
  const { source, finding } = fixture<{ source: string; finding: object }>("guardduty-finding.json");
  const detail = placed(asInEvents(finding) as object, replacements);
  return { by: "AWS", source, event: envelope("aws.guardduty", "GuardDuty Finding", detail) };
}

export function asffSample(replacements: Readonly<Record<string, string | number>>): Sample {
  const { source, finding } = fixture<{ source: string; finding: object }>("asff-guardduty.json");
  const findings = [placed(finding, replacements)];
  return {
    by: "AWS",
    source,
    event: envelope("aws.securityhub", "Security Hub Findings - Imported", { findings }),
  };
}

/** AWS publishes the event around a finding of the new Security Hub, and no finding (docs/assumptions.md). */
export const ocsfEvent = (finding: object): Sample => ({
  by: "made here",
  source: '"EventBridge event formats" (AWS Security Hub user guide), for what is around the finding',
  event: envelope("aws.securityhub", "Findings Imported V2", {
    findings: [
      {
        activity_id: 1,
        class_uid: 2004,
        cloud: { account: { uid: "555555555555" }, region: "eu-west-1" },
        finding_info: {
          title: "A model is invoked",
          types: ["TTPs"],
          uid: "arn:aws:securityhub:x:finding/1",
        },
        metadata: { product: { uid: "arn:aws:securityhub:eu-west-1::productv2/aws/guardduty" } },
        resources: [{ uid: "arn:aws:iam::555555555555:user/ann" }],
        severity_id: 4,
        status_id: 1,
        ...finding,
      },
    ],
  }),
});

/** By what the name of a rule ends in: an event that it must match. */
export const samplesOf = (landscape: Landscape): Readonly<Record<string, Sample>> => {
  const user = kitIamArn(landscape, "user", accountId(landscape.accounts.forensics), "emergency-1");
  return {
    roleuse: call("AssumeRole", {
      "requestParameters.roleArn": roleArn(landscape, "contain", accountId(landscape.hub)),
    }),
    signin: call("RootSignIn", {}, "AWS Console Sign In"),
    usercall: call("AttachPolicy", { "userIdentity.arn": user }),
    identitychange: call("CreateUser", { "requestParameters.userName": "emergency-1" }),
    guardrail: call("AttachPolicy"),
    finding: asffSample({ "Severity.Label": "HIGH" }),
    guarddutyfinding: guardDutySample({ severity: 8 }),
    ocsffinding: ocsfEvent({}),
    source: {
      by: "the kit",
      source: "runtime/functions/sweep.ts",
      event: envelope(sweepEventSource, "Sources of logs", {
        text: "flow-logs of payments-prod fall silent",
      }),
    },
    "failed-executions": {
      by: "made here",
      source:
        '"Step Functions Execution Status Change" of the EventBridge user guide, by its names of fields',
      event: envelope("aws.states", "Step Functions Execution Status Change", {
        executionArn: "arn:aws:states:eu-west-1:222222222222:execution:acme-ir-contain-principal:1",
        stateMachineArn: stateMachineArn(landscape, "contain-principal"),
        status: "FAILED",
      }),
    },
  };
};
