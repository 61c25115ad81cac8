import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { AssetType, TerraformAsset } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import { after } from "./after";
import { type FunctionBundle, handlerName } from "./function-bundle";
import { literal } from "./terraform-text";

export interface KitFunctionProps {
  readonly name: string;
  readonly description: string;
  readonly bundle: FunctionBundle;
  readonly roleArn: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Seconds, after which Lambda ends an invocation. */
  readonly timeout: number;
  /** ARN of the key under which the log lies; what of it must stand before. */
  readonly key: { readonly arn: string; readonly before: IConstruct };
  readonly logRetentionDays: number;
  /** ARN of the topic that is told of errors; left out where whoever calls is told, and sees to it. */
  readonly alarmTopicArn?: string;
}

/** Node.js 22 is supported until April 2027. Source: "Lambda runtimes" (AWS Lambda developer guide). */
const runtime = "nodejs22.x";

/** A function with its log group, which stands first and is encrypted, and an alarm for its errors. */
export class KitFunction extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: KitFunctionProps) {
    super(scope, id);
    const { name, bundle } = props;
    const log = new CloudwatchLogGroup(this, "log", {
      name: `/aws/lambda/${name}`,
      kmsKeyId: props.key.arn,
      retentionInDays: props.logRetentionDays,
    });
    after(log, props.key.before);
    const code = new TerraformAsset(this, "code", {
      path: bundle.file,
      type: AssetType.FILE,
      assetHash: bundle.hash.slice(0, 24),
    });
    const made = new LambdaFunction(this, "function", {
      functionName: name,
      description: props.description,
      role: props.roleArn,
      runtime,
      architectures: ["arm64"],
      handler: handlerName,
      filename: code.path,
      sourceCodeHash: bundle.sourceCodeHash,
      timeout: props.timeout,
      memorySize: 512,
      environment: {
        variables: Object.fromEntries(
          Object.entries(props.environment).map(([key, value]) => [key, literal(value)]),
        ),
      },
      loggingConfig: { logFormat: "JSON", logGroup: log.name, systemLogLevel: "WARN" },
    });
    this.arn = made.arn;
    if (props.alarmTopicArn !== undefined) this.tellOfErrors(name, props.alarmTopicArn);
  }

  private tellOfErrors(name: string, alarmTopicArn: string): void {
    new CloudwatchMetricAlarm(this, "errors", {
      alarmName: `${name}-errors`,
      alarmDescription: `${name} has failed: read its log`,
      namespace: "AWS/Lambda",
      metricName: "Errors",
      dimensions: { FunctionName: name },
      statistic: "Sum",
      period: 60,
      evaluationPeriods: 1,
      threshold: 0,
      comparisonOperator: "GreaterThanThreshold",
      treatMissingData: "notBreaching",
      alarmActions: [alarmTopicArn],
    });
  }
}
