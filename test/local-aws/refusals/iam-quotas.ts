import {
  GetGroupPolicyCommand,
  GetRolePolicyCommand,
  GetUserPolicyCommand,
  type IAMClient,
  ListAttachedGroupPoliciesCommand,
  ListAttachedRolePoliciesCommand,
  ListAttachedUserPoliciesCommand,
  ListGroupPoliciesCommand,
  ListPolicyVersionsCommand,
  ListRolePoliciesCommand,
  ListUserPoliciesCommand,
} from "@aws-sdk/client-iam";
import type { FrontContext } from "../front";
import { type Holder, type IamChange, iamChanges, type LocatedIamChange } from "../iam-changes";
import { quotas, sizeWithoutWhiteSpace } from "../quotas";
import { unlessGone } from "./gone";
import { type Refusal, type Refused, refused } from "./refusal";

const exceeded = (message: string): Refused => refused(409, "LimitExceeded", message);

export const iamQuotas: Refusal = {
  id: "iam-quotas",
  because: "IAM refuses documents and attachments beyond its quotas",
  source:
    'IAM user guide, "IAM and AWS STS quotas"; messages as in aws/eks-hybrid#741 and LBHackney-IT/Data-Platform#2116',
  inspect: async (call, context) => {
    const changes = await iamChanges(call, context);
    for (const located of changes) {
      const refusal = await overQuota(located, changes, context);
      if (refusal) return refusal;
    }
    return undefined;
  },
};

async function overQuota(
  { change, account, existing }: LocatedIamChange,
  all: readonly LocatedIamChange[],
  { accounts }: FrontContext,
): Promise<Refused | undefined> {
  const iam = existing ? accounts.iam(account) : undefined;
  switch (change.kind) {
    case "trust":
      return sizeWithoutWhiteSpace(change.document) > quotas.trustPolicySize
        ? exceeded(`Cannot exceed quota for ACLSizePerRole: ${quotas.trustPolicySize}`)
        : undefined;
    case "managed-policy":
      return managedPolicy(change, iam);
    case "attach":
      return attachments(change, iam);
    case "inline":
      return inline(change, all, iam);
    case "profile":
      return change.roles > quotas.rolesPerInstanceProfile
        ? exceeded(
            `Cannot exceed quota for InstanceSessionsPerInstanceProfile: ${quotas.rolesPerInstanceProfile}`,
          )
        : undefined;
  }
}

async function managedPolicy(
  { name, document, newVersion }: IamChange & { kind: "managed-policy" },
  iam: IAMClient | undefined,
): Promise<Refused | undefined> {
  if (sizeWithoutWhiteSpace(document) > quotas.managedPolicySize) {
    return exceeded(`Cannot exceed quota for PolicySize: ${quotas.managedPolicySize}`);
  }
  if (!newVersion || !iam) return undefined;
  const { Versions = [] } = await iam.send(new ListPolicyVersionsCommand({ PolicyArn: name }));
  return Versions.length >= quotas.managedPolicyVersions
    ? exceeded(
        `A managed policy can have up to ${quotas.managedPolicyVersions} versions. Before you create a new version, ` +
          "you must delete an existing version.",
      )
    : undefined;
}

async function attachments(
  { of, holder, policies }: IamChange & { kind: "attach" },
  iam: IAMClient | undefined,
): Promise<Refused | undefined> {
  const attached = new Set(iam ? await attachedTo(iam, of, holder) : []);
  for (const policy of policies) attached.add(policy);
  const quota = quotas[`managedPoliciesPer${of}`];
  return attached.size > quota ? exceeded(`Cannot exceed quota for PoliciesPer${of}: ${quota}`) : undefined;
}

/** Nothing is attached to a holder that the emulator doesn't know; its own error is then the right one. */
const orNothing = <T>(request: Promise<T>): Promise<T | undefined> => request.catch(() => undefined);

async function attachedTo(iam: IAMClient, of: Holder, holder: string): Promise<string[]> {
  const listing =
    of === "Role"
      ? iam.send(new ListAttachedRolePoliciesCommand({ RoleName: holder }))
      : of === "User"
        ? iam.send(new ListAttachedUserPoliciesCommand({ UserName: holder }))
        : iam.send(new ListAttachedGroupPoliciesCommand({ GroupName: holder }));
  const result = await orNothing(listing);
  return (result?.AttachedPolicies ?? []).map(({ PolicyArn }) => PolicyArn ?? "");
}

async function inline(
  { of, holder, policy, document }: IamChange & { kind: "inline" },
  all: readonly LocatedIamChange[],
  iam: IAMClient | undefined,
): Promise<Refused | undefined> {
  const sizes = new Map<string, number>(iam ? await inlineSizes(iam, of, holder) : siblings(all, of, holder));
  sizes.set(policy, sizeWithoutWhiteSpace(document));
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  const quota = quotas[`inlinePoliciesOf${of}`];
  return total > quota
    ? exceeded(`Maximum policy size of ${quota} bytes exceeded for ${of.toLowerCase()} ${holder}`)
    : undefined;
}

const siblings = (all: readonly LocatedIamChange[], of: Holder, holder: string): [string, number][] =>
  all.flatMap(({ change }): [string, number][] =>
    change.kind === "inline" && change.of === of && change.holder === holder
      ? [[change.policy, sizeWithoutWhiteSpace(change.document)]]
      : [],
  );

async function inlineSizes(iam: IAMClient, of: Holder, holder: string): Promise<[string, number][]> {
  const listing =
    of === "Role"
      ? iam.send(new ListRolePoliciesCommand({ RoleName: holder }))
      : of === "User"
        ? iam.send(new ListUserPoliciesCommand({ UserName: holder }))
        : iam.send(new ListGroupPoliciesCommand({ GroupName: holder }));
  const names = (await orNothing(listing))?.PolicyNames ?? [];
  return Promise.all(
    names.map(async (PolicyName): Promise<[string, number]> => {
      const reading =
        of === "Role"
          ? iam.send(new GetRolePolicyCommand({ RoleName: holder, PolicyName }))
          : of === "User"
            ? iam.send(new GetUserPolicyCommand({ UserName: holder, PolicyName }))
            : iam.send(new GetGroupPolicyCommand({ GroupName: holder, PolicyName }));
      const { PolicyDocument = "" } =
        (await unlessGone<{ PolicyDocument?: string | undefined }>(reading)) ?? {};
      return [PolicyName, sizeWithoutWhiteSpace(decodeURIComponent(PolicyDocument))];
    }),
  );
}
