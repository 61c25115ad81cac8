import { type Event, type LookupAttributeKey, paginateLookupEvents } from "@aws-sdk/client-cloudtrail";
import { utc } from "./clock";
import type { Principal } from "./principal";
import type { Setting } from "./setting";

/** A call as CloudTrail tells it, with what steps ask of it. */
export interface CallRecord {
  readonly id: string;
  readonly time: string;
  readonly name: string;
  readonly source: string;
  readonly region: string;
  readonly ip: string;
  readonly agent: string;
  readonly accessKeyId: string;
  /** The service that called in somebody's place. */
  readonly invokedBy: string;
  /** Absent where the call went through. */
  readonly error?: string;
  readonly identity: Identity;
  readonly request: Readonly<Record<string, unknown>>;
  readonly response: Readonly<Record<string, unknown>>;
}

/** Who called. Source: "CloudTrail userIdentity element". */
export interface Identity {
  readonly type: string;
  readonly arn: string;
  readonly account: string;
  /** ARN of the role or user from which a temporary session comes. */
  readonly issuer?: string;
  /** When the session was opened, UTC; absent for long-term keys. */
  readonly opened?: string;
  /** Id of the Identity Center user in whose name the session is. */
  readonly onBehalfOf?: string;
  /** Unique id; all that CloudTrail tells of somebody from another account, beside the account. */
  readonly principalId?: string;
}

/**
 * Milliseconds after which CloudTrail shows a call as a rule: until then nothing follows from there being none. Source:
 * "Working with CloudTrail Event history" (AWS CloudTrail user guide).
 */
const shownAfter = 15 * 60_000;

/** When CloudTrail shows, as a rule, every call that was made until a time. */
export const shownFrom = (time: Date): Date => new Date(time.getTime() + shownAfter);

/** Events of one attribute that are read at most in a region: a page has 50, and two pages a second are allowed. */
const mostEvents = 500;

export interface Records {
  readonly calls: readonly CallRecord[];
  /** Regions that could not be asked, or hold more than was read. */
  readonly incomplete: readonly string[];
}

/**
 * Management events of the last 90 days at most, oldest first, in every region that the kit watches; what CloudTrail
 * does not show yet is not among them, see {@link shownFrom}.
 */
export async function lookUp(
  setting: Setting,
  account: string,
  key: LookupAttributeKey,
  value: string,
  since: Date,
): Promise<Records> {
  const clients = await setting.account(account);
  const incomplete: string[] = [];
  const inRegions = await Promise.all(
    setting.kit.regions.map(async (region) => {
      const found: CallRecord[] = [];
      try {
        const pages = paginateLookupEvents(
          { client: clients.cloudTrail(region) },
          { LookupAttributes: [{ AttributeKey: key, AttributeValue: value }], StartTime: since },
        );
        for await (const { Events = [] } of pages) {
          found.push(...Events.map((event) => recordOf(event, region)));
          if (found.length >= mostEvents) {
            incomplete.push(`${region}: more than ${mostEvents} events`);
            break;
          }
        }
      } catch (error) {
        incomplete.push(`${region}: ${(error as Error).name}`);
      }
      // The newest come first, and times are whole seconds: within one, only this order tells what came after what.
      return found.reverse();
    }),
  );
  const byId = new Map(inRegions.flat().map((call) => [call.id, call]));
  const calls = [...byId.values()].sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
  return { calls, incomplete };
}

/** Sessions of a role whose calls are looked up one by one; more are named, not read. */
const mostSessions = 20;

/**
 * Calls of a principal. A user's are found by name; a role's by the sessions that were opened of it, since CloudTrail
 * knows a session by its own name and key only.
 */
export async function callsOf(
  setting: Setting,
  { kind, account, name, arn }: Principal,
  since: Date,
): Promise<Records> {
  if (kind === "user") {
    const { calls, incomplete } = await lookUp(setting, account, "Username", name, since);
    // Sessions of roles may bear the same name.
    return { calls: calls.filter(({ identity }) => (identity.issuer ?? identity.arn) === arn), incomplete };
  }
  // A session that is in use now may have been opened twelve hours ago.
  const opened = await lookUp(
    setting,
    account,
    "ResourceName",
    arn,
    new Date(since.getTime() - 12 * 3_600_000),
  );
  const keys = [...new Set(opened.calls.map(keyGivenOut).filter((key) => key !== undefined))];
  // One after the other: the event history takes two requests a second.
  const read: Records[] = [];
  for (const key of keys.slice(-mostSessions)) {
    read.push(await lookUp(setting, account, "AccessKeyId", key, since));
  }
  return {
    calls: read.flatMap(({ calls }) => calls),
    incomplete: [
      ...opened.incomplete,
      ...read.flatMap(({ incomplete }) => incomplete),
      ...(keys.length > mostSessions ? [`only the last ${mostSessions} of ${keys.length} sessions`] : []),
    ],
  };
}

/** Key of the session that a call has opened. */
export function keyGivenOut({ response }: CallRecord): string | undefined {
  const { accessKeyId } = (response.credentials ?? {}) as { readonly accessKeyId?: unknown };
  return typeof accessKeyId === "string" ? accessKeyId : undefined;
}

const record = (value: unknown): Record<string, unknown> =>
  value !== null && typeof value === "object" ? (value as Record<string, unknown>) : {};
const text = (value: unknown): string => (typeof value === "string" ? value : "");

function recordOf(event: Event, region: string): CallRecord {
  const detail = record(parsed(event.CloudTrailEvent));
  const identity = record(detail.userIdentity);
  const issuer = text(record(record(identity.sessionContext).sessionIssuer).arn);
  const opened = text(record(record(identity.sessionContext).attributes).creationDate);
  const onBehalfOf = text(record(identity.onBehalfOf).userId);
  const principalId = text(identity.principalId);
  const error = text(detail.errorCode);
  return {
    id: event.EventId ?? "",
    time: utc(event.EventTime ?? new Date(0)),
    name: event.EventName ?? "",
    source: event.EventSource ?? "",
    region: text(detail.awsRegion) || region,
    ip: text(detail.sourceIPAddress),
    agent: text(detail.userAgent),
    accessKeyId: text(identity.accessKeyId),
    invokedBy: text(identity.invokedBy),
    ...(error !== "" && { error }),
    identity: {
      type: text(identity.type),
      arn: text(identity.arn),
      account: text(identity.accountId),
      ...(issuer !== "" && { issuer }),
      ...(opened !== "" && { opened }),
      ...(onBehalfOf !== "" && { onBehalfOf }),
      ...(principalId !== "" && { principalId }),
    },
    request: record(detail.requestParameters),
    response: record(detail.responseElements),
  };
}

function parsed(value: string | undefined): unknown {
  try {
    return JSON.parse(value ?? "{}");
  } catch {
    return {};
  }
}
