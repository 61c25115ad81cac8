import { type Static, Type } from "@sinclair/typebox";
import { type CallRecord, callsOf } from "../../shared/activity";
import { principalSchema, timeSchema } from "../../shared/contracts";
import type { Step } from "../../shared/step";
import { needs } from "./needs";

const input = Type.Object({ principal: principalSchema, since: timeSchema });

const sourceSchema = Type.Object({
  ip: Type.String(),
  agent: Type.String(),
  calls: Type.Integer(),
  first: timeSchema,
  last: timeSchema,
});

const linkSchema = Type.Object({
  /** ARN of a role that was assumed, or of a user that was made or given a credential. */
  arn: Type.String(),
  how: Type.String(),
  at: timeSchema,
});

const output = Type.Object({
  calls: Type.Integer(),
  refused: Type.Integer(),
  /** Who uses the principal: each address and program. */
  sources: Type.Array(sourceSchema),
  /** Principals that it became, made or gave a credential to. */
  chain: Type.Array(linkSchema),
  /** What could not be read. */
  incomplete: Type.Array(Type.String()),
});

export type ChainLink = Static<typeof linkSchema>;
export type Activity = Static<typeof output>;

/** What CloudTrail knows of a principal: who uses it, and whom it became or made. */
export const traceActivity: Step<typeof input, typeof output> = {
  id: "trace-activity",
  title: "what it did, from where, and whom it became",
  class: "observe",
  criticality: "best-effort",
  input,
  output,
  needs,
  handle: async (setting, { principal, since }) => {
    const { calls, incomplete } = await callsOf(setting, principal, new Date(since));
    return {
      calls: calls.length,
      refused: calls.filter(({ error }) => error !== undefined).length,
      sources: sourcesOf(calls),
      chain: chainOf(calls, principal.arn, setting.kit.partition),
      incomplete: [...incomplete],
    };
  },
};

function sourcesOf(calls: readonly CallRecord[]): Static<typeof sourceSchema>[] {
  const sources = new Map<string, Static<typeof sourceSchema>>();
  for (const { ip, agent, time } of calls) {
    const key = JSON.stringify([ip, agent]);
    const before = sources.get(key);
    sources.set(key, {
      ip,
      agent,
      calls: (before?.calls ?? 0) + 1,
      first: before?.first ?? time,
      last: time,
    });
  }
  return [...sources.values()].sort((a, b) => b.calls - a.calls);
}

/** Calls by which somebody becomes, makes or equips another principal. */
function chainOf(calls: readonly CallRecord[], self: string, partition: string): ChainLink[] {
  const links = new Map<string, ChainLink>();
  for (const call of calls.filter(({ error }) => error === undefined)) {
    const found = linkOf(call, partition);
    if (found === undefined || found.arn === self || links.has(found.arn)) continue;
    links.set(found.arn, { ...found, at: call.time });
  }
  return [...links.values()];
}

function linkOf(
  { name, source, request, response, identity }: CallRecord,
  partition: string,
): Omit<ChainLink, "at"> | undefined {
  const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);
  if (name === "UpdateAccessKey" && request.status !== "Active") return undefined;
  if (source === "sts.amazonaws.com" && name.startsWith("AssumeRole")) {
    const arn = text(request.roleArn);
    if (arn === undefined) return undefined;
    return { arn, how: `assumed as session ${text(request.roleSessionName) ?? "unknown"}` };
  }
  if (source !== "iam.amazonaws.com") return undefined;
  const user = text(request.userName);
  const role = text(request.roleName);
  const made = (response.user ?? response.role ?? {}) as { readonly arn?: unknown };
  const arn =
    text(made.arn) ??
    (user !== undefined
      ? `arn:${partition}:iam::${identity.account}:user/${user}`
      : role && `arn:${partition}:iam::${identity.account}:role/${role}`);
  const how = equipping[name];
  return arn !== undefined && how !== undefined ? { arn, how } : undefined;
}

/** Source: "Actions, resources, and condition keys for AWS Identity and Access Management". */
const equipping: Readonly<Record<string, string>> = {
  CreateUser: "made",
  CreateRole: "made",
  CreateAccessKey: "given an access key",
  CreateLoginProfile: "given a password",
  UpdateLoginProfile: "given another password",
  CreateServiceSpecificCredential: "given a service-specific credential",
  ResetServiceSpecificCredential: "given a service-specific credential",
  UpdateAccessKey: "given an access key back",
  UpdateAssumeRolePolicy: "opened by another trust policy",
  UploadSSHPublicKey: "given an SSH key",
  UploadSigningCertificate: "given a signing certificate",
};
