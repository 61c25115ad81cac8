/** What is told of a finding, in whichever format it came. */
export interface ToldFinding {
  /**
   * What makes it the same finding, by whichever way it came; undefined where the event does not tell. GuardDuty's own id
   * is in the ARN that all formats carry.
   */
  readonly identity?: string;
  /** From 1, Informational, to 6, Fatal, as OCSF counts; 0 where the event does not tell. */
  readonly severity: number;
  readonly title: string;
  readonly account: string;
  readonly region: string;
  readonly resource: string;
  readonly id: string;
}

/** An event as EventBridge hands it on. */
export interface EventEnvelope {
  readonly id?: string;
  readonly time?: string;
  readonly "detail-type"?: string;
  readonly detail?: unknown;
}

export const severityNames = [
  "Unknown",
  "Informational",
  "Low",
  "Medium",
  "High",
  "Critical",
  "Fatal",
] as const;

/** Reads what an alarm tells; of an event in a shape that nobody expected it tells what it finds, and never throws. */
export function findingOf(event: EventEnvelope): ToldFinding {
  const { detail } = event;
  switch (event["detail-type"]) {
    case "GuardDuty Finding":
      return told({
        id: text(at(detail, "arn")) ?? text(at(detail, "id")),
        severity: ofGuardDuty(at(detail, "severity")),
        title: text(at(detail, "title")) ?? text(at(detail, "type")),
        account: text(at(detail, "accountId")),
        region: text(at(detail, "region")),
        resource: text(at(detail, "resource", "resourceType")),
      });
    case "Findings Imported V2":
      return told(ocsf(at(detail, "findings", 0)));
    default:
      return told(asff(at(detail, "findings", 0)));
  }
}

type Read = { readonly [Field in Exclude<keyof ToldFinding, "identity">]: ToldFinding[Field] | undefined };

const ocsf = (finding: unknown): Read => ({
  id: text(at(finding, "finding_info", "uid")),
  severity: number(at(finding, "severity_id")),
  title: text(at(finding, "finding_info", "title")),
  account: text(at(finding, "cloud", "account", "uid")),
  region: text(at(finding, "cloud", "region")),
  resource: text(at(finding, "resources", 0, "uid")),
});

const asff = (finding: unknown): Read => ({
  id: text(at(finding, "Id")),
  severity: severityOf(text(at(finding, "Severity", "Label"))),
  title: text(at(finding, "Title")),
  account: text(at(finding, "AwsAccountId")),
  region: text(at(finding, "Region")) ?? text(at(finding, "Resources", 0, "Region")),
  resource: text(at(finding, "Resources", 0, "Id")),
});

const unknown = "unknown";

function told({ id, severity = 0, title, account, region, resource }: Read): ToldFinding {
  return {
    ...(id !== undefined && { identity: identityOf(id) }),
    severity: severity in severityNames ? severity : 0,
    title: title ?? "A finding without a title",
    account: account ?? unknown,
    region: region ?? unknown,
    resource: resource ?? unknown,
    id: id ?? unknown,
  };
}

/** Detectors differ between the account of a finding and its administrator; the finding's own id does not. */
const identityOf = (id: string): string => {
  const ofGuardDuty = /:guardduty:.*\/finding\/([^/]+)$/.exec(id)?.[1];
  return ofGuardDuty === undefined ? id : `guardduty/${ofGuardDuty}`;
};

/** Bounds of GuardDuty's numbers. Source: "GuardDuty finding severity levels" (Amazon GuardDuty user guide). */
function ofGuardDuty(value: unknown): number | undefined {
  const severity = number(value);
  if (severity === undefined) return undefined;
  if (severity >= 9) return 5;
  if (severity >= 7) return 4;
  return severity >= 4 ? 3 : 2;
}

const severityOf = (label: string | undefined): number | undefined => {
  const place = severityNames.findIndex((name) => name.toUpperCase() === label);
  return place < 0 ? undefined : place;
};

function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (inner, step) =>
      typeof inner === "object" && inner !== null
        ? (inner as Record<string | number, unknown>)[step]
        : undefined,
    value,
  );
}

const text = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

const number = (value: unknown): number | undefined => (typeof value === "number" ? value : undefined);
