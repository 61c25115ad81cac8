import type { FrontContext } from "../front";
import { type AwsAnswer, type AwsCall, errorAnswer, jsonAnswer } from "../protocol";
import type { Gap } from "./gap";

/** A request to a REST API that matched a route. */
export interface RouteRequest {
  readonly call: AwsCall;
  readonly context: FrontContext;
  /** Values of the `{…}` in the route. */
  readonly path: Readonly<Record<string, string>>;
  readonly body: Record<string, unknown>;
  readonly account: string;
  /** Objects of this gap in the caller's account and region, by a name of its choice. */
  readonly store: Map<string, Record<string, unknown>>;
}

/** The body of the answer; nothing leaves the call to the emulator. */
type Handler = (request: RouteRequest) => unknown | Promise<unknown>;

/** Thrown by a handler whose object does not exist. */
export class NotFound extends Error {}

interface RestGap extends Omit<Gap, "concerns" | "answer"> {
  readonly service: string;
  /** Handlers by method and path, such as `GET /detector/{id}/admin`. */
  readonly routes: Readonly<Record<string, Handler>>;
}

/** A gap in a REST API, as a table of routes. */
export function restGap({ service, routes, ...gap }: RestGap): Gap {
  const compiled = Object.entries(routes).map(([route, handler]) => ({ pattern: patternOf(route), handler }));
  const find = (call: AwsCall) => {
    if (call.service !== service) return undefined;
    for (const { pattern, handler } of compiled) {
      const match = pattern.exec(`${call.method} ${decodeURIComponent(call.path)}`);
      if (match) return { handler, path: match.groups ?? {} };
    }
    return undefined;
  };
  return {
    ...gap,
    concerns: (call) => find(call) !== undefined,
    answer: async (call, context) => {
      const found = find(call);
      return found ? handle(gap.id, call, context, found.handler, found.path) : undefined;
    },
  };
}

async function handle(
  id: string,
  call: AwsCall,
  context: FrontContext,
  handler: Handler,
  path: Readonly<Record<string, string>>,
): Promise<AwsAnswer | undefined> {
  const { account } = await context.callers.of(call);
  const store = storeOf(context, id, account, call.region);
  try {
    const answer = await handler({ call, context, path, body: { ...call.parameters }, account, store });
    return answer === undefined ? undefined : jsonAnswer(answer);
  } catch (error) {
    if (error instanceof NotFound) return errorAnswer(call, 404, "ResourceNotFoundException", error.message);
    throw error;
  }
}

export const storeOf = ({ memory }: FrontContext, id: string, account: string, region: string) =>
  memory(`${id} ${account} ${region}`, () => new Map<string, Record<string, unknown>>());

/** A `{name}` is one segment, a `{name+}` the rest of the path. */
function patternOf(route: string): RegExp {
  const source = route
    .replace(/[.*+?^$()|[\]\\]/g, (character) => (character === "+" ? "+" : `\\${character}`))
    .replace(/\{(\w+)\+\}/g, "(?<$1>.+)")
    .replace(/\{(\w+)\}/g, "(?<$1>[^/]+)");
  return new RegExp(`^${source}/?$`, "i");
}

export function stored(store: RouteRequest["store"], key: string): Record<string, unknown> {
  const value = store.get(key);
  if (!value) throw new NotFound(`${key} does not exist`);
  return value;
}
