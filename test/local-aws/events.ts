import { randomUUID } from "node:crypto";
import { GetUserCommand } from "@aws-sdk/client-iam";
import type { Caller } from "./accounts";
import type { FrontContext } from "./front";
import { type AwsAnswer, type AwsCall, dig, parseXmlRoot, text } from "./protocol";
import { isManagementEvent, isReadOnly } from "./trail/management";
import { resourcesOf, type TrailResource } from "./trail/resources";

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
  readonly readOnly: boolean;
  readonly resources: readonly TrailResource[];
  readonly detail: Readonly<Record<string, unknown>>;
}

export const trailEvents = ({ memory }: FrontContext): TrailEvent[] =>
  memory("cloudtrail-events", () => [] as TrailEvent[]);

/** Services whose events all lie in the partition's global region. */
const global = new Set(["iam", "organizations", "account"]);

/** Writes down a call as CloudTrail would; an assumed role's account sees it too. */
export async function recordEvent(call: AwsCall, answer: AwsAnswer, context: FrontContext): Promise<void> {
  if (!isManagementEvent(call)) return;
  const caller = await context.callers.of(call);
  const role = call.service === "sts" ? text(call.parameters.RoleArn) : undefined;
  const accounts = new Set([caller.account, ...(role === undefined ? [] : [role.split(":")[4] ?? ""])]);
  const region = global.has(call.service) ? "us-east-1" : call.region;
  const time = context.conditions().now();
  const shared = randomUUID();
  for (const account of accounts) {
    const userIdentity =
      account === caller.account ? identityOf(call, caller) : await foreignIdentity(caller, context);
    trailEvents(context).push({
      account,
      region,
      id: randomUUID(),
      name: call.operation,
      source: `${call.service}.amazonaws.com`,
      time,
      // An account is told of a stranger's call without the stranger's name and key.
      username: account === caller.account ? nameOf(caller) : "",
      accessKeyId: account === caller.account ? call.accessKeyId : "",
      readOnly: isReadOnly(call),
      resources: resourcesOf(call, answer),
      detail: {
        ...detailOf(call, answer),
        userIdentity,
        awsRegion: region,
        eventTime: `${new Date(time).toISOString().slice(0, 19)}Z`,
        recipientAccountId: account,
        ...(accounts.size > 1 && { sharedEventID: shared }),
      },
    });
  }
}

const nameOf = ({ callerArn }: Caller): string => callerArn.slice(callerArn.search(/[/:][^/:]*$/) + 1);

function identityOf(call: AwsCall, { account: accountId, callerArn: arn, principalArn, session }: Caller) {
  const base = { arn, accountId, accessKeyId: call.accessKeyId };
  return session
    ? {
        ...base,
        type: "AssumedRole",
        sessionContext: {
          sessionIssuer: { type: "Role", arn: principalArn, accountId },
          ...(session.issued !== undefined && { attributes: { creationDate: session.issued } }),
        },
      }
    : { ...base, type: arn.endsWith(":root") ? "Root" : "IAMUser" };
}

/**
 * Who has called from another account: an id and no ARN. Source: "Logging IAM and AWS STS API calls with AWS
 * CloudTrail" (IAM user guide), the example of a role assumed across accounts.
 */
async function foreignIdentity({ account, principalArn, session }: Caller, { accounts }: FrontContext) {
  const UserName = /:user\/(?:.*\/)?([^/]+)$/.exec(principalArn)?.[1];
  const user =
    session === undefined && UserName !== undefined
      ? await accounts
          .iam(account)
          .send(new GetUserCommand({ UserName }))
          .catch(() => undefined)
      : undefined;
  const principalId = session?.userId ?? user?.User?.UserId;
  return { type: "AWSAccount", accountId: account, ...(principalId !== undefined && { principalId }) };
}

function detailOf(call: AwsCall, answer: AwsAnswer) {
  const failed = answer.status >= 400;
  const body = parseBody(answer);
  return {
    eventVersion: "1.11",
    eventSource: `${call.service}.amazonaws.com`,
    eventName: call.operation,
    sourceIPAddress: "127.0.0.1",
    userAgent: String(call.headers["user-agent"] ?? ""),
    requestParameters: lowerCamel(call.parameters),
    readOnly: isReadOnly(call),
    eventType: "AwsApiCall",
    managementEvent: true,
    eventCategory: "Management",
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
