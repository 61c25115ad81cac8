import { CloudwatchEventBus } from "@cdktf/provider-aws/lib/cloudwatch-event-bus";
import { CloudwatchEventBusPolicy } from "@cdktf/provider-aws/lib/cloudwatch-event-bus-policy";
import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import type { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import type { Construct } from "constructs";
import { after } from "../constructs/after";
import { Forgotten } from "../constructs/forgotten";
import { KitStack } from "../constructs/kit-stack";
import { removableKey } from "../constructs/removable-key";
import { literalJson } from "../constructs/terraform-text";
import { alarmQueueArn, alarmTopicArn } from "../landscape/arns";
import type { Access, Channel, Landscape } from "../landscape/model";
import {
  alarmBusName,
  alarmKeyAliasName,
  alarmQueueName,
  alarmTopicName,
  alarmTopics,
} from "../landscape/names";
import {
  alarmBusPolicy,
  alarmKeyPolicy,
  alarmQueuePolicy,
  alarmTopicPolicy,
} from "../policies/alarm-delivery";
import { alarmPatterns, sweepEvents } from "../policies/alarms";
import { type FindingFormat, findingFormats } from "../policies/findings";
import { ToldFindings } from "./told-findings";

/**
 * Where alarms of every account and region arrive and whom they reach. What can't be delivered waits in a queue, and
 * that raises an alarm of its own on a topic of its own.
 */
export class AlarmsStack extends KitStack {
  private readonly key: KmsKey;
  private readonly queue: SqsQueue;

  constructor(
    scope: Construct,
    name: string,
    private readonly access: Access,
    landscape: Landscape,
  ) {
    super(scope, name, { landscape, account: landscape.hub, region: landscape.homeRegion });
    this.key = removableKey(this, {
      alias: alarmKeyAliasName(landscape),
      description: "Encrypts alarms on their way",
      policy: alarmKeyPolicy(landscape),
    });
    this.queue = this.createQueue();
    for (const topic of alarmTopics) this.createTopic(topic);
    this.createBus();
    this.watchQueue();
  }

  private createQueue(): SqsQueue {
    // Until 0.1.0 the queue's policy was a resource of its own: destroyed, it would leave the queue without any.
    new Forgotten(this, "undelivered-policy", "aws_sqs_queue_policy");
    return new SqsQueue(this, "undelivered", {
      name: alarmQueueName(this.landscape),
      kmsMasterKeyId: this.key.arn,
      messageRetentionSeconds: 1_209_600,
      // In the queue itself: as a resource of its own it would be waited for as long again, 25 seconds.
      policy: literalJson(alarmQueuePolicy(this.landscape)),
    });
  }

  private createTopic(topic: (typeof alarmTopics)[number]): void {
    const resource = new SnsTopic(this, topic, {
      name: alarmTopicName(this.landscape, topic),
      kmsMasterKeyId: this.key.arn,
    });
    new SnsTopicPolicy(this, `${topic}-policy`, {
      arn: resource.arn,
      policy: literalJson(alarmTopicPolicy(this.landscape, topic)),
    });
    this.access.notify.forEach((channel, index) => {
      new SnsTopicSubscription(this, `${topic}-channel-${index}`, {
        topicArn: resource.arn,
        ...endpointOf(channel),
        ...(topic === "alarms" && {
          redrivePolicy: literalJson({ deadLetterTargetArn: alarmQueueArn(this.landscape) }),
        }),
      });
    });
  }

  private createBus(): void {
    const bus = new CloudwatchEventBus(this, "bus", { name: alarmBusName(this.landscape) });
    new CloudwatchEventBusPolicy(this, "bus-policy", {
      eventBusName: bus.name,
      policy: literalJson(alarmBusPolicy(this.landscape)),
    });
    for (const { id, because, pattern, state } of alarmPatterns(this.landscape)) {
      this.notify(bus, { id, description: because, pattern, state, ...callMessage(because) });
    }
    if (this.landscape.logging.owner === "kit") {
      this.notify(bus, {
        id: "Source",
        description: "A log that was delivered, or should be, is silent, or comes again",
        pattern: sweepEvents,
        state: "ENABLED",
        inputPaths: { text: "$.detail.text" },
        inputTemplate: "<text>",
      });
    }
    this.tellOfFindings(bus);
  }

  /** Findings come again and again, and by more than one way: a function tells of each once a day. */
  private tellOfFindings(bus: CloudwatchEventBus): void {
    const told = new ToldFindings(this, "told-findings", {
      landscape: this.landscape,
      key: { arn: this.key.arn, before: this.key },
      queue: this.queue,
    });
    for (const format of findingFormats) this.hand(bus, told, format);
  }

  private hand(
    bus: CloudwatchEventBus,
    told: ToldFindings,
    { id, description, alarming }: FindingFormat,
  ): void {
    const rule = this.createRule(bus, { id, description, pattern: alarming, state: "ENABLED" });
    const target = new CloudwatchEventTarget(this, `target-${id}`, {
      rule: rule.name,
      eventBusName: bus.name,
      targetId: "notify",
      arn: told.functionArn,
      deadLetterConfig: { arn: alarmQueueArn(this.landscape) },
      retryPolicy,
    });
    after(target, this.queue, told);
  }

  private createRule(
    bus: CloudwatchEventBus,
    { id, description, pattern, state }: Watched,
  ): CloudwatchEventRule {
    return new CloudwatchEventRule(this, `rule-${id}`, {
      name: `${alarmBusName(this.landscape)}-on-${id.toLowerCase()}`,
      description,
      eventBusName: bus.name,
      eventPattern: literalJson(pattern),
      state,
    });
  }

  private notify(bus: CloudwatchEventBus, { id, description, pattern, state, ...message }: Notice): void {
    const rule = this.createRule(bus, { id, description, pattern, state });
    const target = new CloudwatchEventTarget(this, `target-${id}`, {
      rule: rule.name,
      eventBusName: bus.name,
      targetId: "notify",
      arn: alarmTopicArn(this.landscape, "alarms"),
      deadLetterConfig: { arn: alarmQueueArn(this.landscape) },
      retryPolicy,
      inputTransformer: { ...message, inputTemplate: JSON.stringify(message.inputTemplate) },
    });
    const policies = this.node.children.filter((child) => child.node.id.endsWith("-policy"));
    after(target, this.queue, ...policies);
  }

  private watchQueue(): void {
    new CloudwatchMetricAlarm(this, "undelivered-alarm", {
      alarmName: alarmQueueName(this.landscape),
      alarmDescription: "An alarm could not be delivered: read the queue",
      namespace: "AWS/SQS",
      metricName: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: this.queue.name },
      statistic: "Maximum",
      period: 60,
      evaluationPeriods: 1,
      threshold: 0,
      comparisonOperator: "GreaterThanThreshold",
      treatMissingData: "notBreaching",
      alarmActions: [alarmTopicArn(this.landscape, "alarms-undelivered")],
    });
  }
}

interface Message {
  readonly inputPaths: Record<string, string>;
  readonly inputTemplate: string;
}

/** Source of the bounds: "How EventBridge retries delivering events" (Amazon EventBridge user guide). */
const retryPolicy = { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 24 };

interface Watched {
  readonly id: string;
  readonly description: string;
  readonly pattern: Readonly<Record<string, unknown>>;
  readonly state: string;
}

interface Notice extends Watched, Message {}

const callMessage = (because: string): Message => ({
  inputPaths: {
    account: "$.account",
    event: "$.detail.eventName",
    id: "$.detail.eventID",
    region: "$.region",
    time: "$.time",
    who: "$.detail.userIdentity.arn",
  },
  inputTemplate: `${because}: <event> by <who> in account <account>, <region>, at <time>. CloudTrail event <id>.`,
});

function endpointOf(channel: Channel): { protocol: string; endpoint: string } {
  switch (channel.type) {
    case "email":
      return { protocol: "email", endpoint: channel.address };
    case "sms":
      return { protocol: "sms", endpoint: channel.number };
    case "https":
      return { protocol: "https", endpoint: channel.url };
  }
}
