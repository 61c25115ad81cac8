import { trailEvents } from "../events";
import { dig, jsonAnswer, text } from "../protocol";
import { type Gap, isCall } from "./gap";

const pageSize = 50;

export const cloudtrailEventHistory: Gap = {
  id: "cloudtrail-event-history",
  kind: "answered",
  resources: ["cloudtrail:LookupEvents"],
  because: "the emulator keeps no event history; the front writes down every call that it has seen",
  concerns: isCall("cloudtrail", "LookupEvents"),
  answer: async (call, context) => {
    const { account } = await context.callers.of(call);
    const { StartTime, EndTime, NextToken, LookupAttributes } = call.parameters;
    const key = text(dig(LookupAttributes, "0", "AttributeKey"));
    const value = text(dig(LookupAttributes, "0", "AttributeValue")) ?? "";
    const from = StartTime === undefined ? 0 : Number(StartTime) * 1000;
    const to = EndTime === undefined ? Number.POSITIVE_INFINITY : Number(EndTime) * 1000;
    const matching = trailEvents(context)
      .filter(
        (event) =>
          event.account === account &&
          event.region === call.region &&
          event.time >= from &&
          event.time <= to &&
          (key === "Username"
            ? event.username === value
            : key === "AccessKeyId"
              ? event.accessKeyId === value
              : key === "ResourceName"
                ? event.resources.includes(value)
                : key === "EventName"
                  ? event.name === value
                  : true),
      )
      .reverse();
    const start = Number(NextToken ?? 0);
    return jsonAnswer({
      Events: matching.slice(start, start + pageSize).map((event) => ({
        EventId: event.id,
        EventName: event.name,
        EventSource: event.source,
        EventTime: event.time / 1000,
        Username: event.username,
        AccessKeyId: event.accessKeyId,
        Resources: event.resources.map((ResourceName) => ({ ResourceName, ResourceType: "AWS::IAM::Role" })),
        CloudTrailEvent: JSON.stringify({ ...event.detail, eventID: event.id }),
      })),
      ...(matching.length > start + pageSize && { NextToken: String(start + pageSize) }),
    });
  },
};
