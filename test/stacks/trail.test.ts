import { exampleLandscape, resourcesOf, synthesized } from "../support/landscapes";

interface Selector {
  readonly name: string;
  readonly field_selector: readonly ({ readonly field: string } & Record<string, unknown>)[];
}

function trailOf(
  ...changes: readonly (readonly [string, string])[]
): Record<string, unknown> & { advanced_event_selector: Selector[] } {
  const [trail] = resourcesOf(synthesized(exampleLandscape(...changes)).stack("trail"), "aws_cloudtrail");
  return trail as never;
}

const fields = (selector: Selector | undefined) =>
  Object.fromEntries((selector?.field_selector ?? []).map(({ field, ...conditions }) => [field, conditions]));

describe("the trail", () => {
  it("records every account and region, validated and encrypted", () => {
    expect(trailOf()).toMatchObject({
      name: "acme-ir-organization",
      s3_bucket_name: "acme-ir-cloudtrail-333333333333-eu-west-1",
      is_organization_trail: true,
      is_multi_region_trail: true,
      include_global_service_events: true,
      enable_log_file_validation: true,
      enable_logging: true,
      kms_key_id: expect.stringMatching(/^\$\{aws_kms_key\..*\.arn\}$/),
    });
  });

  it("records management events, which advanced selectors would otherwise end", () => {
    expect(fields(trailOf().advanced_event_selector[0])).toEqual({
      eventCategory: { equals: ["Management"] },
    });
  });

  it("records who tries to remove a log or weaken its lock, whatever data events are chosen", () => {
    const { advanced_event_selector } = trailOf(["dataEvents: [s3-write]", "dataEvents: []"]);
    expect(advanced_event_selector.map(({ name }) => name)).toEqual([
      "management",
      "tampering-with-logs",
      "evidence",
      "custody",
    ]);
    expect(fields(advanced_event_selector[1])).toMatchObject({
      eventName: { equals: ["DeleteObject", "DeleteObjects", "PutObjectLegalHold", "PutObjectRetention"] },
      "resources.ARN": {
        starts_with: expect.arrayContaining(["arn:aws:s3:::acme-ir-cloudtrail-333333333333-eu-west-1/"]),
      },
    });
  });

  it("records who touches evidence in any region, and who has the custodian sign", () => {
    const { advanced_event_selector } = trailOf();
    const of = (wanted: string) => fields(advanced_event_selector.find(({ name }) => name === wanted));
    expect(of("evidence")).toEqual({
      eventCategory: { equals: ["Data"] },
      "resources.type": { equals: ["AWS::S3::Object"] },
      "resources.ARN": {
        starts_with: ["eu-west-1", "us-east-1"].map(
          (region) => `arn:aws:s3:::acme-ir-evidence-444444444444-${region}/`,
        ),
      },
    });
    expect(of("custody")).toMatchObject({
      "resources.ARN": { equals: ["arn:aws:lambda:eu-west-1:444444444444:function:acme-ir-custody"] },
    });
  });

  it.each([
    ["s3-write", "AWS::S3::Object", "false"],
    ["s3-read", "AWS::S3::Object", "true"],
    ["lambda-invoke", "AWS::Lambda::Function", undefined],
    ["dynamodb-write", "AWS::DynamoDB::Table", "false"],
  ])("records %s where the landscape asks for it", (kind, type, readOnly) => {
    const selectors = trailOf(["dataEvents: [s3-write]", `dataEvents: [${kind}]`]).advanced_event_selector;
    const chosen = fields(selectors.find(({ name }) => name === kind));
    expect(chosen).toMatchObject({
      eventCategory: { equals: ["Data"] },
      "resources.type": { equals: [type] },
    });
    expect(chosen.readOnly).toEqual(readOnly === undefined ? undefined : { equals: [readOnly] });
  });

  it("records calls through VPC endpoints and unusual rates where the landscape asks for it, and not unasked", () => {
    expect(trailOf().insight_selector ?? []).toEqual([]);
    const trail = trailOf([
      "dataEvents: [s3-write]",
      "dataEvents: []\n  networkEvents: [s3, kms]\n  insights: [api-error-rate, api-call-rate]",
    ]);
    expect(
      trail.advanced_event_selector.map((selector) => [selector.name, fields(selector)]).slice(4),
    ).toEqual(
      ["kms", "s3"].map((service) => [
        `network-${service}`,
        {
          eventCategory: { equals: ["NetworkActivity"] },
          eventSource: { equals: [`${service}.amazonaws.com`] },
        },
      ]),
    );
    expect(trail.insight_selector).toEqual([
      { insight_type: "ApiCallRateInsight" },
      { insight_type: "ApiErrorRateInsight" },
    ]);
  });

  it("does not record its own deliveries, which would have no end", () => {
    const selectors = trailOf().advanced_event_selector;
    expect(fields(selectors.find(({ name }) => name === "s3-write"))["resources.ARN"]).toEqual({
      not_starts_with: ["cloudtrail", "flow-logs", "dns-queries", "findings", "config-history"].map(
        (kind) => `arn:aws:s3:::acme-ir-${kind}-333333333333-eu-west-1/`,
      ),
    });
  });

  it("has a key that does not go with the stack", () => {
    const [key] = resourcesOf(synthesized(exampleLandscape()).stack("trail"), "aws_kms_key");
    expect(key).toMatchObject({ enable_key_rotation: true, lifecycle: { prevent_destroy: true } });
  });
});
