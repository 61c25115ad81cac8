import type { FrontContext } from "./front";
import { ec2FlowLogOptions } from "./gaps/ec2-flow-log-options";
import { type AwsAnswer, type AwsCall, parseCall } from "./protocol";

const ec2Call = (parameters: Record<string, string>): AwsCall =>
  parseCall({
    method: "POST",
    url: "/",
    headers: {
      host: "127.0.0.1",
      authorization:
        "AWS4-HMAC-SHA256 Credential=AKIA/20260101/eu-west-1/ec2/aws4_request, SignedHeaders=host, Signature=0",
      "content-type": "application/x-www-form-urlencoded",
    },
    body: Buffer.from(new URLSearchParams({ Version: "2016-11-15", ...parameters }).toString()),
  });

const answer = (body: string): AwsAnswer => ({ status: 200, headers: {}, body });

describe("a flow log, on the local AWS", () => {
  it("is shown with its options to who asks before its maker has the answer", async () => {
    let madeByEmulator = (_: AwsAnswer) => {};
    const memories = new Map<string, unknown>();
    const context = {
      memory: <T>(name: string, initial: () => T) => {
        if (!memories.has(name)) memories.set(name, initial());
        return memories.get(name) as T;
      },
      forward: (call: AwsCall) =>
        call.operation === "CreateFlowLogs"
          ? new Promise<AwsAnswer>((resolve) => {
              madeByEmulator = resolve;
            })
          : Promise.resolve(
              answer(
                "<DescribeFlowLogsResponse><flowLogSet><item><flowLogId>fl-1</flowLogId>" +
                  "<logDestination>arn:aws:s3:::logs</logDestination></item></flowLogSet></DescribeFlowLogsResponse>",
              ),
            ),
    } as Partial<FrontContext> as FrontContext;

    const making = ec2FlowLogOptions.answer(
      ec2Call({
        Action: "CreateFlowLogs",
        LogDestination: "arn:aws:s3:::logs/vpc",
        "DestinationOptions.FileFormat": "parquet",
      }),
      context,
    );
    const describing = ec2FlowLogOptions.answer(ec2Call({ Action: "DescribeFlowLogs" }), context);
    await new Promise(setImmediate);
    madeByEmulator(
      answer(
        "<CreateFlowLogsResponse><flowLogIdSet><item>fl-1</item></flowLogIdSet></CreateFlowLogsResponse>",
      ),
    );

    expect((await making)?.status).toBe(200);
    const described = (await describing)?.body.toString();
    expect(described).toContain("<logDestination>arn:aws:s3:::logs/vpc</logDestination>");
    expect(described).toContain("<fileFormat>parquet</fileFormat>");
  });
});
