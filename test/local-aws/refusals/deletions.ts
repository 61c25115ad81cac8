import {
  GetGroupCommand,
  GetLoginProfileCommand,
  type IAMClient,
  ListAccessKeysCommand,
  ListAttachedGroupPoliciesCommand,
  ListGroupPoliciesCommand,
  ListGroupsForUserCommand,
  ListMFADevicesCommand,
  ListSigningCertificatesCommand,
  ListSSHPublicKeysCommand,
} from "@aws-sdk/client-iam";
import { ListChildrenCommand } from "@aws-sdk/client-organizations";
import type { FrontContext } from "../front";
import { type AwsCall, asList, dig } from "../protocol";
import { type Refusal, type Refused, refused } from "./refusal";

/** Deletions that AWS refuses while something depends on what is deleted, and the emulator lets through. */

const conflict = (what: string) =>
  refused(409, "DeleteConflict", `Cannot delete entity, must ${what} first.`);

/** First of several things that there is. */
async function firstOf(
  things: readonly (readonly [what: string, ask: () => Promise<readonly unknown[] | undefined>])[],
): Promise<Refused | undefined> {
  for (const [what, ask] of things) {
    const found = await ask().catch(() => undefined);
    if (found && found.length > 0) return conflict(what);
  }
  return undefined;
}

function heldByUser(iam: IAMClient, UserName: string) {
  const user = { UserName };
  return firstOf([
    ["delete access keys", async () => (await iam.send(new ListAccessKeysCommand(user))).AccessKeyMetadata],
    [
      "delete login profile",
      async () => asList((await iam.send(new GetLoginProfileCommand(user))).LoginProfile),
    ],
    ["delete MFA device", async () => (await iam.send(new ListMFADevicesCommand(user))).MFADevices],
    [
      "delete referenced objects",
      async () => (await iam.send(new ListSSHPublicKeysCommand(user))).SSHPublicKeys,
    ],
    [
      "delete referenced objects",
      async () => (await iam.send(new ListSigningCertificatesCommand(user))).Certificates,
    ],
    ["remove users from group", async () => (await iam.send(new ListGroupsForUserCommand(user))).Groups],
  ]);
}

function heldByGroup(iam: IAMClient, GroupName: string) {
  const group = { GroupName };
  return firstOf([
    ["remove users from group", async () => (await iam.send(new GetGroupCommand(group))).Users],
    [
      "detach all policies",
      async () => (await iam.send(new ListAttachedGroupPoliciesCommand(group))).AttachedPolicies,
    ],
    ["delete policies", async () => (await iam.send(new ListGroupPoliciesCommand(group))).PolicyNames],
  ]);
}

export const iamDeletions: Refusal = {
  id: "iam-deletions",
  because:
    "a user is deleted only without credentials, devices and groups, and a group only without users and policies",
  source:
    'IAM API reference, "DeleteUser" (the list of what to delete before) and "DeleteGroup": DeleteConflict',
  inspect: async (call, context) => {
    if (call.service !== "iam" || !/^Delete(User|Group)$/.test(call.operation)) return undefined;
    const { account } = await context.callers.of(call);
    const iam = context.accounts.iam(account);
    return call.operation === "DeleteUser"
      ? heldByUser(iam, String(call.parameters.UserName))
      : heldByGroup(iam, String(call.parameters.GroupName));
  },
};

export const organizationalUnitDeletion: Refusal = {
  id: "organizational-unit-deletion",
  because: "a unit is deleted only without accounts and units in it",
  source: 'AWS Organizations API reference, "DeleteOrganizationalUnit": OrganizationalUnitNotEmptyException',
  inspect: async (call, { accounts }) => {
    if (call.service !== "organizations" || call.operation !== "DeleteOrganizationalUnit") return undefined;
    const ParentId = String(call.parameters.OrganizationalUnitId);
    for (const ChildType of ["ACCOUNT", "ORGANIZATIONAL_UNIT"] as const) {
      const { Children = [] } = await accounts
        .organizations()
        .send(new ListChildrenCommand({ ParentId, ChildType }))
        .catch(() => ({ Children: [] }));
      if (Children.length > 0) {
        return refused(
          400,
          "OrganizationalUnitNotEmptyException",
          "The specified OU is not empty. Move all accounts to another root or to other OUs, remove all child OUs, and try the operation again.",
        );
      }
    }
    return undefined;
  },
};

export const eventBusDeletion: Refusal = {
  id: "event-bus-deletion",
  because: "a bus is deleted only without rules",
  source:
    'Amazon EventBridge API reference, "DeleteEventBus": all rules of the bus need to be deleted before',
  inspect: async (call, context) => {
    if (call.service !== "events" || call.operation !== "DeleteEventBus") return undefined;
    const bus = String(call.parameters.Name);
    const rules = await listed(call, context, "ListRules", { EventBusName: bus }, "Rules");
    return rules.length === 0
      ? undefined
      : refused(400, "ValidationException", `Event bus ${bus} can't be deleted since it has rules.`);
  },
};

export const workgroupDeletion: Refusal = {
  id: "workgroup-deletion",
  because: "a workgroup with saved queries or a history is deleted only with what is in it",
  source: 'Amazon Athena API reference, "DeleteWorkGroup": RecursiveDeleteOption',
  inspect: async (call, context) => {
    if (call.service !== "athena" || call.operation !== "DeleteWorkGroup") return undefined;
    const { WorkGroup, RecursiveDeleteOption } = call.parameters;
    if (RecursiveDeleteOption === true) return undefined;
    const held = [
      ...(await listed(call, context, "ListNamedQueries", { WorkGroup }, "NamedQueryIds")),
      ...(await listed(call, context, "ListQueryExecutions", { WorkGroup }, "QueryExecutionIds")),
    ];
    return held.length === 0
      ? undefined
      : refused(400, "InvalidRequestException", `WorkGroup ${String(WorkGroup)} is not empty`);
  },
};

/** What the emulator lists for another operation of the same service, in the caller's name. */
async function listed(
  call: AwsCall,
  { forward }: FrontContext,
  operation: string,
  parameters: Readonly<Record<string, unknown>>,
  field: string,
): Promise<unknown[]> {
  const target = String(call.headers["x-amz-target"]).replace(/[^.]+$/, operation);
  const body = Buffer.from(JSON.stringify(parameters));
  const answer = await forward({
    ...call,
    operation,
    parameters,
    body,
    headers: { ...call.headers, "x-amz-target": target, "content-length": String(body.length) },
  });
  return answer.status < 400 ? asList(dig(JSON.parse(answer.body.toString()), field)) : [];
}
