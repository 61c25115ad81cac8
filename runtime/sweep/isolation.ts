import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  type EC2Client,
  type IpPermission,
  paginateDescribeSecurityGroups,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
  type SecurityGroup,
} from "@aws-sdk/client-ec2";
import { isolationTag, kitTag } from "../../landscape/tasks";
import { reason } from "./flow-logs";
import type { Refusal } from "./record";
import type { Wanted } from "./wanted";

/**
 * `open` lets everything in and out, by which connections are tracked no longer; `empty`, put on at once after it, lets
 * nothing. Source: "Amazon EC2 security group connection tracking": untracked is a flow only where rules for all
 * addresses allow it both ways, IPv4 and IPv6 apart.
 */
export const isolationKinds = ["empty", "open"] as const;
export type IsolationKind = (typeof isolationKinds)[number];

export interface IsolationCoverage {
  /** VPCs in which both groups are as they must be. */
  readonly covered: number;
  /** VPCs in which this sweep has made or mended a group. */
  readonly repaired: readonly string[];
  readonly refused: readonly Refusal[];
}

export const noIsolation: IsolationCoverage = { covered: 0, repaired: [], refused: [] };

const everywhere: readonly IpPermission[] = [
  { IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] },
  { IpProtocol: "-1", Ipv6Ranges: [{ CidrIpv6: "::/0" }] },
];

/**
 * Makes both groups of a VPC before an incident: made during one, they cost the minutes in which an attacker leaves, and
 * ask for permissions that no responder should have. One list for all VPCs, and calls only for what is not as it must be.
 *
 * @param vpcs all in which the account has machines, shared ones too: a participant puts on none but its own groups
 */
export async function coverByIsolation(
  ec2: EC2Client,
  vpcs: readonly string[],
  names: Wanted["isolation"],
): Promise<IsolationCoverage> {
  if (names === undefined || vpcs.length === 0) return noIsolation;
  const standing = await standingGroups(ec2);
  const { made, refused } = await makeMissing(ec2, vpcs, names, standing);
  // Which rules AWS gave the new ones depends on the VPC; those that the list does not have yet are taken as made.
  const groups = made.size === 0 ? standing : new Map([...made, ...(await standingGroups(ec2))]);
  const repaired: string[] = [];
  let covered = 0;
  for (const vpc of vpcs) {
    let changed = false;
    let whole = true;
    for (const kind of isolationKinds) {
      const found = groups.get(`${vpc} ${kind}`);
      try {
        if (found) changed = (await mend(ec2, kind, found)) || made.has(`${vpc} ${kind}`) || changed;
        else whole = false;
      } catch (error) {
        whole = false;
        refused.push(refusal(vpc, kind, error));
      }
    }
    if (whole) covered += 1;
    if (changed) repaired.push(vpc);
  }
  return { covered, repaired, refused };
}

const refusal = (vpc: string, kind: IsolationKind, error: unknown): Refusal => ({
  what: `isolation group ${kind} of ${vpc}`,
  why: reason(error),
});

/** Makes the groups that do not stand, with the rules that AWS gives them. */
async function makeMissing(
  ec2: EC2Client,
  vpcs: readonly string[],
  names: NonNullable<Wanted["isolation"]>,
  standing: ReadonlyMap<string, SecurityGroup>,
): Promise<{ readonly made: Map<string, SecurityGroup>; readonly refused: Refusal[] }> {
  const made = new Map<string, SecurityGroup>();
  const refused: Refusal[] = [];
  for (const vpc of vpcs) {
    for (const kind of isolationKinds) {
      if (standing.has(`${vpc} ${kind}`)) continue;
      try {
        made.set(`${vpc} ${kind}`, await create(ec2, vpc, kind, names[kind]));
      } catch (error) {
        refused.push(refusal(vpc, kind, error));
      }
    }
  }
  return { made, refused };
}

