import { fromLiteralJson } from "../../constructs/terraform-text";
import type { Landscape } from "../../landscape";
import { autoLogging } from "../../policies/tasks/auto-logging";
import { flowLogFormat } from "../../questions/tables/flow-logs";
import type { SweepEnvironment } from "../../runtime/functions/sweep-environment";
import { sweepMetrics } from "../../runtime/sweep/needs";
import type { StateMachine } from "../../runtime/workflows/state-machine";
import { exampleLandscape, exampleText, landscapeOf, resourcesOf, synthesized } from "../support/landscapes";

const { stack } = synthesized(exampleLandscape());
const sweep = stack("sweep");
const [machine] = resourcesOf(sweep, "aws_sfn_state_machine");
const definition = fromLiteralJson<StateMachine>(machine?.definition);
const environments = resourcesOf(sweep, "aws_lambda_function").map((one) =>
  fromLiteralJson<SweepEnvironment>(
    (one.environment as { variables: Record<string, string> }).variables.IR_KIT_FUNCTION,
  ),
);

describe("the sweep's stack", () => {
  it("maps over places one by one, eight at once unless the landscape says otherwise, and lets one that fails fail alone", () => {
    const map = definition.States.Sweep as unknown as Record<string, unknown>;
    expect(map).toMatchObject({
      Type: "Map",
      MaxConcurrency: 8,
      ToleratedFailurePercentage: 100,
      ItemProcessor: { ProcessorConfig: { Mode: "DISTRIBUTED" } },
      ItemReader: { Resource: "arn:aws:states:::s3:getObject" },
    });
    expect(definition.States.Summarize).toMatchObject({ Type: "Task" });
  });

  it("repeats what Lambda did not get, and nothing else", () => {
    const text = JSON.stringify(definition);
    expect(text).not.toContain("States.ALL");
    expect(text).toContain("Lambda.TooManyRequestsException");
  });

  it("tells each function what is wanted, within the size that Lambda takes", () => {
    expect(environments.map(({ step }) => step).sort()).toEqual([
      "list-places",
      "summarize-sweep",
      "sweep-place",
    ]);
    for (const environment of environments) {
      expect(JSON.stringify(environment).length).toBeLessThan(3_500);
      expect(environment.wanted).toMatchObject({
        regions: ["eu-west-1", "us-east-1"],
        reportUnwatched: false,
        flowLogs: {
          destinationArn: "arn:aws:s3:::acme-ir-flow-logs-333333333333-eu-west-1",
          format: flowLogFormat,
          interval: 60,
        },
        queryLog: { name: "acme-ir-dns-queries", owner: "222222222222" },
        settings: {
          ebsEncryptionByDefault: "report",
          blockPublicSnapshots: "report",
          blockPublicBuckets: "report",
        },
      });
    }
  });

  it("names no account but the hub's and the security account's: who joins is swept", () => {
    const text = JSON.stringify(sweep);
    for (const id of ["555555555555", "666666666666", "777777777777"]) expect(text).not.toContain(id);
  });

  it("may set in accounts what the landscape has healed, and nothing that it has reported", () => {
    const setters = [
      "ec2:EnableEbsEncryptionByDefault",
      "ec2:EnableSnapshotBlockPublicAccess",
      "s3:PutAccountPublicAccessBlock",
    ];
    const granted = (landscape: Landscape) =>
      autoLogging
        .inMember({ landscape, account: "555555555555" })
        .flatMap(({ actions }) => actions)
        .filter((action) => setters.includes(action));
    const settings = ["ebsEncryptionByDefault", "blockPublicSnapshots", "blockPublicBuckets"] as const;
    expect(granted(exampleLandscape())).toEqual([]);
    settings.forEach((setting, index) => {
      expect(granted(landscapeOf(`${exampleText}\nsweep: { ${setting}: heal }\n`))).toEqual([setters[index]]);
    });
  });

  it("starts by the clock, and when a VPC is made in any account", () => {
    const rules = resourcesOf(sweep, "aws_cloudwatch_event_rule");
    expect(rules.map(({ schedule_expression }) => schedule_expression).filter(Boolean)).toEqual([
      "rate(6 hours)",
    ]);
    const onBus = rules.find(({ event_bus_name }) => event_bus_name === "acme-ir-alarms");
    expect(fromLiteralJson(onBus?.event_pattern)).toMatchObject({
      source: ["aws.ec2"],
      detail: { eventName: ["CreateVpc", "CreateDefaultVpc"] },
    });
    const baseline = JSON.stringify(stack("baseline").resource);
    expect(baseline).toContain("acme-ir-alarms-newvpc");
    const targets = resourcesOf(sweep, "aws_cloudwatch_event_target");
    expect(targets.map(({ input }) => input)).toContain("{}");
    const [transformer] = targets.flatMap(
      ({ input_transformer }) => (input_transformer ?? []) as Record<string, string>[],
    );
    const filled = String(transformer?.input_template).replace("<account>", "1").replace("<region>", "r");
    expect(JSON.parse(filled)).toEqual({ places: [{ account: "1", region: "r" }] });
  });

  it("has an alarm for each count, that clears itself, and one for a sweep that does not come", () => {
    const alarms = resourcesOf(sweep, "aws_cloudwatch_metric_alarm").filter(
      ({ namespace }) => namespace === "aws-ir-kit/sweep",
    );
    expect(alarms.map(({ metric_name, statistic }) => `${metric_name} ${statistic}`).sort()).toEqual(
      sweepMetrics.map((metric) => `${metric} ${metric === "WholeSweeps" ? "Sum" : "Maximum"}`).sort(),
    );
    for (const alarm of alarms) {
      expect(alarm.ok_actions).toEqual(alarm.alarm_actions);
      expect(Number(alarm.period) * Number(alarm.evaluation_periods)).toBeLessThanOrEqual(7 * 86_400);
    }
    expect(alarms.find(({ metric_name }) => metric_name === "WholeSweeps")?.treat_missing_data).toBe(
      "breaching",
    );
  });

  it("keeps records and lists encrypted under its key, and lists for a week", () => {
    const [table] = resourcesOf(sweep, "aws_dynamodb_table");
    expect(table).toMatchObject({ hash_key: "account", range_key: "region" });
    expect(JSON.stringify(table?.server_side_encryption)).toContain("aws_kms_key");
    const [lifecycle] = resourcesOf(sweep, "aws_s3_bucket_lifecycle_configuration");
    expect(JSON.stringify(lifecycle)).toContain('"days":7');
  });

  it("is not there where the logs are others', nor where there is no hub", () => {
    const existing = synthesized(
      exampleLandscape(
        ["logging:\n  owner: kit", "logging:\n  owner: existing"],
        ["\n  retentionDays: 365", "\n# "],
        ["\n  lock: governance", "\n# "],
        ["\n  dataEvents: [s3-write]", "\n"],
        ["  config: kit", "  config: existing"],
      ),
    );
    expect(existing.texts.has("sweep")).toBe(false);
    const withoutHub = synthesized(landscapeOf(exampleText.slice(0, exampleText.indexOf("access:\n"))));
    expect(withoutHub.texts.has("sweep")).toBe(false);
  });
});
