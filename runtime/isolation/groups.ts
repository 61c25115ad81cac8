import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DeleteSecurityGroupCommand,
  type EC2Client,
  type IpPermission,
  paginateDescribeSecurityGroups,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
  type SecurityGroup,
} from "@aws-sdk/client-ec2";
import { caseTag, type IsolationKind, isolationTag } from "../../landscape/tasks";
import type { Clock } from "../shared/clock";
import { NotPossible, reason } from "../shared/errors";
import { type CollectTargets, type IsolationRules, isolationRules } from "./rules";
import { singles } from "./singles";

/** A group of a case, in the VPC of the machine that is isolated. */
export interface GroupOfCase {
  readonly caseId: string;
  readonly vpc: string;
  /** With which names of the kit begin, such as `acme-ir`. */
  readonly prefix: string;
  readonly kind: IsolationKind;
  /** Of kind `collect`. */
  readonly targets?: CollectTargets;
}

/**
 * Makes a group of a case, or brings back the rules of one that stands: those of {@link isolationRules} and no others.
 * Called again, it changes nothing.
 *
 * @returns id of the group
 * @throws NotPossible where EC2 does not show the group that it has made, after half a minute
 */
export async function makeGroupOfCase(ec2: EC2Client, clock: Clock, group: GroupOfCase): Promise<string> {
  const id = (await find(ec2, group))?.GroupId ?? (await create(ec2, group));
  await setRules(ec2, await shown(ec2, clock, id), isolationRules(group.kind, group.targets));
  return id;
}

export interface RemovedGroups {
  readonly removed: readonly string[];
  /** Refused by AWS, as one that is on an interface is: to be removed once that has its former groups back. */
  readonly kept: readonly { readonly group: string; readonly why: string }[];
}

/** Removes all groups of a case in an account and region. What AWS refuses of one group keeps no other. */
export async function removeGroupsOfCase(ec2: EC2Client, caseId: string): Promise<RemovedGroups> {
  const removed: string[] = [];
  const kept: { group: string; why: string }[] = [];
  const ofCase = [
    { Name: `tag:${caseTag}`, Values: [caseId] },
    { Name: "tag-key", Values: [isolationTag] },
  ];
  for (const { GroupId: group = "" } of await groupsWith(ec2, ofCase)) {
    try {
      await ec2.send(new DeleteSecurityGroupCommand({ GroupId: group }));
      removed.push(group);
    } catch (error) {
      if ((error as Error).name === "InvalidGroup.NotFound") continue;
      kept.push({ group, why: reason(error) });
    }
  }
  return { removed, kept };
}

type Filters = { Name: string; Values: string[] }[];

async function groupsWith(ec2: EC2Client, Filters: Filters): Promise<SecurityGroup[]> {
  const found: SecurityGroup[] = [];
  for await (const { SecurityGroups = [] } of paginateDescribeSecurityGroups({ client: ec2 }, { Filters })) {
    found.push(...SecurityGroups);
  }
  return found;
}

const find = async (ec2: EC2Client, { caseId, vpc, kind }: GroupOfCase): Promise<SecurityGroup | undefined> =>
  (
    await groupsWith(ec2, [
      { Name: "vpc-id", Values: [vpc] },
      { Name: `tag:${caseTag}`, Values: [caseId] },
      { Name: `tag:${isolationTag}`, Values: [kind] },
    ])
  )[0];

/** Without the tag of the kit's own resources, whose rules no responder may change. */
async function create(ec2: EC2Client, group: GroupOfCase): Promise<string> {
  const { caseId, vpc, prefix, kind } = group;
  const GroupName = `${prefix}-isolation-${kind}-${caseId}`;
  try {
    const { GroupId = "" } = await ec2.send(
      new CreateSecurityGroupCommand({
        VpcId: vpc,
        GroupName,
        Description: `${descriptions[kind]} (${caseId})`,
        TagSpecifications: [
          {
            ResourceType: "security-group",
            Tags: [
              { Key: "Name", Value: GroupName },
              { Key: "managed-by", Value: "aws-ir-kit" },
              { Key: caseTag, Value: caseId },
              { Key: isolationTag, Value: kind },
            ],
          },
        ],
      }),
    );
    return GroupId;
  } catch (error) {
    // Another responder was faster; somebody else's group of this name is not taken for the case's.
    const made = (await find(ec2, group))?.GroupId;
    if ((error as Error).name !== "InvalidGroup.Duplicate" || made === undefined) throw error;
    return made;
  }
}

const descriptions: Readonly<Record<IsolationKind, string>> = {
  empty: "Isolation during an incident: nothing in, nothing out",
  open: "Isolation during an incident, first step: everything, so that connections are tracked no longer",
  collect: "Isolation during an incident: nothing but what evidence is collected by",
};

/** Milliseconds before readings: EC2 shows some seconds later what it has made. */
const readAgainAfter = [0, 500, 1500, 3000, 5000, 10_000, 10_000] as const;

async function shown(ec2: EC2Client, clock: Clock, id: string): Promise<SecurityGroup> {
  for (const wait of readAgainAfter) {
    await clock.sleep(wait);
    const [group] = await groupsWith(ec2, [{ Name: "group-id", Values: [id] }]);
    if (group) return group;
  }
  throw new NotPossible(`EC2 does not show group ${id} yet, which it has made: run the command again`);
}

async function setRules(
  ec2: EC2Client,
  { GroupId, IpPermissions = [], IpPermissionsEgress = [] }: SecurityGroup,
  { inward, outward }: IsolationRules,
): Promise<void> {
  await setOneWay(IpPermissions, inward, {
    revoke: (some) => ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions: some })),
    authorize: (some) => ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: some })),
  });
  await setOneWay(IpPermissionsEgress, outward, {
    revoke: (some) => ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions: some })),
    authorize: (some) => ec2.send(new AuthorizeSecurityGroupEgressCommand({ GroupId, IpPermissions: some })),
  });
}

async function setOneWay(
  found: readonly IpPermission[],
  meant: readonly IpPermission[],
  calls: Readonly<Record<"revoke" | "authorize", (some: IpPermission[]) => Promise<unknown>>>,
): Promise<void> {
  const [standing, wanted] = [singles(found), singles(meant)];
  const surplus = without(standing, wanted);
  const missing = without(wanted, standing);
  if (surplus.length > 0) await calls.revoke(surplus);
  if (missing.length > 0) await calls.authorize(missing);
}

const without = (
  these: ReadonlyMap<string, IpPermission>,
  those: ReadonlyMap<string, IpPermission>,
): IpPermission[] => [...these].filter(([text]) => !those.has(text)).map(([, permission]) => permission);
