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
  const refused: Refusal[] = [];
  const repaired: string[] = [];
  let covered = 0;
  for (const vpc of vpcs) {
    let changed = false;
    let whole = true;
    for (const kind of isolationKinds) {
      try {
        const found = standing.get(`${vpc} ${kind}`) ?? (await create(ec2, vpc, kind, names[kind]));
        changed = (await mend(ec2, kind, found)) || !standing.has(`${vpc} ${kind}`) || changed;
      } catch (error) {
        whole = false;
        refused.push({ what: `isolation group ${kind} of ${vpc}`, why: reason(error) });
      }
    }
    if (whole) covered += 1;
    if (changed) repaired.push(vpc);
  }
  return { covered, repaired, refused };
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
    for (const permission of IpPermissions) {
      await gone(ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions: [permission] })));
    }
    for (const permission of IpPermissionsEgress) {
      await gone(ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions: [permission] })));
    }
    return IpPermissions.length + IpPermissionsEgress.length > 0;
  }
  const [inward, outward] = [missing(IpPermissions), missing(IpPermissionsEgress)];
  for (const permission of inward) {
    await there(ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [permission] })));
  }
  for (const permission of outward) {
    await there(ec2.send(new AuthorizeSecurityGroupEgressCommand({ GroupId, IpPermissions: [permission] })));
  }
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

const gone = (call: Promise<unknown>) => unless(call, "InvalidPermission.NotFound");
const there = (call: Promise<unknown>) => unless(call, "InvalidPermission.Duplicate");

/** What another sweep has done meanwhile is done. */
async function unless(call: Promise<unknown>, already: string): Promise<void> {
  try {
    await call;
  } catch (error) {
    if ((error as Error).name !== already) throw error;
  }
}
