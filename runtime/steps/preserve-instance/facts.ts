import { DescribeAutoScalingInstancesCommand } from "@aws-sdk/client-auto-scaling";
import {
  DescribeAddressesCommand,
  DescribeIamInstanceProfileAssociationsCommand,
  DescribeInstanceAttributeCommand,
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupsCommand,
  DescribeVolumesCommand,
  type Instance,
} from "@aws-sdk/client-ec2";
import {
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
  paginateDescribeTargetGroups,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { caseTag } from "../../../landscape/tasks";
import { utc } from "../../shared/clock";
import { NotPossible } from "../../shared/errors";
import type { Machine } from "../../shared/machines";
import type { MachineClients } from "../../shared/setting";

/** What stands around a machine, as AWS tells it, before anything is changed; plain data once it is JSON. */
export interface InstanceFacts {
  readonly readAt: string;
  readonly instance: Instance;
  /** What AWS answered to each further question. */
  readonly around: Readonly<Record<string, unknown>>;
  /** What could not be read, and why: nothing follows from its absence. */
  readonly unreadable: readonly { readonly what: string; readonly why: string }[];
}

/**
 * Reads all there is to know of a machine. Of what hangs on it as much as can be read: a question that AWS does not
 * answer is told, and stops nothing.
 *
 * @throws NotPossible where the machine is gone
 */
export async function readFacts(
  clients: MachineClients,
  machine: Machine,
  now: () => Date,
): Promise<InstanceFacts> {
  const instance = await instanceOf(clients, machine);
  const unreadable: { what: string; why: string }[] = [];
  const answers = await Promise.all(
    Object.entries(questions(clients, machine, instance)).map(async ([what, question]) => {
      try {
        return [[what, await question()]];
      } catch (error) {
        unreadable.push({ what, why: (error as Error).name });
        return [];
      }
    }),
  );
  return { readAt: utc(now()), instance, around: Object.fromEntries(answers.flat()), unreadable };
}

export async function instanceOf(
  { ec2 }: MachineClients,
  { account, region, instance }: Machine,
): Promise<Instance> {
  const gone = (how: string): never => {
    throw new NotPossible(
      `${instance} ${how} in ${account}, ${region}. Its volumes may still be there, and CloudTrail tells who ended it: ` +
        "npx ir-kit query",
    );
  };
  try {
    const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [instance] }));
    const found = Reservations[0]?.Instances?.[0];
    if (!found) return gone("is not");
    return found.State?.Name === "terminated" ? gone("has been terminated") : found;
  } catch (error) {
    if (/^InvalidInstanceID/.test((error as Error).name)) return gone("is not");
    throw error;
  }
}

type Tagged = { readonly Tags?: readonly { readonly Key?: string; readonly Value?: string }[] };

const caseOf = ({ Tags = [] }: Tagged): string | undefined => Tags.find(({ Key }) => Key === caseTag)?.Value;

/** The tag by which a responder of a case reaches the machine and its volumes: one call snapshots all, or none. */
export function mustBeOfCase(
  { instance, around }: InstanceFacts,
  { account, region }: Machine,
  caseId: string,
): void {
  const volumes = (around.volumes ?? []) as readonly (Tagged & { readonly VolumeId?: string })[];
  const others = [
    { id: instance.InstanceId ?? "", of: caseOf(instance as Tagged) },
    ...volumes.map((volume) => ({ id: volume.VolumeId ?? "", of: caseOf(volume) })),
  ].filter(({ of }) => of !== caseId);
  if (others.length === 0) return;
  const which = others.map(({ id, of }) =>
    of === undefined ? `${id} has no tag ${caseTag}` : `${id} belongs to ${of}`,
  );
  throw new NotPossible(
    `${which.join(", ")}: only what is tagged with the case can be touched. Tag it:\n` +
      `npx ir-kit respond tag ${others.map(({ id }) => id).join(" ")} --account ${account} --region ${region} ` +
      `--task evidence --case ${caseId}`,
  );
}

export interface Volume {
  readonly volume: string;
  readonly device: string;
}

