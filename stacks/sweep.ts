import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table";
import type { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { SfnStateMachine } from "@cdktf/provider-aws/lib/sfn-state-machine";
import type { Construct } from "constructs";
import { after } from "../constructs/after";
import { functionBundle } from "../constructs/function-bundle";
import { KitFunction } from "../constructs/kit-function";
import { KitStack } from "../constructs/kit-stack";
import { LogBucket } from "../constructs/log-bucket";
import { removableKey } from "../constructs/removable-key";
import { literalJson } from "../constructs/terraform-text";
import { alarmTopicArn, roleArn, sweepMachineArn } from "../landscape/arns";
import type { Landscape } from "../landscape/model";
import {
  accountId,
  alarmBusName,
  bucketName,
  iamPath,
  type RoleUse,
  roleName,
  stepFunctionName,
  sweepKeyAliasName,
  sweepName,
} from "../landscape/names";
import { newVpc, sweepKeyPolicy, sweepsBucketPolicy } from "../policies/sweep";
import { environmentVariable } from "../runtime/functions/environment";
import type { SweepEnvironment } from "../runtime/functions/sweep-environment";
import { metricNamespace, type SweepMetric } from "../runtime/sweep/needs";
import { wantedOf } from "./sweep-wanted";
import { sweepMachine, sweepStepNames } from "./workflows";

const logRetentionDays = 365;
/** Days for which a list of places is kept. */
const listDays = 7;
/** Seconds; a state of the sweep waits five minutes. */
const stepTimeout = 290;

const counted: Readonly<Record<Exclude<SweepMetric, "WholeSweeps">, string>> = {
  SilentSources:
    "An account and region delivers a log no longer, or never did: npx ir-kit coverage says which",
  UncoveredVpcs: "A VPC is not logged, and the sweep could not change that: npx ir-kit coverage says why",
  RefusedPlaces:
    "The sweep was refused something in an account and region, or could not look at it: npx ir-kit coverage says what",
  UnwatchedRegions:
    "A region is enabled in an account, and nobody watches it: npx ir-kit coverage says where",
};

/** Looks at every account and region that there is, and switches on logging where it is missing. */
export class SweepStack extends KitStack {
  private readonly key: KmsKey;

  constructor(scope: Construct, name: string, landscape: Landscape) {
    super(scope, name, { landscape, account: landscape.hub, region: landscape.homeRegion });
    this.key = removableKey(this, {
      alias: sweepKeyAliasName(landscape),
      description: "Encrypts records, lists of places and logs of the sweep",
      policy: sweepKeyPolicy(landscape),
    });
    this.createRecords();
    const functions = sweepStepNames.map((step) => this.createStep(step));
    const machine = this.createMachine();
    after(machine, ...functions);
    this.startByTheClock(machine);
    this.startForNewVpc(machine);
    for (const [metric, description] of Object.entries(counted)) this.watch(metric, description);
    this.watchTheSweep();
    for (const metric of ["ExecutionsFailed", "ExecutionsTimedOut"]) this.watchExecutions(metric);
  }

  private createRecords(): void {
    new DynamodbTable(this, "records", {
      name: sweepName(this.landscape),
      billingMode: "PAY_PER_REQUEST",
      hashKey: "account",
      rangeKey: "region",
      attribute: [
        { name: "account", type: "S" },
        { name: "region", type: "S" },
      ],
      ttl: { enabled: true, attributeName: "expires" },
      serverSideEncryption: { enabled: true, kmsKeyArn: this.key.arn },
      pointInTimeRecovery: { enabled: true },
    });
    new LogBucket(this, "places", {
      bucketName: bucketName(this.landscape, "sweeps"),
      policy: sweepsBucketPolicy(this.landscape),
      keyArn: this.key.arn,
      retention: { days: listDays },
      removable: true,
    });
  }

  private createStep(step: string): KitFunction {
    const { landscape } = this;
    const environment: SweepEnvironment = {
      step,
      wanted: wantedOf(landscape),
      partition: landscape.partition.name,
      iamPath: iamPath(landscape),
      spokeRole: roleName(landscape, "auto-logging"),
      hubAccount: accountId(landscape.hub),
      table: sweepName(landscape),
      placesBucket: bucketName(landscape, "sweeps"),
      alarmBus: alarmBusName(landscape),
      // Of members, only one to which AWS's services were delegated may list accounts, and that is the security account.
      ...(landscape.hub.id !== landscape.accounts.security.id && {
        accountsFrom: accountId(landscape.accounts.management),
      }),
    };
    return new KitFunction(this, step, {
      name: stepFunctionName(landscape, step),
      description: `Step of the sweep: ${step}`,
      bundle: functionBundle("runtime/functions/sweep.ts"),
      roleArn: this.hubRoleArn("auto-logging"),
      environment: { [environmentVariable]: JSON.stringify(environment) },
      timeout: stepTimeout,
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

  private createMachine(): SfnStateMachine {
    const name = sweepName(this.landscape);
    const log = new CloudwatchLogGroup(this, "log", {
      name: `/aws/vendedlogs/states/${name}`,
      kmsKeyId: this.key.arn,
      retentionInDays: logRetentionDays,
    });
    after(log, this.key);
    return new SfnStateMachine(this, "machine", {
      name,
      type: "STANDARD",
      roleArn: this.hubRoleArn("auto-sweep"),
      definition: literalJson(sweepMachine(this.landscape)),
      loggingConfiguration: { level: "ERROR", includeExecutionData: false, logDestination: `${log.arn}:*` },
    });
  }

  private startByTheClock(machine: SfnStateMachine): void {
    const { everyHours } = this.landscape.sweep;
    const rule = new CloudwatchEventRule(this, "clock", {
      name: sweepName(this.landscape),
      description: "Looks at every account and region again",
      scheduleExpression: everyHours === 1 ? "rate(1 hour)" : `rate(${everyHours} hours)`,
    });
    this.start("clock-target", rule, machine, { input: "{}" });
  }

  private startForNewVpc(machine: SfnStateMachine): void {
    const rule = new CloudwatchEventRule(this, "new-vpc", {
      name: sweepName(this.landscape),
      description: "A VPC was made in some account",
      eventBusName: alarmBusName(this.landscape),
      eventPattern: literalJson(newVpc),
    });
    this.start("new-vpc-target", rule, machine, {
      eventBusName: alarmBusName(this.landscape),
      inputTransformer: {
        inputPaths: { account: "$.account", region: "$.region" },
        inputTemplate: '{"places":[{"account":"<account>","region":"<region>"}]}',
      },
    });
  }

  private start(
    id: string,
    rule: CloudwatchEventRule,
    machine: SfnStateMachine,
    more: Partial<ConstructorParameters<typeof CloudwatchEventTarget>[2]>,
  ): void {
    const target = new CloudwatchEventTarget(this, id, {
      rule: rule.name,
      targetId: "sweep",
      arn: sweepMachineArn(this.landscape),
      roleArn: this.hubRoleArn("auto-schedule"),
      retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 24 },
      ...more,
    });
    after(target, machine);
  }

  /** Seconds between two counts. */
  private get period(): number {
    return this.landscape.sweep.everyHours * 3600;
  }

  /** Raised once when there is something to count, and cleared when there is nothing more. */
  private watch(metricName: string, alarmDescription: string): void {
    new CloudwatchMetricAlarm(this, `alarm-${metricName}`, {
      alarmName: `${sweepName(this.landscape)}-${metricName}`,
      alarmDescription,
      namespace: metricNamespace,
      metricName,
      statistic: "Maximum",
      period: this.period,
      evaluationPeriods: 1,
      threshold: 0,
      comparisonOperator: "GreaterThanThreshold",
      // Of a sweep that is late another alarm tells.
      treatMissingData: "ignore",
      alarmActions: [this.alarms],
      okActions: [this.alarms],
    });
  }

  private watchExecutions(metricName: string): void {
    new CloudwatchMetricAlarm(this, `alarm-${metricName}`, {
      alarmName: `${sweepName(this.landscape)}-${metricName}`,
      alarmDescription: "A sweep did not come to its end: its execution in Step Functions says why",
      namespace: "AWS/States",
      metricName,
      dimensions: { StateMachineArn: sweepMachineArn(this.landscape) },
      statistic: "Sum",
      period: 300,
      evaluationPeriods: 1,
      threshold: 0,
      comparisonOperator: "GreaterThanThreshold",
      treatMissingData: "notBreaching",
      alarmActions: [this.alarms],
      okActions: [this.alarms],
    });
  }

  private watchTheSweep(): void {
    new CloudwatchMetricAlarm(this, "alarm-sweep", {
      alarmName: `${sweepName(this.landscape)}-missing`,
      alarmDescription:
        "No sweep of all accounts has come to its end, twice: nobody looks whether accounts are logged",
      namespace: metricNamespace,
      metricName: "WholeSweeps",
      statistic: "Sum",
      period: this.period,
      evaluationPeriods: 2,
      threshold: 1,
      comparisonOperator: "LessThanThreshold",
      treatMissingData: "breaching",
      alarmActions: [this.alarms],
      okActions: [this.alarms],
    });
  }
}
