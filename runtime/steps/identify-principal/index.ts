import { GetAccessKeyLastUsedCommand, GetRoleCommand, GetUserCommand } from "@aws-sdk/client-iam";
import { GetAccessKeyInfoCommand } from "@aws-sdk/client-sts";
import { type Static, Type } from "@sinclair/typebox";
import { type CallRecord, keyGivenOut, lookUp } from "../../shared/activity";
import { principalSchema } from "../../shared/contracts";
import { isMissing, NotPossible } from "../../shared/errors";
import {
  accessKeyKind,
  type Principal,
  principalOfArn,
  rootUser,
  sessionOfArn,
} from "../../shared/principal";
import type { Setting } from "../../shared/setting";
import type { Step } from "../../shared/step";
import { needs } from "./needs";

const input = Type.Union([Type.Object({ accessKeyId: Type.String() }), Type.Object({ arn: Type.String() })]);

const output = Type.Object({
  principal: principalSchema,
  /** How it was found. */
  evidence: Type.String(),
});

type Output = Static<typeof output>;

/** Whose a key is, or which principal an ARN names; only what exists is named. */
export const identifyPrincipal: Step<typeof input, typeof output> = {
  id: "identify-principal",
  title: "who it is",
  class: "observe",
  criticality: "critical",
  input,
  output,
  needs,
  handle: async (setting, given) => {
    if ("arn" in given) return byArn(setting, given.arn);
    const { accessKeyId } = given;
    const kind = accessKeyKind(accessKeyId);
    const sts = await setting.sts();
    const { Account } = await sts.send(new GetAccessKeyInfoCommand({ AccessKeyId: accessKeyId }));
    if (Account === undefined) throw new NotPossible(`AWS names no account for ${accessKeyId}`);
    return kind === "long-term"
      ? userOfKey(setting, Account, accessKeyId)
      : issuerOfKey(setting, Account, accessKeyId);
  },
};

async function byArn(setting: Setting, arn: string): Promise<Output> {
  const session = sessionOfArn(arn);
  if (session) {
    return {
      principal: await role(setting, session.account, session.role),
      evidence: `session ${session.session} is of this role`,
    };
  }
  const { kind, account, name } = principalOfArn(arn);
  const principal = await (kind === "user" ? user : role)(setting, account, name);
  // Names are unique in an account, whatever the path; CloudTrail often tells the name alone.
  const evidence =
    principal.arn === arn ? "named by its ARN" : `its name is ${name}, which is unique in the account`;
  return { principal, evidence };
}

async function userOfKey(setting: Setting, account: string, AccessKeyId: string): Promise<Output> {
  const { iam } = await setting.account(account);
  let name: string | undefined;
  try {
    name = (await iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId }))).UserName;
  } catch (error) {
    // AWS answers for a key of nobody with AccessDenied, since there is no resource to allow.
    if (!isMissing(error) && (error as Error).name !== "AccessDenied") throw error;
  }
  if (name === undefined || name === "<root_account>") {
    throw new NotPossible(
      `no user of account ${account} has the key ${AccessKeyId}: it was deleted, or ${rootUser(account)}`,
    );
  }
  return { principal: await user(setting, account, name), evidence: `${AccessKeyId} belongs to this user` };
}

/** CloudTrail keeps 90 days; no session lives longer than 36 hours, and the oldest call may be the only one. */
const lookBack = 90 * 24 * 3_600_000;

async function issuerOfKey(setting: Setting, account: string, accessKeyId: string): Promise<Output> {
  const since = new Date(setting.clock.now().getTime() - lookBack);
  const signed = await lookUp(setting, account, "AccessKeyId", accessKeyId, since);
  const call = signed.calls.at(-1);
  if (call) {
    const { arn, issuer } = call.identity;
    const { principal } = await byArn(setting, notRoot(accessKeyId, account, call, issuer ?? arn));
    return {
      principal,
      evidence: `${accessKeyId} is a session of it: ${arn}, last call ${call.name} at ${call.time}`,
    };
  }
  // A session that has not called yet is known by the call that opened it.
  const opened = await lookUp(setting, account, "ResourceName", accessKeyId, since);
  const opening = opened.calls.findLast((one) => keyGivenOut(one) === accessKeyId);
  if (opening) {
    const { request, identity } = opening;
    const opens = typeof request.roleArn === "string" ? request.roleArn : (identity.issuer ?? identity.arn);
    const { principal } = await byArn(setting, notRoot(accessKeyId, account, opening, opens));
    return {
      principal,
      evidence: `${accessKeyId} is a session of it: opened by ${opening.name} at ${opening.time}, and no call with it is shown`,
    };
  }
  const unread = [...new Set([...signed.incomplete, ...opened.incomplete])];
  const gaps = unread.length > 0 ? ` (not read: ${unread.join(", ")})` : "";
  throw new NotPossible(
    `CloudTrail of account ${account} knows no call with the key ${accessKeyId}${gaps}; it shows calls after up to ` +
      "15 minutes. If you know whose session it is, name it: ir-kit respond role <arn>, or user <arn>.",
  );
}

/** @throws NotPossible where a session is of a root user, whom no policy of IAM reaches */
function notRoot(key: string, account: string, { identity: { type } }: CallRecord, arn: string): string {
  if (type !== "Root" && !arn.endsWith(":root")) return arn;
  throw new NotPossible(`the key ${key} can't be contained here: ${rootUser(account)}`);
}

async function user(setting: Setting, account: string, UserName: string): Promise<Principal> {
  const { iam } = await setting.account(account);
  const { User } = await known(`user ${UserName}`, account, iam.send(new GetUserCommand({ UserName })));
  return principalOfArn(User?.Arn ?? "");
}

async function role(setting: Setting, account: string, RoleName: string): Promise<Principal> {
  const { iam } = await setting.account(account);
  const { Role } = await known(`role ${RoleName}`, account, iam.send(new GetRoleCommand({ RoleName })));
  return principalOfArn(Role?.Arn ?? "");
}

async function known<T>(what: string, account: string, request: Promise<T>): Promise<T> {
  try {
    return await request;
  } catch (error) {
    if (isMissing(error)) throw new NotPossible(`account ${account} has no ${what}`);
    throw error;
  }
}
