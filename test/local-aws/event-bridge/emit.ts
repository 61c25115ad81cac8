import {
  ListRulesCommand,
  ListTargetsByRuleCommand,
  type Rule,
  type Target,
} from "@aws-sdk/client-eventbridge";
import type { FrontContext } from "../front";
import { matchesEvent } from "./match";
import { parsePattern } from "./pattern";
import { deliver, type Outcome, putAside } from "./targets";

/** Where an event comes up. */
export interface EventPlace {
  readonly account: string;
  readonly region: string;
  readonly bus?: string;
}

/** An event as EventBridge hands it on. */
export type EventRecord = Readonly<Record<string, unknown>>;

/** What became of an event at one target of one rule. */
export interface Delivery extends Outcome {
  readonly rule: string;
  readonly target: string;
}

/** Buses that an event passes on its way, at most; EventBridge stops after the second ("Considerations for buses"). */
const maximumBuses = 3;

/**
 * Matches an event with the rules of a bus, and hands it to their targets. Deliveries are remembered, for whoever counts
 * them.
 */
export async function emitEvent(
  context: FrontContext,
  place: EventPlace,
  event: EventRecord,
  passed = 1,
): Promise<readonly Delivery[]> {
  const { account, region, bus = "default" } = place;
  const events = context.accounts.events(account, region);
  const { Rules = [] } = await events.send(new ListRulesCommand({ EventBusName: bus }));
  const deliveries: Delivery[] = [];
  for (const rule of Rules.filter((candidate) => takes(candidate, event))) {
    const { Targets = [] } = await events.send(
      new ListTargetsByRuleCommand({ Rule: rule.Name, EventBusName: bus }),
    );
    for (const target of Targets) {
      const [own, beyond] = await hand(context, rule, target, event, passed);
      deliveries.push({ rule: rule.Arn ?? "", target: target.Arn ?? "", ...own }, ...beyond);
    }
  }
  if (passed === 1) deliveriesOf(context).push(...deliveries);
  return deliveries;
}

/** Every delivery since the beginning. */
export const deliveriesOf = ({ memory }: FrontContext): Delivery[] =>
  memory("event-deliveries", () => [] as Delivery[]);

type Handed = readonly [Outcome, readonly Delivery[]];

async function hand(
  context: FrontContext,
  rule: Rule,
  target: Target,
  event: EventRecord,
  passed: number,
): Promise<Handed> {
  const outcome = await deliver(context, rule.Arn ?? "", target, event);
  if (outcome.failed !== undefined) {
    return [await putAside(context, rule.Arn ?? "", target, event, outcome.failed), []];
  }
  const next = busOf(target);
  const beyond = next && passed < maximumBuses ? await emitEvent(context, next, event, passed + 1) : [];
  return [{ outcome: "delivered" }, beyond];
}

function busOf({ Arn = "" }: Target): EventPlace | undefined {
  const [, , service, region = "", account = "", resource = ""] = Arn.split(":");
  return service === "events" && resource.startsWith("event-bus/")
    ? { account, region, bus: resource.slice("event-bus/".length) }
    : undefined;
}

const trail = "AWS API Call via CloudTrail";

/**
 * Whether a rule takes an event. One that is only enabled gets no reading calls. Source: "AWS service events delivered via
 * CloudTrail" (Amazon EventBridge user guide).
 */
function takes({ State, EventPattern }: Rule, event: EventRecord): boolean {
  if (State === "DISABLED" || EventPattern === undefined || EventPattern === "") return false;
  const name = (event.detail as { eventName?: unknown } | undefined)?.eventName;
  const reads = event["detail-type"] === trail && /^(?:Describe|Get|List)/.test(String(name));
  if (reads && State !== "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS") return false;
  return matchesEvent(parsePattern(EventPattern), event);
}
