import { type TrailEvent, trailEvents } from "../events";
import type { FrontContext } from "../front";
import { type AwsAnswer, type AwsCall, dig, errorAnswer, jsonAnswer, text } from "../protocol";
import { type Gap, isCall } from "./gap";

/** Events a page, and milliseconds for which they are kept. Source: "LookupEvents" (AWS CloudTrail API reference). */
const pageSize = 50;
const kept = 90 * 24 * 3_600_000;

export const cloudtrailEventHistory: Gap = {
  id: "cloudtrail-event-history",
  kind: "answered",
  resources: ["cloudtrail:LookupEvents"],
  because: "the emulator keeps no event history; the front writes down every call that it has seen",
  concerns: isCall("cloudtrail", "LookupEvents"),
  answer: async (call, context) => {
    const { account } = await context.callers.of(call);
    const refused = (code: string, message: string) => errorAnswer(call, 400, code, message);
    if (isThrottled(`${account} ${call.region}`, context))
      return refused("ThrottlingException", "Rate exceeded");
    const asked = questionOf(call);
    if ("code" in asked) return refused(asked.code, asked.message);
    const { trailDelay, now: clock } = context.conditions();
    const now = clock();
    const matching = trailEvents(context)
      .filter(
        (event) =>
          event.account === account &&
          event.region === call.region &&
          event.time >= Math.max(asked.from, now - kept) &&
          event.time <= Math.min(asked.to, now - trailDelay) &&
          asked.matches(event),
      )
      .reverse();
    return pageOf(matching, asked);
  },
};

/** Times of the calls of the last second, by account and region: those that were refused don't count. */
function isThrottled(place: string, { memory, conditions }: FrontContext): boolean {
  const calls = memory("cloudtrail-look-ups", () => new Map<string, number[]>());
  const now = conditions().now();
  const recent = (calls.get(place) ?? []).filter((time) => time > now - 1000);
  const throttled = recent.length >= conditions().lookUpsPerSecond;
  calls.set(place, throttled ? recent : [...recent, now]);
  return throttled;
}

interface Question {
  readonly from: number;
  readonly to: number;
  readonly start: number;
  readonly size: number;
  /** What a token must come with again. */
  readonly key: string;
  readonly matches: (event: TrailEvent) => boolean;
}

interface Refused {
  readonly code: string;
  readonly message: string;
}

/** Source of the errors: "LookupEvents" (AWS CloudTrail API reference). */
function questionOf({ parameters }: AwsCall): Question | Refused {
  const { StartTime, EndTime, NextToken, LookupAttributes, MaxResults } = parameters;
  const attributes = Array.isArray(LookupAttributes) ? LookupAttributes : [];
  const name = text(dig(attributes, "0", "AttributeKey"));
  const value = text(dig(attributes, "0", "AttributeValue")) ?? "";
  const valuesOf = name === undefined ? undefined : attributeValues[name];
  if (attributes.length > 1 || (name !== undefined && valuesOf === undefined)) {
    return {
      code: "InvalidLookupAttributesException",
      message: "Only one valid lookup attribute is supported.",
    };
  }
  const size = MaxResults === undefined ? pageSize : Number(MaxResults);
  if (!(size >= 1 && size <= pageSize)) {
    return { code: "InvalidMaxResultsException", message: "MaxResults must be between 1 and 50." };
  }
  const from = StartTime === undefined ? 0 : Number(StartTime) * 1000;
  const to = EndTime === undefined ? Number.POSITIVE_INFINITY : Number(EndTime) * 1000;
  if (from > to) return { code: "InvalidTimeRangeException", message: "StartTime must be before EndTime." };
  const key = Buffer.from(JSON.stringify([name, value, StartTime, EndTime])).toString("base64url");
  const [start = "", ofQuestion] = String(NextToken ?? `0.${key}`).split(".");
  if (ofQuestion !== key) {
    return { code: "InvalidNextTokenException", message: "NextToken belongs to another request." };
  }
  const matches = (event: TrailEvent) => valuesOf?.(event).includes(value) ?? true;
  return { from, to, start: Number(start), size, key, matches };
}

/** What each attribute of a question is compared with. */
const attributeValues: Readonly<Record<string, (event: TrailEvent) => readonly string[]>> = {
  AccessKeyId: ({ accessKeyId }) => [accessKeyId],
  EventId: ({ id }) => [id],
  EventName: ({ name }) => [name],
  EventSource: ({ source }) => [source],
  ReadOnly: ({ readOnly }) => [String(readOnly)],
  ResourceName: ({ resources }) => resources.map(({ name }) => name),
  ResourceType: ({ resources }) => resources.map(({ type }) => type),
  Username: ({ username }) => [username],
};

function pageOf(matching: readonly TrailEvent[], { start, size, key }: Question): AwsAnswer {
  const next = start + size;
  return jsonAnswer({
    Events: matching.slice(start, next).map((event) => ({
      EventId: event.id,
      EventName: event.name,
      EventSource: event.source,
      EventTime: event.time / 1000,
      ReadOnly: String(event.readOnly),
      ...(event.username !== "" && { Username: event.username }),
      ...(event.accessKeyId !== "" && { AccessKeyId: event.accessKeyId }),
      Resources: event.resources.map(({ type, name }) => ({ ResourceName: name, ResourceType: type })),
      CloudTrailEvent: JSON.stringify({ ...event.detail, eventID: event.id }),
    })),
    ...(matching.length > next && { NextToken: `${next}.${key}` }),
  });
}
