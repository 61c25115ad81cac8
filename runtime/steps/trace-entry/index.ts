import { GetRoleCommand } from "@aws-sdk/client-iam";
import { type Static, Type } from "@sinclair/typebox";
import { type CallRecord, lookUp, type Records } from "../../shared/activity";
import { principalSchema, timeSchema } from "../../shared/contracts";
import { reason } from "../../shared/errors";
import type { Principal } from "../../shared/principal";
import type { Setting } from "../../shared/setting";
import type { Step } from "../../shared/step";
import { needs } from "./needs";

const input = Type.Object({ principal: principalSchema, since: timeSchema });

const callerSchema = Type.Object({
  /** ARN as CloudTrail tells it, of a session where it was one; of another account's principal its unique id. */
  arn: Type.String(),
  /** What was done: assumed, given an access key and so on. */
  how: Type.String(),
  times: Type.Integer(),
  last: timeSchema,
});

const output = Type.Object({
  /** Principals that a role's trust policy names, each with its conditions. */
  trust: Type.Array(Type.String()),
  callers: Type.Array(callerSchema),
  incomplete: Type.Array(Type.String()),
});

export type Entry = Static<typeof output>;

/**
 * How one becomes this principal, and who did: what is left open when it is released. Reported, not changed: a trust
 * policy is text that grants, which no responder writes.
 */
export const traceEntry: Step<typeof input, typeof output> = {
  id: "trace-entry",
  title: "how one becomes it, and who did",
  class: "observe",
  criticality: "best-effort",
  input,
  output,
  needs,
  handle: async (setting, { principal, since }) => {
    const { calls, incomplete } = await entries(setting, principal, new Date(since));
    const trust =
      principal.kind === "role"
        ? await trustOf(setting, principal).catch((error: unknown) => `trust policy: ${reason(error)}`)
        : [];
    return {
      trust: typeof trust === "string" ? [] : trust,
      callers: callersOf(calls),
      incomplete: [...incomplete, ...(typeof trust === "string" ? [trust] : [])],
    };
  },
};

/** Calls by which somebody has become the principal, or has equipped somebody to. */
async function entries(
  setting: Setting,
  { kind, account, name, arn }: Principal,
  since: Date,
): Promise<Records> {
  // AWS indexes a role's assumption by its ARN, and changes of a user by the user's name.
  const { calls, incomplete } = await lookUp(
    setting,
    account,
    "ResourceName",
    kind === "role" ? arn : name,
    since,
  );
  const opening =
    kind === "role"
      ? /^AssumeRole/
      : /^(Create|Upload|Update)(AccessKey|LoginProfile|ServiceSpecific|SSH|Signing)/;
  return {
    calls: calls.filter((call) => call.error === undefined && opening.test(call.name)),
    incomplete,
  };
}

function callersOf(calls: readonly CallRecord[]): Static<typeof callerSchema>[] {
  const callers = new Map<string, Static<typeof callerSchema>>();
  for (const { identity, name, time, invokedBy } of calls) {
    const arn = identity.arn || invokedBy || strangerIn(identity);
    const key = JSON.stringify([arn, name]);
    callers.set(key, { arn, how: name, times: (callers.get(key)?.times ?? 0) + 1, last: time });
  }
  return [...callers.values()].sort((a, b) => b.times - a.times);
}

/** Source: "Logging IAM and AWS STS API calls with AWS CloudTrail": a role's account is not told a stranger's ARN. */
const strangerIn = ({ type, account, principalId }: CallRecord["identity"]): string =>
  account === "" ? type : `${principalId ?? "somebody"} of account ${account}`;

async function trustOf(setting: Setting, { account, name }: Principal): Promise<string[]> {
  const { iam } = await setting.account(account);
  const { Role } = await iam.send(new GetRoleCommand({ RoleName: name }));
  return principalsOf(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? ""));
}

/** Each principal that a trust policy allows, with the conditions under which. */
function principalsOf(document: string): string[] {
  const list = (value: unknown): unknown[] =>
    Array.isArray(value) ? value : value === undefined ? [] : [value];
  let statements: unknown[];
  try {
    statements = list((JSON.parse(document) as { readonly Statement?: unknown }).Statement);
  } catch {
    return ["a text that can't be read"];
  }
  return statements.flatMap((statement) => {
    const { Effect, Principal: named, Condition } = (statement ?? {}) as Record<string, unknown>;
    if (Effect !== "Allow") return [];
    const names =
      named !== null && typeof named === "object"
        ? Object.entries(named).flatMap(([kind, values]) =>
            list(values).map((one) => `${kind} ${String(one)}`),
          )
        : list(named).map(String);
    return names.map((one) => (Condition === undefined ? one : `${one}, if ${JSON.stringify(Condition)}`));
  });
}
