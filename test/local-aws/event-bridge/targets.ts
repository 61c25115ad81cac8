import type { Target } from "@aws-sdk/client-eventbridge";
import { GetFunctionEventInvokeConfigCommand } from "@aws-sdk/client-lambda";
import { PublishCommand } from "@aws-sdk/client-sns";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import type { FrontContext } from "../front";
import { invokeFunction } from "../gaps/lambda-invocation";
import { mayInvoke, mayPutEvents } from "./judgement";
import { payloadOf } from "./payload";

export interface Outcome {
  /** `put aside`: in the queue of what could not be delivered; `dropped`: where there is none, it is gone. */
  readonly outcome: "delivered" | "put aside" | "dropped";
  readonly because?: string;
}

interface Attempt {
  /** Why the target did not get it. */
  readonly failed?: string;
}

type Deliver = (context: FrontContext, ruleArn: string, target: Target, event: unknown) => Promise<Attempt>;

/** Hands an event to a target; what its policy does not allow, or what it fails at, is told and not thrown. */
export const deliver: Deliver = async (context, ruleArn, target, event) => {
  const service = (target.Arn ?? "").split(":")[2] ?? "";
  const handler = services.get(service);
  if (handler === undefined) return { failed: `the local AWS delivers nothing to ${service}` };
  try {
    return await handler(context, ruleArn, target, event);
  } catch (error) {
    return { failed: `${(error as Error).name}: ${(error as Error).message}` };
  }
};

const publish: Deliver = async ({ accounts }, _, target, event) => {
  const { region, account } = placeOf(target.Arn);
  await accounts
    .sns(account, region)
    .send(new PublishCommand({ TopicArn: target.Arn, Message: payloadOf(target, event) }));
  return {};
};

const send: Deliver = async (context, _, target, event) => {
  await sendTo(context, target.Arn ?? "", payloadOf(target, event));
  return {};
};

/** The bus itself goes on with the event; here it is judged whether it gets it. */
const passOn: Deliver = async (context, ruleArn, { Arn = "", RoleArn }) =>
  (await mayPutEvents(context, RoleArn, Arn, ruleArn))
    ? {}
    : { failed: `NO_PERMISSIONS: ${RoleArn ?? "a rule without a role"} may not put events on ${Arn}` };

/** Lambda takes an event at once, and tries twice more where the function fails. */
const attempts = 3;

const invoke: Deliver = async (context, ruleArn, target, event) => {
  const functionArn = target.Arn ?? "";
  const { region, account, resource } = placeOf(functionArn);
  if (!(await mayInvoke(context, functionArn, ruleArn))) {
    return { failed: `NO_PERMISSIONS: ${functionArn} does not let ${ruleArn} invoke it` };
  }
  const payload: unknown = JSON.parse(payloadOf(target, event));
  const place = { account, region, name: resource.replace(/^function:/, "") };
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const answer = await invokeFunction(context, place, payload);
    if ("refused" in answer) return { failed: `${answer.refused}: ${answer.message}` };
    if (!("errorType" in answer)) return {};
  }
  return onFailure(context, functionArn, payload);
};

/** What a function could not do goes where its own setting says. EventBridge has delivered it all the same. */
async function onFailure(context: FrontContext, functionArn: string, payload: unknown): Promise<Attempt> {
  const { region, account } = placeOf(functionArn);
  const { DestinationConfig } = await context.accounts
    .lambda(account, region)
    .send(new GetFunctionEventInvokeConfigCommand({ FunctionName: functionArn }));
  const destination = DestinationConfig?.OnFailure?.Destination;
  if (destination !== undefined) {
    await sendTo(context, destination, JSON.stringify({ requestPayload: payload }));
  }
  return {};
}

const services = new Map<string, Deliver>([
  ["events", passOn],
  ["lambda", invoke],
  ["sns", publish],
  ["sqs", send],
]);

/** Puts an event that a target did not get into its queue of dead letters, if it has one. */
export async function putAside(
  context: FrontContext,
  ruleArn: string,
  { Arn = "", DeadLetterConfig }: Target,
  event: unknown,
  because: string,
): Promise<Outcome> {
  const queue = DeadLetterConfig?.Arn;
  if (queue === undefined) return { outcome: "dropped", because };
  const text = (StringValue: string) => ({ DataType: "String", StringValue });
  await sendTo(context, queue, JSON.stringify(event), {
    RULE_ARN: text(ruleArn),
    TARGET_ARN: text(Arn),
    ERROR_MESSAGE: text(because),
  });
  return { outcome: "put aside", because };
}

async function sendTo(
  { accounts }: FrontContext,
  queueArn: string,
  MessageBody: string,
  MessageAttributes?: Readonly<Record<string, { DataType: string; StringValue: string }>>,
): Promise<void> {
  const { region, account, resource } = placeOf(queueArn);
  const QueueUrl = `https://sqs.${region}.amazonaws.com/${account}/${resource}`;
  await accounts
    .sqs(account, region)
    .send(new SendMessageCommand({ QueueUrl, MessageBody, ...(MessageAttributes && { MessageAttributes }) }));
}

function placeOf(arn = "") {
  const [, , , region = "", account = "", ...resource] = arn.split(":");
  return { region, account, resource: resource.join(":") };
}
