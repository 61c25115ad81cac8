import { readFileSync } from "node:fs";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutPermissionCommand,
  PutRuleCommand,
  PutTargetsCommand,
  type RuleState,
  type Target,
} from "@aws-sdk/client-eventbridge";
import {
  AddPermissionCommand,
  CreateFunctionCommand,
  LambdaClient,
  PutFunctionEventInvokeConfigCommand,
} from "@aws-sdk/client-lambda";
import { CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { functionBundle, handlerName } from "../../../constructs/function-bundle";
import { fromLiteralJson } from "../../../constructs/terraform-text";
import { accountId } from "../../../landscape/names";
import type { EmulatedOrganization } from "../../proofs/walkthroughs/organization";
import { resourcesOf, type StackJson, synthesized } from "../../support/landscapes";

type Resource = Readonly<Record<string, unknown>>;
type Settings = ReturnType<EmulatedOrganization["client"]>;

/** The example's alarms on the local AWS, as synthesized, made by API; deploying them takes Terraform minutes. */
export class StandingAlarms {
  /** Queue in which a subscriber of the topic finds what it was told. */
  readonly inbox = "subscriber";

  private constructor(private readonly organization: EmulatedOrganization) {}

  static async stand(organization: EmulatedOrganization): Promise<StandingAlarms> {
    const alarms = new StandingAlarms(organization);
    const { stack } = synthesized(organization.landscape);
    const hub = organization.client(await organization.administrator("security"));
    const standing = stack("alarms-eu-west-1");
    await alarms.makeDelivery(standing, hub);
    await alarms.makeFunction(standing, hub);
    await makeBus(standing, hub);
    await makeRules(standing, hub);
    await makeRules(stack("response"), hub);
    const elsewhere = organization.client(await organization.administrator("security"), "us-east-1");
    await makeRules(stack("detection-eu-west-1"), hub);
    await makeRules(stack("detection-us-east-1"), elsewhere);
    for (const name of ["security", "payments-prod"]) await alarms.makeBaseline(stack("baseline"), name);
    return alarms;
  }

  private async makeDelivery(stack: StackJson, hub: Settings): Promise<void> {
    const sqs = new SQSClient(hub);
    for (const { name } of resourcesOf(stack, "aws_sqs_queue")) {
      await sqs.send(new CreateQueueCommand({ QueueName: String(name) }));
    }
    await sqs.send(new CreateQueueCommand({ QueueName: this.inbox }));
    const failed = `${this.organization.landscape.organization.name}-ir-failed-executions`;
    await sqs.send(new CreateQueueCommand({ QueueName: failed }));
    const sns = new SNSClient(hub);
    for (const { name } of resourcesOf(stack, "aws_sns_topic")) {
      const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: String(name) }));
      if (!String(name).endsWith("-alarms")) continue;
      const Endpoint = `arn:aws:sqs:eu-west-1:${this.organization.idOf("security")}:${this.inbox}`;
      await sns.send(
        new SubscribeCommand({
          TopicArn,
          Protocol: "sqs",
          Endpoint,
          Attributes: { RawMessageDelivery: "true" },
        }),
      );
    }
  }

  private async makeFunction(stack: StackJson, hub: Settings): Promise<void> {
    const table = only(stack, "aws_dynamodb_table");
    await new DynamoDBClient(hub).send(
      new CreateTableCommand({
        TableName: String(table.name),
        BillingMode: "PAY_PER_REQUEST",
        KeySchema: [
          { AttributeName: String(table.hash_key), KeyType: "HASH" },
          { AttributeName: String(table.range_key), KeyType: "RANGE" },
        ],
        AttributeDefinitions: [table.hash_key, table.range_key].map((name) => ({
          AttributeName: String(name),
          AttributeType: "S",
        })),
      }),
    );
    const made = only(stack, "aws_lambda_function");
    const lambda = new LambdaClient(hub);
    const FunctionName = String(made.function_name);
    const { variables } = made.environment as { variables: Record<string, string> };
    await lambda.send(
      new CreateFunctionCommand({
        FunctionName,
        Role: String(made.role),
        Runtime: "nodejs22.x",
        Handler: handlerName,
        Timeout: Number(made.timeout),
        Code: { ZipFile: readFileSync(functionBundle("runtime/functions/findings.ts").file) },
        Environment: {
          Variables: Object.fromEntries(
            Object.entries(variables).map(([name, value]) => [name, value.replaceAll("$${", "${")]),
          ),
        },
      }),
    );
    const permission = only(stack, "aws_lambda_permission");
    await lambda.send(
      new AddPermissionCommand({
        FunctionName,
        StatementId: String(permission.statement_id),
        Action: String(permission.action),
        Principal: String(permission.principal),
        SourceArn: String(permission.source_arn),
      }),
    );
    const failures = only(stack, "aws_lambda_function_event_invoke_config");
    const { on_failure } = failures.destination_config as { on_failure: { destination: string } };
    await lambda.send(
      new PutFunctionEventInvokeConfigCommand({
        FunctionName,
        DestinationConfig: { OnFailure: { Destination: on_failure.destination } },
      }),
    );
  }

  /** Rules of the regional template in an account, in each region where the StackSet puts it. */
  private async makeBaseline(stack: StackJson, name: string): Promise<void> {
    const { idOf, landscape } = this.organization;
    const template = fromLiteralJson<{
      Resources: Record<string, { Type: string; Properties: Record<string, unknown> }>;
    }>(stack.resource?.aws_cloudformation_stack_set?.regional?.template_body);
    for (const region of landscape.regions) {
      const events = new EventBridgeClient(
        this.organization.client(await this.organization.administrator(name), region),
      );
      const substituted = (value: unknown) =>
        JSON.parse(
          JSON.stringify(value)
            .replace(/\{"Fn::Sub":("(?:[^"\\]|\\.)*")\}/g, "$1")
            .replaceAll("${HubAccountId}", accountId(landscape.hub))
            .replaceAll("${AWS::AccountId}", idOf(name)),
        ) as Record<string, unknown>;
      for (const { Type, Properties } of Object.values(template.Resources)) {
        if (Type !== "AWS::Events::Rule") continue;
        const { Name, EventPattern, State, Targets } = substituted(Properties);
        await events.send(
          new PutRuleCommand({
            Name: String(Name),
            EventPattern: JSON.stringify(EventPattern),
            State: State as RuleState,
          }),
        );
        const targets = (Targets as Target[]).map(({ Id, Arn, RoleArn }) => ({ Id, Arn, RoleArn }));
        await events.send(new PutTargetsCommand({ Rule: String(Name), Targets: targets }));
      }
    }
  }
}

