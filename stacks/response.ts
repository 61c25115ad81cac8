import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import type { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { SfnStateMachine } from "@cdktf/provider-aws/lib/sfn-state-machine";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import type { Construct } from "constructs";
import { after } from "../constructs/after";
import { Forgotten } from "../constructs/forgotten";
import { type FunctionEntry, functionBundle } from "../constructs/function-bundle";
import { KitFunction } from "../constructs/kit-function";
import { KitStack } from "../constructs/kit-stack";
import { removableKey } from "../constructs/removable-key";
import { literalJson } from "../constructs/terraform-text";
import { alarmTopicArn, failedExecutionsArn, roleArn, stateMachineArn } from "../landscape/arns";
import type { Landscape } from "../landscape/model";
import {
  accountId,
  caseTableName,
  cutFunctionName,
  failedExecutionsName,
  type RoleUse,
  responseKeyAliasName,
  roleName,
  stateMachineName,
  stepFunctionName,
  tagFunctionName,
  type WorkflowName,
} from "../landscape/names";
import { failedExecutionsPolicy, responseKeyPolicy } from "../policies/response";
import { environmentVariable, type FunctionEnvironment } from "../runtime/functions/environment";
import type { StateMachine } from "../runtime/workflows/state-machine";
import { kitOf } from "./kit";
import { stepsOf, workflows } from "./workflows";

/** Days for which logs of functions and workflows are kept; what a case has changed, its ledger keeps. */
const logRetentionDays = 365;

/** Seconds; a state machine gives a step two minutes. */
const stepTimeout = 110;
/** Seconds; half of the time for which the lock of cuts is valid. */
const cutTimeout = 30;

/** Workflows of the response, the functions that they run, and the writer of cuts. */
export class ResponseStack extends KitStack {
  private readonly key: KmsKey;

  constructor(scope: Construct, name: string, landscape: Landscape) {
    super(scope, name, { landscape, account: landscape.hub, region: landscape.homeRegion });
    this.key = removableKey(this, {
      alias: responseKeyAliasName(landscape),
      description: "Encrypts logs of functions and workflows, and the queue of failed executions",
      policy: responseKeyPolicy(landscape),
    });
    const definitions = workflows(landscape);
    const functions = stepsOf(definitions).map((step) => this.createStep(step));
    this.createCutWriter();
    this.createTagger();
    for (const [workflow, definition] of Object.entries(definitions)) {
      after(this.createWorkflow(workflow as WorkflowName, definition), ...functions);
    }
    this.keepFailedExecutions(Object.keys(definitions) as WorkflowName[]);
  }

  private createStep(step: string): KitFunction {
    return this.createFunction(`step-${step}`, {
      name: stepFunctionName(this.landscape, step),
      description: `Step of a workflow: ${step}`,
      entry: "runtime/functions/step.ts",
      role: "auto-credentials",
      timeout: stepTimeout,
      more: { step },
    });
  }

  private createCutWriter(): void {
    const { cutPolicyId: cutPolicy } = this.landscape.organization;
    if (cutPolicy === undefined) throw new Error("the cuts' policy has no id yet");
    this.createFunction("cuts", {
      name: cutFunctionName(this.landscape),
      description: "Writes the text of the cuts' policy, which can only deny",
      entry: "runtime/functions/cuts.ts",
      role: "auto-cut",
      timeout: cutTimeout,
      more: { cutPolicy },
    });
  }

  private createTagger(): void {
    this.createFunction("tags", {
      name: tagFunctionName(this.landscape),
      description: "Tags what belongs to a case, as responders ask",
      entry: "runtime/functions/tags.ts",
      role: "auto-triage",
      timeout: stepTimeout,
      more: { spokeRole: roleName(this.landscape, "auto-triage") },
    });
  }

  private createFunction(
    id: string,
    props: {
      readonly name: string;
      readonly description: string;
      readonly entry: FunctionEntry;
      readonly role: RoleUse;
      readonly timeout: number;
      readonly more: Partial<FunctionEnvironment>;
    },
  ): KitFunction {
    const { landscape } = this;
    const environment: FunctionEnvironment = {
      kit: kitOf(landscape),
      table: caseTableName(landscape),
      homeRegion: landscape.homeRegion,
      hubAccount: accountId(landscape.hub),
      spokeRole: roleName(landscape, "auto-credentials"),
      ...props.more,
    };
    return new KitFunction(this, id, {
      name: props.name,
      description: props.description,
      bundle: functionBundle(props.entry),
      roleArn: this.hubRoleArn(props.role),
      environment: { [environmentVariable]: JSON.stringify(environment) },
      timeout: props.timeout,
      key: { arn: this.key.arn, before: this.key },
      logRetentionDays,
      alarmTopicArn: this.alarms,
    });
  }

  private hubRoleArn(use: RoleUse): string {
    return roleArn(this.landscape, use, accountId(this.account));
  }

  private get alarms(): string {
    return alarmTopicArn(this.landscape, "alarms");
  }

  /** The log tells which state was when, and nothing of what went in and out: that is in the execution. */
  private createWorkflow(workflow: WorkflowName, definition: StateMachine): SfnStateMachine {
    const name = stateMachineName(this.landscape, workflow);
    const log = new CloudwatchLogGroup(this, `${workflow}-log`, {
      name: `/aws/vendedlogs/states/${name}`,
      kmsKeyId: this.key.arn,
      retentionInDays: logRetentionDays,
    });
    after(log, this.key);
    return new SfnStateMachine(this, workflow, {
      name,
      type: "STANDARD",
      roleArn: this.hubRoleArn("auto-workflow"),
      definition: literalJson(definition),
      loggingConfiguration: { level: "ALL", includeExecutionData: false, logDestination: `${log.arn}:*` },
    });
  }

  /** An execution that did not end well waits in a queue until a human has looked at it, and that raises an alarm. */
  private keepFailedExecutions(names: readonly WorkflowName[]): void {
    const name = failedExecutionsName(this.landscape);
    // Until 0.1.0 the queue's policy was a resource of its own: destroyed, it would leave the queue without any.
    new Forgotten(this, "failed-executions-policy", "aws_sqs_queue_policy");
    const queue = new SqsQueue(this, "failed-executions", {
      name,
      kmsMasterKeyId: this.key.arn,
      messageRetentionSeconds: 1_209_600,
      // In the queue itself: as a resource of its own it would be waited for as long again, 25 seconds.
      policy: literalJson(failedExecutionsPolicy(this.landscape)),
    });
    const rule = new CloudwatchEventRule(this, "failed-executions-rule", {
      name,
      description: "An execution of a workflow has failed: what it was to contain may be open",
      eventPattern: literalJson({
        source: ["aws.states"],
        "detail-type": ["Step Functions Execution Status Change"],
        detail: {
          status: ["ABORTED", "FAILED", "TIMED_OUT"],
          stateMachineArn: names.map((workflow) => stateMachineArn(this.landscape, workflow)),
        },
      }),
    });
    const kept = new CloudwatchEventTarget(this, "failed-executions-target", {
      rule: rule.name,
      targetId: "keep",
      arn: failedExecutionsArn(this.landscape),
    });
    after(kept, queue);
    // The alarm below is raised by the first message only: each execution is told of by itself.
    const told = new CloudwatchEventTarget(this, "failed-executions-notice", {
      rule: rule.name,
      targetId: "notify",
      arn: this.alarms,
      deadLetterConfig: { arn: failedExecutionsArn(this.landscape) },
      inputTransformer: {
        inputPaths: { execution: "$.detail.executionArn", status: "$.detail.status", time: "$.time" },
        inputTemplate: JSON.stringify(
          "A workflow has not ended well, and what it was to contain may be open: <execution>, <status>, at <time>.",
        ),
      },
    });
    after(told, queue);
    new CloudwatchMetricAlarm(this, "failed-executions-alarm", {
      alarmName: name,
      alarmDescription: "A workflow has not ended well: read the queue; what it was to contain may be open",
      namespace: "AWS/SQS",
      metricName: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: queue.name },
      statistic: "Maximum",
      period: 60,
      evaluationPeriods: 1,
      threshold: 0,
      comparisonOperator: "GreaterThanThreshold",
      treatMissingData: "notBreaching",
      alarmActions: [this.alarms],
    });
  }
}
