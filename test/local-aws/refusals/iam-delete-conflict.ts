import {
  GetRoleCommand,
  type IAMClient,
  ListEntitiesForPolicyCommand,
  paginateListRoles,
} from "@aws-sdk/client-iam";
import type { FrontContext } from "../front";
import { userBoundaries, userKey } from "../gaps/iam-user-boundary";
import { unlessGone } from "./gone";
import { type Refusal, refused } from "./refusal";

export const iamDeleteConflict: Refusal = {
  id: "iam-delete-conflict",
  because: "a managed policy is not deleted while it is attached, or somebody's permissions boundary",
  source: 'IAM API reference, "DeletePolicy": DeleteConflict; of a boundary: gruntwork-io/cloud-nuke#972',
  inspect: async (call, context) => {
    if (call.service !== "iam" || call.operation !== "DeletePolicy") return undefined;
    const { account } = await context.callers.of(call);
    const arn = String(call.parameters.PolicyArn ?? "");
    return (await isInUse(arn, account, context))
      ? refused(409, "DeleteConflict", "Cannot delete a policy attached to entities.")
      : undefined;
  },
};

async function isInUse(arn: string, account: string, context: FrontContext): Promise<boolean> {
  const iam = context.accounts.iam(account);
  const isUsersBoundary = [...userBoundaries(context)].some(
    ([key, boundary]) => boundary === arn && key.startsWith(userKey(account, "")),
  );
  return isUsersBoundary || (await isAttached(iam, arn)) || (await isRolesBoundary(iam, arn));
}

async function isAttached(iam: IAMClient, PolicyArn: string): Promise<boolean> {
  const { PolicyRoles, PolicyUsers, PolicyGroups } = await iam
    .send(new ListEntitiesForPolicyCommand({ PolicyArn }))
    // That there is no such policy, the emulator says itself.
    .catch(() => ({ PolicyRoles: [], PolicyUsers: [], PolicyGroups: [] }));
  return [PolicyRoles, PolicyUsers, PolicyGroups].some((entities) => (entities ?? []).length > 0);
}

/** The emulator lists no role by its boundary, and AWS's list of roles shows none. */
async function isRolesBoundary(client: IAMClient, arn: string): Promise<boolean> {
  for await (const { Roles = [] } of paginateListRoles({ client }, {})) {
    for (const { RoleName } of Roles) {
      const found = await unlessGone(client.send(new GetRoleCommand({ RoleName })));
      if (found?.Role?.PermissionsBoundary?.PermissionsBoundaryArn === arn) return true;
    }
  }
  return false;
}
