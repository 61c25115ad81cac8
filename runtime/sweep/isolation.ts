import {
  CreateSecurityGroupCommand,
  DeleteSecurityGroupCommand,
  type EC2Client,
  type IpPermission,
  paginateDescribeSecurityGroups,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
  type SecurityGroup,
} from "@aws-sdk/client-ec2";
import { caseTag, type IsolationKind, isolationTag, kitTag } from "../../landscape/tasks";
import { everything } from "../isolation/rules";
import { reason } from "./flow-logs";
import type { Refusal } from "./record";
import type { Wanted } from "./wanted";

export interface IsolationCoverage {
  /** VPCs in which the group is as it must be. */
  readonly covered: number;
  /** VPCs in which this sweep has made or emptied the group. */
  readonly repaired: readonly string[];
  readonly refused: readonly Refusal[];
}

export const noIsolation: IsolationCoverage = { covered: 0, repaired: [], refused: [] };

/**
 * Makes the group that lets nothing through in each VPC before an incident, and empties it where it has rules: one list
 * for all VPCs, and calls only for what is not as it must be.
 *
 * No group stands that lets everything through: one that bears the kit's tag and no case's, as an earlier version of the
 * kit made it, is deleted.
 *
 * @param vpcs the account's own: who owns a VPC can't delete it while a group of a participant stands in it
 */
export async function coverByIsolation(
  ec2: EC2Client,
  vpcs: readonly string[],
  wanted: Wanted["isolation"],
): Promise<IsolationCoverage> {
  if (wanted === undefined) return noIsolation;
  const found = await groupsOfNoCase(ec2);
  const standing = byVpc(found);
  const { made, refused } = await makeMissing(ec2, vpcs, wanted, standing);
  // Which rules AWS gave the new ones depends on the VPC; those that the list does not have yet are taken as made.
  const groups = made.size === 0 ? standing : new Map([...made, ...byVpc(await groupsOfNoCase(ec2))]);
  const repaired: string[] = [];
  let covered = 0;
  for (const vpc of vpcs) {
    const group = groups.get(vpc);
    if (!group) continue;
    try {
      const emptied = await empty(ec2, group);
      if (emptied || made.has(vpc)) repaired.push(vpc);
      covered += 1;
    } catch (error) {
      refused.push(refusal(vpc, error));
    }
  }
  return { covered, repaired, refused: [...refused, ...(await deleteOpen(ec2, found))] };
}

const refusal = (vpc: string, error: unknown): Refusal => ({
  what: `isolation group of ${vpc}`,
  why: reason(error),
});

async function makeMissing(
  ec2: EC2Client,
  vpcs: readonly string[],
  { name }: NonNullable<Wanted["isolation"]>,
  standing: ReadonlyMap<string, SecurityGroup>,
): Promise<{ readonly made: Map<string, SecurityGroup>; readonly refused: Refusal[] }> {
  const made = new Map<string, SecurityGroup>();
  const refused: Refusal[] = [];
  for (const vpc of vpcs) {
    if (standing.has(vpc)) continue;
    try {
      made.set(vpc, await create(ec2, vpc, name));
    } catch (error) {
      refused.push(refusal(vpc, error));
    }
  }
  return { made, refused };
}

const isOfKind =
  (kind: IsolationKind) =>
  ({ Tags = [] }: SecurityGroup): boolean =>
    Tags.some(({ Key, Value }) => Key === isolationTag && Value === kind);

const byVpc = (groups: readonly SecurityGroup[]): Map<string, SecurityGroup> =>
  new Map(groups.filter(isOfKind("empty")).map((group) => [group.VpcId ?? "", group]));

/** Those of a case are in the hands of whoever isolates. Guardrails let nobody but the kit set the tags. */
async function groupsOfNoCase(ec2: EC2Client, vpc?: string): Promise<SecurityGroup[]> {
  const found: SecurityGroup[] = [];
  const Filters = [
    { Name: "tag-key", Values: [isolationTag] },
    ...(vpc === undefined ? [] : [{ Name: "vpc-id", Values: [vpc] }]),
  ];
  for await (const { SecurityGroups = [] } of paginateDescribeSecurityGroups(
    { client: ec2, pageSize: 1000 },
    { Filters },
  )) {
    found.push(...SecurityGroups);
  }
  return found.filter(({ Tags = [] }) => !Tags.some(({ Key }) => Key === caseTag));
}

/** As AWS makes it: nothing in, and everything out, over IPv6 too where the VPC has it. */
async function create(ec2: EC2Client, VpcId: string, GroupName: string): Promise<SecurityGroup> {
  const request = ec2.send(
    new CreateSecurityGroupCommand({
      VpcId,
      GroupName,
      Description: "Isolation during an incident: nothing in, nothing out",
      TagSpecifications: [
        {
          ResourceType: "security-group",
          Tags: [
            { Key: "Name", Value: GroupName },
            { Key: "managed-by", Value: "aws-ir-kit" },
            { Key: kitTag, Value: "true" },
            { Key: isolationTag, Value: "empty" satisfies IsolationKind },
          ],
        },
      ],
    }),
  );
  let GroupId: string | undefined;
  try {
    ({ GroupId } = await request);
  } catch (error) {
    // Another sweep was faster; somebody else's group of this name is not taken for the kit's.
    const made = byVpc(await groupsOfNoCase(ec2, VpcId)).get(VpcId);
    if ((error as Error).name !== "InvalidGroup.Duplicate" || !made) throw error;
    return made;
  }
  return { ...(GroupId !== undefined && { GroupId }), IpPermissionsEgress: [...everything] };
}

/** Whether something had to be taken out. */
async function empty(
  ec2: EC2Client,
  { GroupId, IpPermissions = [], IpPermissionsEgress = [] }: SecurityGroup,
): Promise<boolean> {
  await inOneCall(IpPermissions, (some) =>
    ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions: some })),
  );
  await inOneCall(IpPermissionsEgress, (some) =>
    ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions: some })),
  );
  return IpPermissions.length + IpPermissionsEgress.length > 0;
}

/** What another sweep has done meanwhile is done; AWS refuses all for one, so that the others are taken out one by one. */
async function inOneCall(
  permissions: readonly IpPermission[],
  send: (some: IpPermission[]) => Promise<unknown>,
): Promise<void> {
  if (permissions.length === 0) return;
  try {
    await send([...permissions]);
  } catch (error) {
    if ((error as Error).name !== "InvalidPermission.NotFound") throw error;
    if (permissions.length === 1) return;
    for (const permission of permissions) await inOneCall([permission], send);
  }
}

const isOpenOfKit = (group: SecurityGroup): boolean =>
  isOfKind("open")(group) && (group.Tags ?? []).some(({ Key }) => Key === kitTag);

/** EC2 refuses to delete one that is on an interface, which is told. */
async function deleteOpen(ec2: EC2Client, found: readonly SecurityGroup[]): Promise<Refusal[]> {
  const refused: Refusal[] = [];
  for (const { GroupId, VpcId } of found.filter(isOpenOfKit)) {
    try {
      await ec2.send(new DeleteSecurityGroupCommand({ GroupId }));
    } catch (error) {
      if ((error as Error).name === "InvalidGroup.NotFound") continue;
      refused.push({ what: `open isolation group ${GroupId} of ${VpcId}`, why: reason(error) });
    }
  }
  return refused;
}
