import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  type IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
} from "@aws-sdk/client-iam";
import { simulate } from "../../support/simulate";
import { type Caller, nextSession, type Session, sessionTags } from "../accounts";
import type { FrontContext } from "../front";
import { organizationAccounts, organizationId, parsePolicy } from "../principals";
import type { AwsCall } from "../protocol";
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
    const identityPolicies = await policiesOf(caller, context);
    const conditions = await requestContext(call, caller, session, context);
    for (const action of actions) {
      const { verdict } = await simulate({
        principal: caller.principalArn,
        action,
        resource: roleArn,
        account: roleArn.split(":")[4] ?? "",
        context: action === "sts:TagSession" ? ofTagSession(conditions) : conditions,
        resourcePolicy: trust,
        identityPolicies,
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
  const member = (await organizationAccounts(context)).includes(caller.account);
  const tagKeys = Object.keys(sessionTags(call.parameters).tags);
  return {
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

/** AWS's service reference knows no key of the role's session for TagSession: a condition on one never matches. */
const ofTagSession = (conditions: Readonly<Record<string, string | string[]>>) =>
  Object.fromEntries(
    Object.entries(conditions).filter(
      ([key]) => !/^sts:(SourceIdentity|RoleSessionName|ExternalId)$/.test(key),
    ),
  );

const administrator = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };

/** The caller's identity policies; the emulator's own key stands for an administrator of the management account. */
async function policiesOf(
  { principalArn, account, session }: Caller,
  { accounts }: FrontContext,
): Promise<unknown[]> {
  if (!session) return principalArn.endsWith(":root") ? [administrator] : [];
  const iam = accounts.iam(account);
  const RoleName = principalArn.slice(principalArn.lastIndexOf("/") + 1);
  const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
  const { AttachedPolicies = [] } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
  return Promise.all([
    ...PolicyNames.map(async (PolicyName) => {
      const { PolicyDocument = "" } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
      return parsePolicy(decodeURIComponent(PolicyDocument));
    }),
    ...AttachedPolicies.map(({ PolicyArn = "" }) => managedPolicy(iam, PolicyArn)),
  ]);
}

async function managedPolicy(iam: IAMClient, PolicyArn: string): Promise<unknown> {
  const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
  const VersionId = Policy?.DefaultVersionId ?? "v1";
  const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId }));
  return parsePolicy(decodeURIComponent(PolicyVersion?.Document ?? ""));
}
