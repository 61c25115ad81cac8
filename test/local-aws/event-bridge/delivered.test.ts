import { DeleteTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  EventBridgeClient,
  PutEventsCommand,
  PutRuleCommand,
  TestEventPatternCommand,
} from "@aws-sdk/client-eventbridge";
import { LambdaClient, RemovePermissionCommand } from "@aws-sdk/client-lambda";
import { DeleteTopicCommand, SNSClient } from "@aws-sdk/client-sns";
import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { alarmBusArn, alarmQueueArn, alarmTopicArn } from "../../../landscape/arns";
import { accountId, alarmQueueName, toldFindingsName } from "../../../landscape/names";
import { alarmingTypes } from "../../../policies/findings";
import { EmulatedOrganization } from "../../proofs/walkthroughs/organization";
import { describeWithEmulator } from "../../support/with-tools";
import type { Delivery, EventRecord } from "./emit";
import { asffSample, guardDutySample, ocsfEvent, type Sample, samplesOf } from "./samples";
import { StandingAlarms } from "./standing-alarms";

describeWithEmulator("the kit's alarms on the local AWS", () => {
  let organization: EmulatedOrganization;
  let alarms: StandingAlarms;
  let samples: Readonly<Record<string, Sample>>;
  let hub: ReturnType<EmulatedOrganization["client"]>;
  const table: string[] = [];

  beforeAll(async () => {
    organization = await EmulatedOrganization.create();
    alarms = await StandingAlarms.stand(organization);
    samples = samplesOf(organization.landscape);
    hub = organization.client(await organization.administrator("security"));
  });

  afterAll(async () => {
    process.stdout.write(`alarms delivered, by pattern:\n${table.map((line) => `  ${line}\n`).join("")}`);
    await organization.close();
  });

  const emit = (event: EventRecord, account = "payments-prod", region = "us-east-1") =>
    organization.front.emit({ account: organization.idOf(account), region }, event);

  /** What lies in a queue of the hub's; reading takes it out. */
  async function inQueue(name: string): Promise<string[]> {
    const QueueUrl = `https://sqs.eu-west-1.amazonaws.com/${organization.idOf("security")}/${name}`;
    const { Messages = [] } = await new SQSClient(hub).send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 3600 }),
    );
    return Messages.map(({ Body = "" }) => Body);
  }

  const told = () => inQueue(alarms.inbox);
  const undelivered = () => inQueue(alarmQueueName(organization.landscape));
  const of = (deliveries: readonly Delivery[], rule: string) =>
    deliveries.filter((delivery) => delivery.rule.endsWith(`-${rule}`));

  /** Where AWS emits the events of a rule: what is forwarded in every account, in the administrator's, or by the hub itself. */
  const placeOf = (rule: string): readonly [account: string, region: string, bus?: string] => {
    if (rule.endsWith("finding")) return ["security", rule === "finding" ? "eu-west-1" : "us-east-1"];
    if (rule === "source" || rule === "failed-executions") return ["security", "eu-west-1"];
    return ["payments-prod", "us-east-1"];
  };

  it.each([
    "roleuse",
    "signin",
    "usercall",
    "identitychange",
    "guardrail",
    "finding",
    "guarddutyfinding",
    "ocsffinding",
    "failed-executions",
  ])("tell somebody of what AWS's sample for %s shows", async (rule) => {
    const sample = samples[rule];
    const [account, region] = placeOf(rule);
    const event = { ...sample?.event, id: `one-${rule}` };
    const deliveries = await emit(
      rule === "failed-executions" ? event : unique(event, rule),
      account,
      region,
    );
    const own = rule === "failed-executions" ? rule : `alarms-on-${rule}`;
    const [delivery] = of(deliveries, own).filter(({ target }) => !target.includes(":sqs:"));
    expect(delivery).toMatchObject({ outcome: "delivered" });
    const messages = await told();
    expect(messages.length).toBeGreaterThanOrEqual(1);
    table.push(
      `${own.padEnd(28)} ${String(messages.length)} delivered   sample: ${sample?.by ?? ""}, ${sample?.source ?? ""}`,
    );
  });

  it("tell somebody of what the sweep says, which comes by PutEvents of the hub itself", async () => {
    const { detail, source, "detail-type": type } = samples.source?.event ?? {};
    const { FailedEntryCount } = await new EventBridgeClient(hub).send(
      new PutEventsCommand({
        Entries: [
          {
            EventBusName: alarmBusArn(organization.landscape, accountId(organization.landscape.hub)),
            Source: String(source),
            DetailType: String(type),
            Detail: JSON.stringify(detail),
          },
        ],
      }),
    );
    expect(FailedEntryCount).toBe(0);
    expect(await told()).toEqual(['"flow-logs of payments-prod fall silent"']);
    table.push(`${"alarms-on-source".padEnd(28)} 1 delivered   sample: ${samples.source?.by ?? ""}`);
  });

  it("tell of a finding once, though it comes by three ways and again after fifteen minutes", async () => {
    const arn = "arn:aws:guardduty:us-east-1:555555555555:detector/d/finding/thesameone";
    const ways = [
      [guardDutySample({ arn, severity: 8 }), "us-east-1"],
      [asffSample({ Id: arn, "Severity.Label": "HIGH" }), "eu-west-1"],
      [ocsfEvent({ finding_info: { uid: arn, title: "x", types: [] } }), "us-east-1"],
      [guardDutySample({ arn, severity: 8 }), "us-east-1"],
    ] as const;
    let number = 0;
    for (const [sample, region] of ways) {
      number += 1;
      const deliveries = await emit({ ...sample.event, id: `way-${number}` }, "security", region);
      expect(deliveries.map(({ outcome }) => outcome)).not.toContain("dropped");
      expect(deliveries.some(({ target }) => target.includes(":lambda:"))).toBe(true);
    }
    expect(await told()).toHaveLength(1);
  });

  it("tell of what AWS rates low and an intruder does, and not of the rest that it rates low", async () => {
    const low = (type: string) => unique(guardDutySample({ severity: 2, type }).event, `low-${type}`);
    for (const { type } of alarmingTypes) await emit(low(type), "security");
    const messages = await told();
    expect(messages).toHaveLength(alarmingTypes.length);
    await emit(low("Recon:EC2/PortProbeUnprotectedPort"), "security");
    expect(await told()).toEqual([]);
  });

  it("stay silent for controls that fail, whatever the product is called, and for what is dealt with", async () => {
    const hubArn = "arn:aws:securityhub:eu-west-1::product/aws/securityhub";
    const silent = [
      asffSample({ "Severity.Label": "CRITICAL", ProductArn: hubArn }),
      asffSample({ "Severity.Label": "CRITICAL", "Workflow.Status": "NOTIFIED" }),
      asffSample({ "Severity.Label": "CRITICAL", RecordState: "ARCHIVED" }),
      ocsfEvent({ class_uid: 2003, severity_id: 5 }),
      ocsfEvent({
        severity_id: 5,
        metadata: { product: { uid: "arn:aws:securityhub:eu-west-1::productv2/aws/securityhub" } },
      }),
      ocsfEvent({ severity_id: 5, activity_id: 3 }),
      ocsfEvent({ severity_id: 3 }),
    ];
    for (const { event } of silent) {
      const deliveries = await emit(event, "security", "eu-west-1");
      expect(deliveries.filter(({ rule }) => rule.includes("-on-"))).toEqual([]);
    }
    expect(await told()).toEqual([]);
  });

  it("are not put by whoever likes to: an event in AWS's name is refused, a pattern that is none too", async () => {
    const events = new EventBridgeClient(hub);
    const { Entries } = await events.send(
      new PutEventsCommand({
        Entries: [{ Source: "aws.guardduty", DetailType: "GuardDuty Finding", Detail: "{}" }],
      }),
    );
    expect(Entries?.[0]?.ErrorCode).toBe("NotAuthorizedForSourceException");
    for (const EventPattern of [
      '{"source":"aws.iam"}',
      '{"source":[{"like":"aws"}]}',
      `{"source":["${"x".repeat(4096)}"]}`,
    ]) {
      await expect(events.send(new PutRuleCommand({ Name: "broken", EventPattern }))).rejects.toMatchObject({
        name: "InvalidEventPatternException",
      });
    }
    const { Result } = await events.send(
      new TestEventPatternCommand({
        EventPattern: '{"source":[{"suffix":"iam"}]}',
        Event: '{"source":"aws.iam"}',
      }),
    );
    expect(Result).toBe(true);
  });

  it("wait in the queue where the topic is gone, the function is not to be invoked or the bus lets nobody in", async () => {
    const { landscape } = organization;
    const lambda = new LambdaClient(hub);
    await new DynamoDBClient(hub).send(new DeleteTableCommand({ TableName: toldFindingsName(landscape) }));
    await emit(unique(samples.guarddutyfinding?.event ?? {}, "without-table"), "security");
    expect(await told()).toHaveLength(1);
    await new SNSClient(hub).send(new DeleteTopicCommand({ TopicArn: alarmTopicArn(landscape, "alarms") }));
    const byFunction = unique(samples.guarddutyfinding?.event ?? {}, "without-topic");
    await emit(byFunction, "security");
    expect((await undelivered()).map((body) => JSON.parse(body).requestPayload?.id)).toEqual([byFunction.id]);
    const [direct] = of(await emit(samples.guardrail?.event ?? {}), "alarms-on-guardrail");
    expect(direct).toMatchObject({ outcome: "put aside" });
    expect(await undelivered()).toHaveLength(1);
    await lambda.send(
      new RemovePermissionCommand({ FunctionName: toldFindingsName(landscape), StatementId: "RulesInvoke" }),
    );
    const [refused] = of(
      await emit(samples.guarddutyfinding?.event ?? {}, "security"),
      "alarms-on-guarddutyfinding",
    );
    expect(refused).toMatchObject({
      outcome: "put aside",
      because: expect.stringContaining("NO_PERMISSIONS"),
    });
    expect(await undelivered()).toHaveLength(1);
    expect(alarmQueueArn(landscape)).toContain(alarmQueueName(landscape));
  });
});

/** The same event of another finding: a finding that was told today is told no more. */
function unique(event: EventRecord, name: string): EventRecord & { readonly id: string } {
  const arn = `arn:aws:guardduty:us-east-1:555555555555:detector/d/finding/${name}`;
  const text = JSON.stringify(event).replace(/"(arn|Id|uid)":"arn:[^"]*(?:finding)[^"]*"/g, `"$1":"${arn}"`);
  return { ...(JSON.parse(text) as EventRecord), id: name };
}
