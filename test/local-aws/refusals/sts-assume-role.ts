import { GetRoleCommand, ListMFADevicesCommand } from "@aws-sdk/client-iam";
import { simulate } from "../../../cli/access/simulate";
import { type Caller, nextSession, type Session, sessionTags } from "../accounts";
import type { FrontContext } from "../front";
import { organizationAccounts, organizationId, parsePolicy } from "../principals";
import type { AwsCall } from "../protocol";
import { organizationPolicies, standingOf } from "../standing";
import { type Refusal, type Refused, refused } from "./refusal";

/**
 * AssumeRole needs the caller's own permission and the role's trust, and so do, each by an action of its own, the
 * session tags and the source identity that are passed.
 */
export const stsAssumeRole: Refusal = {
  id: "sts-assume-role",
  because: "a role is assumed only by whom its trust policy admits and whose own policies permit it",
  source:
    'IAM user guide, "Pass session tags in AWS STS" and "Monitor and control actions taken with assumed roles"',
  inspect: async (call, context) => {
    if (call.service !== "sts" || call.operation !== "AssumeRole") return undefined;
    const roleArn = String(call.parameters.RoleArn ?? "");
    const caller = await context.callers.of(call);
    const deny = (action: string): Refused =>
      refused(
        403,
        "AccessDenied",
        `User: ${caller.callerArn} is not authorized to perform: ${action} on resource: ${roleArn}`,
      );

    const trust = await trustOf(roleArn, context);
    if (trust === undefined) return deny("sts:AssumeRole");
    const session = nextSession(call, caller);
    const changed = session.sourceIdentity !== undefined && caller.session?.sourceIdentity !== undefined;
    if (changed && session.sourceIdentity !== caller.session?.sourceIdentity)
      return deny("sts:SetSourceIdentity");

    const actions = [
      "sts:AssumeRole",
      ...(Object.keys(session.tags).length > 0 ? ["sts:TagSession"] : []),
      ...(session.sourceIdentity === undefined ? [] : ["sts:SetSourceIdentity"]),
    ];
    if (!(await rightMfa(call, caller, context))) {
      return refused(
        403,
        "AccessDenied",
        "MultiFactorAuthentication failed with invalid MFA one time pass code. ",
      );
    }
    const account = roleArn.split(":")[4] ?? "";
    const standing = await standingOf(caller, context);
    const resourceControlPolicies = await organizationPolicies("RESOURCE_CONTROL_POLICY", account, context);
    const conditions = await requestContext(call, caller, session, context);
    for (const action of actions) {
      const { verdict } = await simulate({
        principal: caller.principalArn,
        action,
        resource: roleArn,
        account,
        context: knownTo(action, conditions),
        resourcePolicy: trust,
        ...standing,
        resourceControlPolicies,
      });
      if (verdict !== "allowed") return deny(action);
    }
    return undefined;
  },
};

async function trustOf(roleArn: string, { accounts }: FrontContext): Promise<unknown> {
  const account = roleArn.split(":")[4] ?? "";
  const name = roleArn.slice(roleArn.lastIndexOf("/") + 1);
  try {
    const { Role } = await accounts.iam(account).send(new GetRoleCommand({ RoleName: name }));
    return Role?.Arn === roleArn
      ? parsePolicy(decodeURIComponent(Role.AssumeRolePolicyDocument ?? ""))
      : undefined;
  } catch (error) {
    if ((error as Error).name.startsWith("NoSuchEntity")) return undefined;
    throw error;
  }
}

async function requestContext(call: AwsCall, caller: Caller, session: Session, context: FrontContext) {
  const accounts = await organizationAccounts(context);
  const member = accounts.includes(caller.account);
  const target = session.roleArn.split(":")[4] ?? "";
  const given = sessionTags(call.parameters);
  const tagKeys = Object.keys(given.tags);
  return {
    ...(await identityOf(caller, context)),
    "aws:RequestedRegion": call.region,
    "aws:ResourceAccount": target,
    ...(accounts.includes(target) && { "aws:ResourceOrgID": await organizationId(context) }),
    ...(call.parameters.SerialNumber !== undefined && {
      "aws:MultiFactorAuthPresent": "true",
      "aws:MultiFactorAuthAge": "0",
    }),
    ...(given.transitiveTags.length > 0 && { "sts:TransitiveTagKeys": [...given.transitiveTags] }),
    ...(caller.session?.sourceIdentity !== undefined && {
      "aws:SourceIdentity": caller.session.sourceIdentity,
    }),
    "aws:PrincipalArn": caller.principalArn,
    "aws:PrincipalAccount": caller.account,
    ...(member && { "aws:PrincipalOrgID": await organizationId(context) }),
    "sts:RoleSessionName": String(call.parameters.RoleSessionName ?? ""),
    ...(session.sourceIdentity !== undefined && { "sts:SourceIdentity": session.sourceIdentity }),
    ...(call.parameters.ExternalId !== undefined && {
      "sts:ExternalId": String(call.parameters.ExternalId),
    }),
    ...(tagKeys.length > 0 && { "aws:TagKeys": tagKeys }),
    ...Object.fromEntries(tagKeys.map((key) => [`aws:RequestTag/${key}`, session.tags[key] ?? ""])),
    ...Object.fromEntries(
      Object.entries(caller.session?.tags ?? {}).map(([key, value]) => [`aws:PrincipalTag/${key}`, value]),
    ),
  };
}

/** `aws:userid` of a session is the role's unique id, a colon and the session's name. */
async function identityOf({ principalArn, callerArn, account, session }: Caller, { accounts }: FrontContext) {
  const name = principalArn.slice(principalArn.lastIndexOf("/") + 1);
  if (!session) return principalArn.includes(":user/") ? { "aws:username": name } : {};
  const { Role } = await accounts.iam(account).send(new GetRoleCommand({ RoleName: name }));
  return { "aws:userid": `${Role?.RoleId}:${callerArn.slice(callerArn.lastIndexOf("/") + 1)}` };
}

/** The code that stands for a wrong or outdated one: the emulator's devices have no clock. */
const wrongCode = "000000";

/** A device must be the user's own, and the code six digits. */
async function rightMfa(call: AwsCall, caller: Caller, { accounts }: FrontContext): Promise<boolean> {
  const { SerialNumber, TokenCode } = call.parameters;
  if (SerialNumber === undefined) return true;
  if (caller.session || !/^\d{6}$/.test(String(TokenCode)) || TokenCode === wrongCode) return false;
  const UserName = caller.principalArn.slice(caller.principalArn.lastIndexOf("/") + 1);
  const { MFADevices = [] } = await accounts
    .iam(caller.account)
    .send(new ListMFADevicesCommand({ UserName }));
  return MFADevices.some((device) => device.SerialNumber === SerialNumber);
}

/** Keys that an action doesn't have, by AWS's service reference: a condition on one never matches. */
const unknownTo: Readonly<Record<string, RegExp>> = {
  "sts:TagSession": /^sts:(SourceIdentity|RoleSessionName|ExternalId)$/,
  "sts:SetSourceIdentity":
    /^(aws:RequestTag\/.*|aws:TagKeys|sts:(TransitiveTagKeys|RoleSessionName|ExternalId))$/,
};

const knownTo = (action: string, conditions: Readonly<Record<string, string | string[]>>) =>
  Object.fromEntries(Object.entries(conditions).filter(([key]) => !unknownTo[action]?.test(key)));
