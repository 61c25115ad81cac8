import { loadAwsServiceSpecSync } from "@aws-cdk/aws-service-spec";
import { OcsfNumberField, OcsfStringField } from "@aws-sdk/client-securityhub";
import { fromLiteralJson } from "../../constructs/terraform-text";
import { findingFormats } from "../../policies/findings";
import { parsePattern } from "../local-aws/event-bridge/pattern";
import { exampleLandscape, resourcesOf, synthesized } from "../support/landscapes";

type Pattern = Readonly<Record<string, unknown>>;

/** Paths of the fields that a pattern asks for, whichever alternative of `$or` they stand in. */
const fieldsOf = (pattern: Pattern): string[] => [
  ...new Set(parsePattern(JSON.stringify(pattern)).flatMap((alternative) => [...alternative.keys()])),
];

const alarmingOf = (id: string): Pattern => findingFormats.find((format) => format.id === id)?.alarming ?? {};

/** What consoles show, and AWS renames: `ProductName` of controls was "Security Hub" until it was "Security Hub CSPM". */
const displayNames =
  /(?:^|\.)(?:ProductName|CompanyName|Title|Description|GeneratorName|product\.name|vendor_name|class_name|title|desc|userAgent)$/;

describe("patterns of events", () => {
  const { texts, stack } = synthesized(exampleLandscape());
  const patterns = [...texts.keys()].flatMap((name) =>
    resourcesOf(stack(name), "aws_cloudwatch_event_rule").flatMap(({ name: rule, event_pattern }) =>
      event_pattern === undefined ? [] : [[String(rule), fromLiteralJson<Pattern>(event_pattern)] as const],
    ),
  );
  const baseline = fromLiteralJson<{
    Resources: Record<string, { Type: string; Properties: { Name?: string; EventPattern?: Pattern } }>;
  }>(stack("baseline").resource?.aws_cloudformation_stack_set?.regional?.template_body);
  const forwarded = Object.values(baseline.Resources).flatMap(({ Properties: { Name, EventPattern } }) =>
    EventPattern === undefined ? [] : [[String(Name), EventPattern] as const],
  );

  it.each([...patterns, ...forwarded])("ask for no name that a console shows: %s", (_, pattern) => {
    expect(fieldsOf(pattern).filter((field) => displayNames.test(field))).toEqual([]);
  });

  it("are read by EventBridge, all of them", () => {
    expect(patterns.length + forwarded.length).toBeGreaterThanOrEqual(18);
    for (const [, pattern] of [...patterns, ...forwarded]) {
      expect(() => parsePattern(JSON.stringify(pattern))).not.toThrow();
    }
  });
});

describe("what Security Hub suppresses as noise", () => {
  it("is known by ids and types, and by no name that a console shows", () => {
    const { stack } = synthesized(exampleLandscape());
    const rules = resourcesOf(stack("detection-eu-west-1"), "aws_securityhub_automation_rule");
    expect(rules.length).toBeGreaterThan(0);
    for (const { criteria } of rules)
      expect(JSON.stringify(criteria)).not.toMatch(/product_name|company_name|title/);
  });
});

describe("fields of finding patterns", () => {
  it("of GuardDuty are in AWS's schema of the event, and always there", () => {
    const specification = loadAwsServiceSpecSync();
    const event = [...specification.all("event")].find(
      ({ name }) => name === "aws.guardduty@GuardDutyFinding",
    );
    const typeOf = (id: string) => specification.get("eventTypeDefinition", id).properties;
    const root = typeOf(event?.rootProperty.$ref ?? "");
    const pattern = alarmingOf("GuardDutyFinding");
    expect([pattern.source, pattern["detail-type"]]).toEqual([[event?.source], [event?.detailType]]);
    const service = root.service?.type;
    const inner = service?.type === "ref" ? typeOf(service.reference.$ref) : {};
    expect(inner.archived).toMatchObject({ type: { type: "boolean" }, required: true });
    expect(root.severity).toMatchObject({ type: { type: "number" }, required: true });
    expect(root.type).toMatchObject({ type: { type: "string" }, required: true });
    expect(fieldsOf(pattern).sort()).toEqual(
      ["detail-type", "detail.service.archived", "detail.severity", "detail.type", "source"].sort(),
    );
  });

  it("of OCSF are those by which AWS's own API filters such findings", () => {
    const known = new Set<string>([...Object.values(OcsfStringField), ...Object.values(OcsfNumberField)]);
    const asked = fieldsOf(alarmingOf("OcsfFinding"))
      .filter((field) => field.startsWith("detail.findings."))
      .map((field) => field.replace("detail.findings.", ""));
    // The API filters by the class's name; its number is in OCSF itself and in AWS's "Automated Security Response".
    expect(asked.filter((field) => !known.has(field))).toEqual(["class_uid"]);
    expect(asked).toEqual(
      expect.arrayContaining(["severity_id", "finding_info.types", "metadata.product.uid"]),
    );
  });
});
