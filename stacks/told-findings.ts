import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table";
import { LambdaFunctionEventInvokeConfig } from "@cdktf/provider-aws/lib/lambda-function-event-invoke-config";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import { Construct, type IConstruct } from "constructs";
import { after } from "../constructs/after";
import { BoundedRole } from "../constructs/bounded-role";
import { functionBundle } from "../constructs/function-bundle";
import { KitFunction } from "../constructs/kit-function";
import { alarmQueueArn, alarmRulesArn, alarmTopicArn, roleArn } from "../landscape/arns";
import type { Landscape } from "../landscape/model";
import { accountId, iamPath, roleName, toldFindingsName } from "../landscape/names";
import { policyDocument, services } from "../policies/document";
import { tellFindings } from "../policies/tasks/functions";
import { permissionsPolicy } from "../policies/tasks/task";
import { environmentVariable } from "../runtime/functions/environment";
import type { FindingsEnvironment } from "../runtime/functions/findings-environment";

const logRetentionDays = 365;
/** Seconds: one item is written and one message published. */
const timeout = 30;

export interface ToldFindingsProps {
  readonly landscape: Landscape;
  /** The key under which table and log lie. */
  readonly key: { readonly arn: string; readonly before: IConstruct };
  /** The queue of what could not be delivered. */
  readonly queue: IConstruct;
}

/**
 * Tells of each finding once a day (ADR 30). What it cannot tell goes, after two more attempts of Lambda, into the queue
 * of what could not be delivered, which has an alarm of its own.
 */
export class ToldFindings extends Construct {
  /** What a rule on the bus invokes. */
  readonly functionArn: string;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: ToldFindingsProps,
  ) {
    super(scope, id);
    const { landscape, key } = props;
    new DynamodbTable(this, "table", {
      name: toldFindingsName(landscape),
      billingMode: "PAY_PER_REQUEST",
      hashKey: "finding",
      rangeKey: "day",
      attribute: [
        { name: "finding", type: "S" },
        { name: "day", type: "S" },
      ],
      ttl: { enabled: true, attributeName: "expires" },
      serverSideEncryption: { enabled: true, kmsKeyArn: key.arn },
      pointInTimeRecovery: { enabled: true },
    });
    const role = this.createRole();
    const teller = this.createFunction();
    after(teller, role);
    this.functionArn = teller.arn;
    this.letRulesInvoke(teller);
  }

  private createRole(): BoundedRole {
    const { landscape } = this.props;
    return new BoundedRole(this, "role", {
      name: roleName(landscape, "auto-alarm"),
      path: iamPath(landscape),
      description: "Tells of findings, each once a day.",
      trust: policyDocument([
        {
          Sid: "Functions",
          Effect: "Allow",
          Principal: services("lambda.amazonaws.com"),
          Action: ["sts:AssumeRole"],
        },
      ]),
      permissions: permissionsPolicy(tellFindings({ landscape, account: accountId(landscape.hub) })),
    });
  }

  private createFunction(): KitFunction {
    const { landscape, key } = this.props;
    const environment: FindingsEnvironment = {
      table: toldFindingsName(landscape),
      topicArn: alarmTopicArn(landscape, "alarms"),
      homeRegion: landscape.homeRegion,
    };
    return new KitFunction(this, "function", {
      name: toldFindingsName(landscape),
      description: "Tells of each finding once a day",
      bundle: functionBundle("runtime/functions/findings.ts"),
      roleArn: roleArn(landscape, "auto-alarm", accountId(landscape.hub)),
      environment: { [environmentVariable]: JSON.stringify(environment) },
      timeout,
      key,
      logRetentionDays,
      // What fails on the topic of alarms must be told on another one.
      alarmTopicArn: alarmTopicArn(landscape, "alarms-undelivered"),
    });
  }

  private letRulesInvoke(teller: KitFunction): void {
    const { landscape, queue } = this.props;
    new LambdaPermission(this, "rules", {
      statementId: "RulesInvoke",
      action: "lambda:InvokeFunction",
      functionName: teller.arn,
      principal: "events.amazonaws.com",
      sourceArn: alarmRulesArn(landscape),
      sourceAccount: accountId(landscape.hub),
    });
    const failures = new LambdaFunctionEventInvokeConfig(this, "failures", {
      functionName: teller.arn,
      maximumRetryAttempts: 2,
      maximumEventAgeInSeconds: 3600,
      destinationConfig: { onFailure: { destination: alarmQueueArn(landscape) } },
    });
    after(failures, queue);
  }
}
