import {
  DescribeInstanceAttributeCommand,
  type DescribeInstanceAttributeCommandInput,
  DescribeInstancesCommand,
  ModifyInstanceAttributeCommand,
  type ModifyInstanceAttributeCommandInput,
} from "@aws-sdk/client-ec2";
import { type Machine, machinesOf } from "../shared/machines";
import type { AccountClients } from "../shared/setting";
import type { Change } from "./change";

/**
 * What keeps a machine and its disks from going away: neither stops Auto Scaling, an unhealthy replacement or AWS's own
 * scheduled events. Source: "Change instance termination protection" (Amazon EC2 user guide).
 */

const modify = async (
  clients: AccountClients,
  { region, instance }: Machine,
  attribute: Omit<ModifyInstanceAttributeCommandInput, "InstanceId">,
): Promise<void> => {
  const { ec2 } = machinesOf(clients, region);
  await ec2.send(new ModifyInstanceAttributeCommand({ InstanceId: instance, ...attribute }));
};

const attributeOf = (
  clients: AccountClients,
  { region, instance }: Machine,
  Attribute: DescribeInstanceAttributeCommandInput["Attribute"],
) =>
  machinesOf(clients, region).ec2.send(
    new DescribeInstanceAttributeCommand({ InstanceId: instance, Attribute }),
  );

const shared = { task: "evidence", undo: { kind: "automatic" } } as const;

/** Not to be had for Spot instances. Source: the same page. */
export const protectFromTermination: Change<Machine, { readonly protected: boolean }> = {
  ...shared,
  action: "ec2:ModifyInstanceAttribute/DisableApiTermination",
  title: () => "protected from termination",
  read: async (clients, machine) => {
    const { DisableApiTermination } = await attributeOf(clients, machine, "disableApiTermination");
    return { protected: DisableApiTermination?.Value === true };
  },
  holds: (state) => state.protected,
  make: (clients, machine) => modify(clients, machine, { DisableApiTermination: { Value: true } }),
  unmake: (clients, machine, before) =>
    modify(clients, machine, { DisableApiTermination: { Value: before.protected } }),
};

type ShutdownBehavior = { readonly behavior: string };

export const stopOnShutdown: Change<Machine, ShutdownBehavior> = {
  ...shared,
  action: "ec2:ModifyInstanceAttribute/InstanceInitiatedShutdownBehavior",
  title: () => "stops where it is shut down from inside, and is not terminated",
  read: async (clients, machine) => {
    const { InstanceInitiatedShutdownBehavior } = await attributeOf(
      clients,
      machine,
      "instanceInitiatedShutdownBehavior",
    );
    return { behavior: InstanceInitiatedShutdownBehavior?.Value ?? "stop" };
  },
  holds: ({ behavior }) => behavior === "stop",
  make: (clients, machine) => setBehavior(clients, machine, "stop"),
  unmake: (clients, machine, { behavior }) => setBehavior(clients, machine, behavior),
};

const setBehavior = (clients: AccountClients, machine: Machine, Value: string): Promise<void> =>
  modify(clients, machine, { InstanceInitiatedShutdownBehavior: { Value } });

export type AttachedVolume = Machine & { readonly device: string; readonly volume: string };
/** `null` where another volume, or none, is at the device. */
type Fate = { readonly goes: boolean | null };

export const keepVolume: Change<AttachedVolume, Fate> = {
  ...shared,
  action: "ec2:ModifyInstanceAttribute/BlockDeviceMapping",
  title: ({ volume, device }) => `${volume} at ${device} stays where the machine is terminated`,
  read: async (clients, { region, instance, device, volume }) => {
    const { Reservations = [] } = await machinesOf(clients, region).ec2.send(
      new DescribeInstancesCommand({ InstanceIds: [instance] }),
    );
    const found = Reservations[0]?.Instances?.[0]?.BlockDeviceMappings?.find(
      ({ DeviceName, Ebs }) => DeviceName === device && Ebs?.VolumeId === volume,
    );
    return { goes: found?.Ebs?.DeleteOnTermination ?? null };
  },
  holds: ({ goes }) => goes !== true,
  isGone: ({ goes }) => goes === null,
  make: (clients, volume) => setFate(clients, volume, false),
  unmake: async (clients, volume, { goes }) => {
    if (goes !== null) await setFate(clients, volume, goes);
  },
};

const setFate = (clients: AccountClients, volume: AttachedVolume, goes: boolean): Promise<void> =>
  modify(clients, volume, {
    BlockDeviceMappings: [{ DeviceName: volume.device, Ebs: { DeleteOnTermination: goes } }],
  });
