import type { FrontContext } from "../front";
import { type AwsAnswer, type AwsCall, asList, dig, parseXml, text } from "../protocol";
import { type Gap, isCall } from "./gap";

interface Written {
  readonly destination: string;
  readonly options: Readonly<Record<string, string>>;
}

const written = ({ memory }: FrontContext) => memory("flow-log-options", () => new Map<string, Written>());

/** Logs that the emulator may have made already, and of which this gap does not know the options yet. */
const beingMade = ({ memory }: FrontContext) =>
  memory("flow-logs-being-made", () => new Set<Promise<AwsAnswer>>(), { copied: false });

const bucketOf = (arn: string) => arn.replace(/^(arn:[^:]*:s3:::[^/]+).*$/, "$1");

export const ec2FlowLogOptions: Gap = {
  id: "ec2-flow-log-options",
  kind: "completed",
  resources: ["aws_flow_log"],
  because:
    "the emulator loses a flow log's destination options, and takes a prefix for part of the bucket's name",
  concerns: isCall("ec2", "CreateFlowLogs", "DescribeFlowLogs"),
  answer: async (call, context) =>
    call.operation === "CreateFlowLogs" ? create(call, context) : describe(call, context),
};

async function create(call: AwsCall, context: FrontContext) {
  const destination = String(call.parameters.LogDestination ?? "");
  if (!/:s3:::/.test(destination)) return undefined;
  const body = new URLSearchParams(call.body.toString());
  body.set("LogDestination", bucketOf(destination));
  const making = make({ ...call, body: Buffer.from(body.toString()) }, destination, context);
  beingMade(context).add(making);
  return making.finally(() => beingMade(context).delete(making));
}

async function make(call: AwsCall, destination: string, context: FrontContext) {
  const answer = await context.forward(call);
  const options = Object.fromEntries(
    Object.entries(call.parameters)
      .filter(([name]) => name.startsWith("DestinationOptions."))
      .map(([name, value]) => [name.slice("DestinationOptions.".length), String(value)]),
  );
  const ids = dig(parseXml(answer.body), "CreateFlowLogsResponse", "flowLogIdSet", "item");
  for (const id of asList(ids))
    if (typeof id === "string") written(context).set(id, { destination, options });
  return answer;
}

async function describe(call: AwsCall, context: FrontContext) {
  const answer = await context.forward(call);
  await Promise.allSettled(beingMade(context));
  const known = written(context);
  const body = replaceItems(answer.body.toString(), (item) => {
    const details = known.get(text(dig(parseXml(item), "item", "flowLogId")) ?? "");
    return details ? complete(item, details) : item;
  });
  return { ...answer, body };
}

function complete(item: string, { destination, options }: Written): string {
  const { FileFormat, HiveCompatiblePartitions, PerHourPartition } = options;
  const shown =
    FileFormat === undefined
      ? ""
      : `<destinationOptions><fileFormat>${FileFormat}</fileFormat>` +
        `<hiveCompatiblePartitions>${HiveCompatiblePartitions ?? "false"}</hiveCompatiblePartitions>` +
        `<perHourPartition>${PerHourPartition ?? "false"}</perHourPartition></destinationOptions>`;
  return item
    .replace(/<logDestination>[^<]*<\/logDestination>/, `<logDestination>${destination}</logDestination>`)
    .replace(/<\/item>$/, `${shown}</item>`);
}

/** Changes each item of the answer's own list; those inside it, such as tags, are part of theirs. */
function replaceItems(body: string, change: (item: string) => string): string {
  let depth = 0;
  let begin = 0;
  let done = 0;
  let changed = "";
  for (const match of body.matchAll(/<(\/?)item>/g)) {
    if (match[1] === "") {
      if (depth === 0) begin = match.index;
      depth += 1;
      continue;
    }
    depth -= 1;
    if (depth > 0) continue;
    const end = match.index + match[0].length;
    changed += body.slice(done, begin) + change(body.slice(begin, end));
    done = end;
  }
  return changed + body.slice(done);
}
