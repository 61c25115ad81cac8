import {
  DescribeInstanceAttributeCommand,
  DescribeInstancesCommand,
  type EC2Client,
} from "@aws-sdk/client-ec2";
import { jsonAnswer } from "../protocol";
import { type Gap, isCall } from "./gap";

const streamOfStart = /^(i-[0-9a-f]+)\/start$/;

/** What a machine for analysis records when a disk that is attached can no longer change what is on it. */
const protection = "protects what comes";

/** A machine takes about this long from its launch until its user data has run. */
const bootMilliseconds = 20_000;

/** The record of a machine's first start, which its user data would have handed in. */
export const logsFirstStart: Gap = {
  id: "logs-first-start",
  kind: "completed",
  resources: ["logs:GetLogEvents"],
  because: "the emulator's machines never start, so that what their user data hands in to a log is missing",
  concerns: (call) => {
    const { logStreamName } = call.parameters as { logStreamName?: string };
    return isCall("logs", "GetLogEvents")(call) && streamOfStart.test(logStreamName ?? "");
  },
  answer: async (call, context) => {
    const answer = await context.forward(call);
    if (answer.status === 200) return answer;
    const { logStreamName } = call.parameters as { logStreamName?: string };
    const [, id = ""] = streamOfStart.exec(logStreamName ?? "") ?? [];
    const { account } = await context.callers.of(call);
    const started = await startOf(context.accounts.ec2(account, call.region), id);
    if (started === undefined || Date.now() < started) return answer;
    return jsonAnswer({
      events: [{ timestamp: started, ingestionTime: started, message: JSON.stringify({ what: protection }) }],
      nextForwardToken: "f/0",
      nextBackwardToken: "b/0",
    });
  },
};

/** @returns when its user data has run, in milliseconds, if it runs and its user data would record anything */
async function startOf(ec2: EC2Client, id: string): Promise<number | undefined> {
  const { Reservations = [] } = await ec2
    .send(new DescribeInstancesCommand({ InstanceIds: [id] }))
    .catch(() => ({ Reservations: [] }));
  const [machine] = Reservations.flatMap(({ Instances = [] }) => Instances);
  if (machine?.State?.Name !== "running" || machine.LaunchTime === undefined) return undefined;
  const { UserData } = await ec2.send(
    new DescribeInstanceAttributeCommand({ InstanceId: id, Attribute: "userData" }),
  );
  const script = Buffer.from(UserData?.Value ?? "", "base64").toString();
  return script.includes(protection) ? machine.LaunchTime.getTime() + bootMilliseconds : undefined;
}