/** By VPC and kind: guardrails let nobody but the kit set the tag. */
async function standingGroups(ec2: EC2Client, vpc?: string): Promise<Map<string, SecurityGroup>> {
  const found = new Map<string, SecurityGroup>();
  const Filters = [
    { Name: "tag-key", Values: [isolationTag] },
    ...(vpc === undefined ? [] : [{ Name: "vpc-id", Values: [vpc] }]),
  ];
  for await (const { SecurityGroups = [] } of paginateDescribeSecurityGroups(
    { client: ec2, pageSize: 1000 },
    { Filters },
  )) {
    for (const group of SecurityGroups) {
      const kind = group.Tags?.find(({ Key }) => Key === isolationTag)?.Value;
      found.set(`${group.VpcId} ${kind}`, group);
    }
  }
  return found;
}

/** As AWS makes it: nothing in, and everything out, over IPv6 too where the VPC has it. */
async function create(
  ec2: EC2Client,
  VpcId: string,
  kind: IsolationKind,
  GroupName: string,
): Promise<SecurityGroup> {
  const request = ec2.send(
    new CreateSecurityGroupCommand({
      VpcId,
      GroupName,
      Description: descriptions[kind],
      TagSpecifications: [
        {
          ResourceType: "security-group",
          Tags: [
            { Key: "Name", Value: GroupName },
            { Key: "managed-by", Value: "aws-ir-kit" },
            { Key: kitTag, Value: "true" },
            { Key: isolationTag, Value: kind },
          ],
        },
      ],
    }),
  );
  let GroupId: string | undefined;
  try {
    ({ GroupId } = await request);
  } catch (error) {
    // Another sweep was faster; another's group of this name is none of the pair.
    const made = (await standingGroups(ec2, VpcId)).get(`${VpcId} ${kind}`);
    if ((error as Error).name !== "InvalidGroup.Duplicate" || !made) throw error;
    return made;
  }
  // Of what may be there, each kind takes the case that makes it act.
  return {
    ...(GroupId !== undefined && { GroupId }),
    IpPermissionsEgress: kind === "empty" ? [...everywhere] : [],
  };
}

const descriptions: Readonly<Record<IsolationKind, string>> = {
  empty: "Isolation during an incident: nothing in, nothing out",
  open: "Isolation during an incident, first step: everything, so that connections are tracked no longer",
};

/** Whether something had to be changed. */
async function mend(
  ec2: EC2Client,
  kind: IsolationKind,
  { GroupId, IpPermissions = [], IpPermissionsEgress = [] }: SecurityGroup,
): Promise<boolean> {
  if (kind === "empty") {
    await inOneCall(IpPermissions, notThere, (some) =>
      ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions: some })),
    );
    await inOneCall(IpPermissionsEgress, notThere, (some) =>
      ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions: some })),
    );
    return IpPermissions.length + IpPermissionsEgress.length > 0;
  }
  const [inward, outward] = [missing(IpPermissions), missing(IpPermissionsEgress)];
  await inOneCall(inward, thereAlready, (some) =>
    ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: some })),
  );
  await inOneCall(outward, thereAlready, (some) =>
    ec2.send(new AuthorizeSecurityGroupEgressCommand({ GroupId, IpPermissions: some })),
  );
  return inward.length + outward.length > 0;
}

/** Rules for everything that are not among those found. */
const missing = (found: readonly IpPermission[]): IpPermission[] =>
  everywhere.filter(
    ({ IpRanges = [], Ipv6Ranges = [] }) =>
      !found.some(
        (rule) =>
          rule.IpProtocol === "-1" &&
          IpRanges.every(({ CidrIp }) => rule.IpRanges?.some((range) => range.CidrIp === CidrIp)) &&
          Ipv6Ranges.every(({ CidrIpv6 }) => rule.Ipv6Ranges?.some((range) => range.CidrIpv6 === CidrIpv6)),
      ),
  );

const notThere = "InvalidPermission.NotFound";
const thereAlready = "InvalidPermission.Duplicate";

/** What another sweep has done meanwhile is done; AWS refuses all for one, so that the others are put one by one. */
async function inOneCall(
  permissions: readonly IpPermission[],
  already: string,
  send: (some: IpPermission[]) => Promise<unknown>,
): Promise<void> {
  if (permissions.length === 0) return;
  try {
    await send([...permissions]);
  } catch (error) {
    if ((error as Error).name !== already) throw error;
    if (permissions.length === 1) return;
    for (const permission of permissions) await inOneCall([permission], already, send);
  }
}