/** Volumes of EBS; what is stored on the host itself goes with the machine, and no snapshot has it. */
export const volumesOf = ({ BlockDeviceMappings = [] }: Instance): Volume[] =>
  BlockDeviceMappings.flatMap(({ DeviceName: device = "", Ebs }) =>
    Ebs?.VolumeId === undefined ? [] : [{ volume: Ebs.VolumeId, device }],
  ).sort((a, b) => (a.volume < b.volume ? -1 : 1));

function questions(
  { ec2, autoScaling }: MachineClients,
  { instance: id }: Machine,
  instance: Instance,
): Readonly<Record<string, () => Promise<unknown>>> {
  const ofInstance = [{ Name: "instance-id", Values: [id] }];
  const attribute = (Attribute: "disableApiTermination" | "instanceInitiatedShutdownBehavior") => () =>
    ec2.send(new DescribeInstanceAttributeCommand({ InstanceId: id, Attribute })).then(bare);
  const groups = (instance.NetworkInterfaces ?? []).flatMap(({ Groups = [] }) =>
    Groups.flatMap(({ GroupId }) => GroupId ?? []),
  );
  const VolumeIds = volumesOf(instance).map(({ volume }) => volume);
  return {
    terminationProtection: attribute("disableApiTermination"),
    shutdownBehavior: attribute("instanceInitiatedShutdownBehavior"),
    networkInterfaces: async () =>
      (
        await ec2.send(
          new DescribeNetworkInterfacesCommand({
            Filters: [{ Name: "attachment.instance-id", Values: [id] }],
          }),
        )
      ).NetworkInterfaces,
    addresses: async () => (await ec2.send(new DescribeAddressesCommand({ Filters: ofInstance }))).Addresses,
    profileAssociations: async () =>
      (await ec2.send(new DescribeIamInstanceProfileAssociationsCommand({ Filters: ofInstance })))
        .IamInstanceProfileAssociations,
    ...(groups.length > 0 && {
      securityGroups: async () =>
        (await ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [...new Set(groups)] })))
          .SecurityGroups,
    }),
    ...(VolumeIds.length > 0 && {
      volumes: async () => (await ec2.send(new DescribeVolumesCommand({ VolumeIds }))).Volumes,
    }),
    autoScaling: async () =>
      (await autoScaling.send(new DescribeAutoScalingInstancesCommand({ InstanceIds: [id] })))
        .AutoScalingInstances,
  };
}

/**
 * Target groups that send to the machine, by its id or by one of its addresses: every group has to be asked, which takes
 * minutes where there are many, and so nothing waits for it.
 */
export async function readTargets(
  { loadBalancing }: MachineClients,
  { instance: id }: Machine,
  facts: InstanceFacts,
): Promise<InstanceFacts> {
  try {
    const targets = await targetsOf(loadBalancing, [id, ...addressesOf(facts.instance)]);
    return { ...facts, around: { ...facts.around, targets } };
  } catch (error) {
    const unreadable = [...facts.unreadable, { what: "targets", why: (error as Error).name }];
    return { ...facts, unreadable };
  }
}

const bare = <T extends { readonly $metadata: unknown }>({ $metadata: _, ...answer }: T) => answer;

const addressesOf = ({ NetworkInterfaces = [] }: Instance): string[] =>
  NetworkInterfaces.flatMap(({ PrivateIpAddresses = [] }) =>
    PrivateIpAddresses.flatMap(({ PrivateIpAddress }) => PrivateIpAddress ?? []),
  );

async function targetsOf(client: ElasticLoadBalancingV2Client, ids: readonly string[]): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const { TargetGroups = [] } of paginateDescribeTargetGroups({ client }, {})) {
    for (const { TargetGroupArn } of TargetGroups) {
      const { TargetHealthDescriptions = [] } = await client.send(
        new DescribeTargetHealthCommand({ TargetGroupArn }),
      );
      const targets = TargetHealthDescriptions.filter(({ Target }) => ids.includes(Target?.Id ?? ""));
      if (targets.length > 0) found.push({ TargetGroupArn, targets });
    }
  }
  return found;
}
