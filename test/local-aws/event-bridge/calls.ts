import { randomUUID } from "node:crypto";
import type { Gap } from "../gaps/gap";
import { isCall } from "../gaps/gap";
import { errorAnswer, jsonAnswer } from "../protocol";
import { type Refusal, refused } from "../refusals/refusal";
import { emitEvent } from "./emit";
import { InvalidPattern } from "./invalid-pattern";
import { matchesEvent } from "./match";
import { parsePattern } from "./pattern";

interface Entry {
  readonly Source?: string;
  readonly DetailType?: string;
  readonly Detail?: string;
  readonly EventBusName?: string;
  readonly Resources?: readonly string[];
}

/** A service's own name before an event is a service's alone. Source: "PutEvents" (Amazon EventBridge API reference). */
const foreign = {
  ErrorCode: "NotAuthorizedForSourceException",
  ErrorMessage: "Not authorized for the source.",
} as const;

export const eventsPutEvents: Gap = {
  id: "events-put-events",
  kind: "answered",
  resources: ["events:PutEvents"],
  because: "the emulator matches few operators, and delivers to no topic and no function",
  concerns: isCall("events", "PutEvents"),
  answer: async (call, context) => {
    const { account } = await context.callers.of(call);
    const entries = (call.parameters.Entries ?? []) as readonly Entry[];
    const results: Record<string, string>[] = [];
    for (const {
      Source = "",
      DetailType = "",
      Detail = "{}",
      EventBusName = "default",
      Resources = [],
    } of entries) {
      if (Source.startsWith("aws.")) {
        results.push({ ...foreign });
        continue;
      }
      const id = randomUUID();
      const [, , , region = call.region, owner = account, bus = EventBusName] = EventBusName.split(":");
      await emitEvent(
        context,
        { account: owner, region, bus: bus.replace(/^event-bus\//, "") },
        {
          version: "0",
          id,
          "detail-type": DetailType,
          source: Source,
          account,
          time: `${new Date().toISOString().slice(0, 19)}Z`,
          region: call.region,
          resources: Resources,
          detail: JSON.parse(Detail) as unknown,
        },
      );
      results.push({ EventId: id });
    }
    const FailedEntryCount = results.filter(({ ErrorCode }) => ErrorCode !== undefined).length;
    return jsonAnswer({ FailedEntryCount, Entries: results });
  },
};

export const eventsTestPattern: Gap = {
  id: "events-test-pattern",
  kind: "answered",
  resources: ["events:TestEventPattern"],
  because: "the emulator matches few operators",
  concerns: isCall("events", "TestEventPattern"),
  answer: async (call) => {
    const { EventPattern, Event } = call.parameters;
    try {
      const Result = matchesEvent(parsePattern(String(EventPattern)), JSON.parse(String(Event)) as unknown);
      return jsonAnswer({ Result });
    } catch (error) {
      return errorAnswer(call, 400, "InvalidEventPatternException", reason(error));
    }
  },
};

const reason = (error: unknown): string => `Event pattern is not valid. Reason: ${(error as Error).message}`;

export const eventPatterns: Refusal = {
  id: "event-patterns",
  because: "a rule is made only with a pattern that EventBridge can read",
  source:
    '"PutRule" (Amazon EventBridge API reference): InvalidEventPatternException; aws/event-ruler, JsonRuleCompiler',
  inspect: async (call) => {
    const { EventPattern } = call.parameters;
    if (call.service !== "events" || call.operation !== "PutRule" || typeof EventPattern !== "string") {
      return undefined;
    }
    try {
      parsePattern(EventPattern);
      return undefined;
    } catch (error) {
      if (!(error instanceof InvalidPattern)) throw error;
      return refused(400, "InvalidEventPatternException", reason(error));
    }
  },
};
