import { randomUUID } from "node:crypto";
import type { Caller } from "./accounts";
import type { FrontContext } from "./front";
import { type AwsAnswer, type AwsCall, dig, parseXmlRoot, text } from "./protocol";

/** A management event, in one account and region. */
export interface TrailEvent {
  readonly account: string;
  readonly region: string;
  readonly id: string;
  readonly name: string;
  readonly source: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly username: string;
  readonly accessKeyId: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

export const trailEvents = ({ memory }: FrontContext): TrailEvent[] =>
  memory("cloudtrail-events", () => [] as TrailEvent[]);

/** Services whose events all lie in the partition's global region. */
const global = new Set(["iam", "organizations", "account"]);

/** Writes down a call as CloudTrail would; an assumed role's account sees it too. */
export async function recordEvent(call: AwsCall, answer: AwsAnswer, context: FrontContext): Promise<void> {
  if (call.service === "" || call.service === "s3" || call.accessKeyId === "") return;
  const caller = await context.callers.of(call);
  const role = call.service === "sts" ? text(call.parameters.RoleArn) : undefined;
  const accounts = new Set([caller.account, ...(role === undefined ? [] : [role.split(":")[4] ?? ""])]);
  const region = global.has(call.service) ? "us-east-1" : call.region;
  const detail = detailOf(call, answer, caller, region);
  for (const account of accounts) {
    trailEvents(context).push({
      account,
      region,
      id: randomUUID(),
      name: call.operation,
      source: `${call.service}.amazonaws.com`,
      time: Date.now(),
      username: nameOf(caller),
      accessKeyId: call.accessKeyId,
      resources: resourcesOf(call, role),
      detail,
    });
  }
}

/** As far as the kit looks for them: a role by its ARN, a user by its name. */
const resourcesOf = ({ service, parameters }: AwsCall, role: string | undefined): string[] => {
  const user = service === "iam" ? text(parameters.UserName) : undefined;
  return [role, user].filter((name) => name !== undefined);
};

const nameOf = ({ callerArn }: Caller): string => callerArn.slice(callerArn.search(/[/:][^/:]*$/) + 1);

function detailOf(call: AwsCall, answer: AwsAnswer, caller: Caller, awsRegion: string) {
  const { account: accountId, callerArn: arn, principalArn, session } = caller;
  const base = { arn, accountId, accessKeyId: call.accessKeyId };
  const userIdentity = session
    ? {
        ...base,
        type: "AssumedRole",
        sessionContext: { sessionIssuer: { type: "Role", arn: principalArn, accountId } },
      }
    : { ...base, type: arn.endsWith(":root") ? "Root" : "IAMUser" };
  const failed = answer.status >= 400;
  const body = parseBody(answer);
  return {
    eventVersion: "1.11",
    userIdentity,
    eventName: call.operation,
    awsRegion,
    sourceIPAddress: "127.0.0.1",
    userAgent: String(call.headers["user-agent"] ?? ""),
    requestParameters: lowerCamel(call.parameters),
    ...(failed
      ? { errorCode: text(dig(body, "Error", "Code")) ?? text(dig(body, "__type")) ?? "Error" }
      : { responseElements: responseOf(call, body) }),
  };
}

const parseBody = ({ headers, body }: AwsAnswer): unknown => {
  if (!headers["content-type"]?.includes("xml")) return undefined;
  return parseXmlRoot(body);
};

const lowerCamel = (parameters: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(
    Object.entries(parameters)
      .filter(([name]) => !["Action", "Version"].includes(name))
      .map(([name, value]) => [`${name.charAt(0).toLowerCase()}${name.slice(1)}`, value]),
  );

/** As far as the kit reads it; secrets are never in an event. */
function responseOf({ operation }: AwsCall, body: unknown): Record<string, unknown> {
  const result = (...path: string[]) => text(dig(body, `${operation}Result`, ...path));
  const keyOfSession = result("Credentials", "AccessKeyId");
  const [user, role] = [result("User", "Arn"), result("Role", "Arn")];
  return {
    ...(keyOfSession !== undefined && { credentials: { accessKeyId: keyOfSession } }),
    ...(user !== undefined && { user: { arn: user } }),
    ...(role !== undefined && { role: { arn: role } }),
  };
}