/** The one resource of a type that a stack has. */
function only(stack: StackJson, type: string): Resource {
  const [first, ...others] = resourcesOf(stack, type);
  if (first === undefined || others.length > 0) throw new Error(`the stack has not one ${type}`);
  return first;
}

async function makeBus(stack: StackJson, hub: Settings): Promise<void> {
  const events = new EventBridgeClient(hub);
  const bus = only(stack, "aws_cloudwatch_event_bus");
  await events.send(new CreateEventBusCommand({ Name: String(bus.name) }));
  const policy = only(stack, "aws_cloudwatch_event_bus_policy");
  await events.send(
    new PutPermissionCommand({
      EventBusName: String(bus.name),
      Policy: JSON.stringify(fromLiteralJson(policy.policy)),
    }),
  );
}

/** Rules with patterns, and what they hand events to; what is called by reference is called by its name. */
async function makeRules(stack: StackJson, settings: Settings): Promise<void> {
  const events = new EventBridgeClient(settings);
  const named = (value: unknown): string => referenced(stack, String(value));
  const rules = resourcesOf(stack, "aws_cloudwatch_event_rule").filter(
    ({ event_pattern }) => event_pattern !== undefined,
  );
  for (const rule of rules) {
    const bus = rule.event_bus_name === undefined ? {} : { EventBusName: named(rule.event_bus_name) };
    await events.send(
      new PutRuleCommand({
        Name: String(rule.name),
        EventPattern: JSON.stringify(fromLiteralJson(rule.event_pattern)),
        ...(rule.state !== undefined && { State: rule.state as RuleState }),
        ...bus,
      }),
    );
    const targets = resourcesOf(stack, "aws_cloudwatch_event_target").filter(
      (target) => named(target.rule) === rule.name,
    );
    await events.send(
      new PutTargetsCommand({
        Rule: String(rule.name),
        Targets: targets.map((one) => targetOf(one, named)),
        ...bus,
      }),
    );
  }
}

function targetOf(target: Resource, named: (value: unknown) => string): Target {
  const transformer = target.input_transformer as
    | { input_paths: Record<string, string>; input_template: string }
    | undefined;
  const deadLetters = target.dead_letter_config as { arn: string } | undefined;
  return {
    Id: String(target.target_id),
    Arn: named(target.arn),
    ...(target.role_arn !== undefined && { RoleArn: String(target.role_arn) }),
    ...(deadLetters && { DeadLetterConfig: { Arn: deadLetters.arn } }),
    ...(transformer && {
      InputTransformer: { InputPathsMap: transformer.input_paths, InputTemplate: transformer.input_template },
    }),
  };
}

/** A reference to the name or ARN of a resource of the same stack; anything else is left as it is. */
function referenced(stack: StackJson, value: string): string {
  const [, type = "", id = "", attribute] = /^\$\{(\w+)\.([\w-]+)\.(\w+)\}$/.exec(value) ?? [];
  const resource = stack.resource?.[type]?.[id];
  if (resource === undefined) return value;
  if (attribute !== "arn") return String(resource.name);
  const account = String(resource.role).split(":")[4] ?? "";
  return `arn:aws:lambda:eu-west-1:${account}:function:${String(resource.function_name)}`;
}
