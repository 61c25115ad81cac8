import {
  DeleteVolumeCommand,
  DescribeInstancesCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { isMissing } from "../shared/errors";
import { machinesOf } from "../shared/machines";
import { volumeOf } from "./analysis";
import type { Change } from "./change";

/** The end of what was opened: the evidence that it was made of stays. */

const madeAgain = {
  task: "evidence",
  undo: { kind: "irreversible", because: "npx ir-kit forensics open makes another; the evidence stays" },
} as const;

type Ended = { readonly ended: boolean };

export const terminateMachine: Change<{ readonly region: string; readonly machine: string }, Ended> = {
  ...madeAgain,
  action: "ec2:TerminateInstances",
  title: ({ machine }) => `${machine} ended`,
  read: async (clients, { region, machine }) => {
    try {
      const { Reservations = [] } = await machinesOf(clients, region).ec2.send(
        new DescribeInstancesCommand({ InstanceIds: [machine] }),
      );
      const state = Reservations[0]?.Instances?.[0]?.State?.Name;
      return { ended: state === undefined || state === "terminated" || state === "shutting-down" };
    } catch (error) {
      if (isMissing(error)) return { ended: true };
      throw error;
    }
  },
  holds: ({ ended }) => ended,
  make: async (clients, { region, machine }) => {
    await machinesOf(clients, region).ec2.send(new TerminateInstancesCommand({ InstanceIds: [machine] }));
  },
};

export const deleteWorkingCopy: Change<{ readonly region: string; readonly copy: string }, Ended> = {
  ...madeAgain,
  action: "ec2:DeleteVolume",
  title: ({ copy }) => `working copy ${copy} deleted`,
  read: async (clients, { region, copy }) => {
    const volume = await volumeOf(machinesOf(clients, region).ec2, copy);
    return { ended: volume === undefined || volume.State === "deleting" || volume.State === "deleted" };
  },
  holds: ({ ended }) => ended,
  make: async (clients, { region, copy }) => {
    await machinesOf(clients, region).ec2.send(new DeleteVolumeCommand({ VolumeId: copy }));
  },
};
