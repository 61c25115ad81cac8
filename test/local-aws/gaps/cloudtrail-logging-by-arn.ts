import { type Gap, isCall } from "./gap";

const trailArn = /^arn:[\w-]+:cloudtrail:[\w-]+:\d{12}:trail\/(.+)$/;

export const cloudtrailLoggingByArn: Gap = {
  id: "cloudtrail-logging-by-arn",
  kind: "completed",
  resources: ["aws_cloudtrail"],
  because: "the emulator starts and stops logging by a trail's name only",
  concerns: isCall("cloudtrail", "StartLogging", "StopLogging", "DeleteTrail", "UpdateTrail"),
  answer: async (call, { forward }) => {
    const name = trailArn.exec(String(call.parameters.Name))?.[1];
    if (name === undefined) return undefined;
    return forward({ ...call, body: Buffer.from(JSON.stringify({ ...call.parameters, Name: name })) });
  },
};
