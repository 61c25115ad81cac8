import {
  GetGroupPolicyCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  GetUserPolicyCommand,
  type IAMClient,
  ListAttachedGroupPoliciesCommand,
  ListAttachedRolePoliciesCommand,
  ListAttachedUserPoliciesCommand,
  ListGroupPoliciesCommand,
  ListGroupsForUserCommand,
  ListRolePoliciesCommand,
  ListUserPoliciesCommand,
} from "@aws-sdk/client-iam";
import {
  DescribePolicyCommand,
  ListParentsCommand,
  ListPoliciesForTargetCommand,
  type PolicyType,
} from "@aws-sdk/client-organizations";
import type { Caller } from "./accounts";
import type { FrontContext } from "./front";
import { userBoundaries, userKey } from "./gaps/iam-user-boundary";
import { parsePolicy } from "./principals";

/** What decides for a caller on its own side. */
export interface Standing {
  readonly identityPolicies: readonly unknown[];
  readonly boundaries?: readonly unknown[];
  readonly serviceControlPolicies: readonly (readonly unknown[])[];
}

/** By text, so that what is known of a document is known whenever it is asked about. */
const documents = new Map<string, unknown>();
const mostDocuments = 1000;

function documentOf(text: string): unknown {
  if (documents.size > mostDocuments) documents.clear();
  const known = documents.get(text) ?? parsePolicy(text);
  documents.set(text, known);
  return known;
}

const administrator = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };

/** The emulator's own key stands for an administrator of the management account. */
export async function standingOf(caller: Caller, context: FrontContext): Promise<Standing> {
  const serviceControlPolicies = await organizationPolicies(
    "SERVICE_CONTROL_POLICY",
    caller.account,
    context,
  );
  if (caller.principalArn.endsWith(":root")) {
    return { identityPolicies: [administrator], serviceControlPolicies };
  }
  const iam = context.accounts.iam(caller.account);
  const name = caller.principalArn.slice(caller.principalArn.lastIndexOf("/") + 1);
  const own = caller.session
    ? await roleStanding(iam, name)
    : await userStanding(iam, name, userBoundaries(context).get(userKey(caller.account, name)));
  return { ...own, serviceControlPolicies };
}

/** What a role's own policies and its boundary say. */
export async function roleStanding(
  iam: IAMClient,
  RoleName: string,
): Promise<Omit<Standing, "serviceControlPolicies">> {
  const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
  const { AttachedPolicies = [] } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
  const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
  return withBoundary(iam, Role?.PermissionsBoundary?.PermissionsBoundaryArn, [
    ...PolicyNames.map(async (PolicyName) => {
      const { PolicyDocument = "" } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
      return documentOf(decodeURIComponent(PolicyDocument));
    }),
    ...AttachedPolicies.map(({ PolicyArn = "" }) => managedPolicy(iam, PolicyArn)),
  ]);
}

async function userStanding(
  iam: IAMClient,
  UserName: string,
  boundary: string | undefined,
): Promise<Omit<Standing, "serviceControlPolicies">> {
  const { PolicyNames = [] } = await iam.send(new ListUserPoliciesCommand({ UserName }));
  const { AttachedPolicies = [] } = await iam.send(new ListAttachedUserPoliciesCommand({ UserName }));
  const { Groups = [] } = await iam.send(new ListGroupsForUserCommand({ UserName }));
  const ofGroups = await Promise.all(Groups.map(({ GroupName }) => groupPolicies(iam, GroupName)));
  return withBoundary(iam, boundary, [
    ...ofGroups.flat().map((policy) => Promise.resolve(policy)),
    ...PolicyNames.map(async (PolicyName) => {
      const { PolicyDocument = "" } = await iam.send(new GetUserPolicyCommand({ UserName, PolicyName }));
      return documentOf(decodeURIComponent(PolicyDocument));
    }),
    ...AttachedPolicies.map(({ PolicyArn = "" }) => managedPolicy(iam, PolicyArn)),
  ]);
}

async function groupPolicies(iam: IAMClient, GroupName: string | undefined): Promise<unknown[]> {
  const { PolicyNames = [] } = await iam.send(new ListGroupPoliciesCommand({ GroupName }));
  const { AttachedPolicies = [] } = await iam.send(new ListAttachedGroupPoliciesCommand({ GroupName }));
  return Promise.all([
    ...PolicyNames.map(async (PolicyName) => {
      const { PolicyDocument = "" } = await iam.send(new GetGroupPolicyCommand({ GroupName, PolicyName }));
      return documentOf(decodeURIComponent(PolicyDocument));
    }),
    ...AttachedPolicies.map(({ PolicyArn = "" }) => managedPolicy(iam, PolicyArn)),
  ]);
}

async function withBoundary(iam: IAMClient, boundary: string | undefined, policies: Promise<unknown>[]) {
  return {
    identityPolicies: await Promise.all(policies),
    ...(boundary !== undefined && { boundaries: [await managedPolicy(iam, boundary)] }),
  };
}

async function managedPolicy(iam: IAMClient, PolicyArn: string): Promise<unknown> {
  const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
  const VersionId = Policy?.DefaultVersionId ?? "v1";
  const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId }));
  return documentOf(decodeURIComponent(PolicyVersion?.Document ?? ""));
}

/** Policies of the organization that apply to an account, one list a level; none applies to management. */
export async function organizationPolicies(
  Filter: PolicyType,
  account: string,
  context: FrontContext,
): Promise<unknown[][]> {
  if (account === context.managementAccount) return [];
  const organizations = context.accounts.organizations();
  const levels: unknown[][] = [];
  let target: string | undefined = account;
  try {
    while (target !== undefined) {
      const { Policies = [] } = await organizations.send(
        new ListPoliciesForTargetCommand({ TargetId: target, Filter }),
      );
      levels.unshift(
        await Promise.all(
          // The simulator knows AWS's own policy, which allows all, itself.
          Policies.filter(({ Id }) => Id !== "p-RCPFullAWSAccess").map(async ({ Id }) => {
            const { Policy } = await organizations.send(new DescribePolicyCommand({ PolicyId: Id }));
            return documentOf(Policy?.Content ?? "");
          }),
        ),
      );
      target = target.startsWith("r-")
        ? undefined
        : (await organizations.send(new ListParentsCommand({ ChildId: target }))).Parents?.[0]?.Id;
    }
  } catch (error) {
    // An account that is in no organization has no such policies.
    if (/NotInUse|ChildNotFound|TargetNotFound|NotFound/.test((error as Error).name)) return [];
    throw error;
  }
  return levels.map((level) =>
    Filter === "SERVICE_CONTROL_POLICY" && level.length === 0 ? [administrator] : level,
  );
}
