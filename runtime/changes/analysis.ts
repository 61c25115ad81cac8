import { createHash } from "node:crypto";
import {
  AttachVolumeCommand,
  CreateVolumeCommand,
  DescribeInstancesCommand,
  DescribeVolumesCommand,
  type EC2Client,
  type Instance,
  paginateDescribeVolumes,
  RunInstancesCommand,
  type Tag,
  type Volume,
} from "@aws-sdk/client-ec2";
import { kitTag } from "../../landscape/tasks";
import type { Json } from "../shared/ledger";
import { machinesOf } from "../shared/machines";
import type { AccountClients } from "../shared/setting";
import type { Change } from "./change";
import { snapshotTags } from "./snapshots";

/** Machines on which a case's evidence is looked at, and working copies of it: all of it can be made again. */

const closedByCommand = {
  task: "evidence",
  undo: { kind: "by-command", command: "npx ir-kit forensics close" },
} as const;

/** Milliseconds after which EC2 shows what it has launched or made, if it has. */
export const shownAfter = 600_000;

const ec2Of = (clients: AccountClients, { region }: { readonly region: string }): EC2Client =>
  machinesOf(clients, region).ec2;

/**
 * The same request once more makes nothing new, though its answer was lost and EC2 does not show it yet. Source:
 * "Ensuring idempotency in Amazon EC2 API requests".
 */
const tokenOf = (input: Json): string => createHash("sha256").update(JSON.stringify(input)).digest("hex");

const tagList = (tags: Readonly<Record<string, string>>): Tag[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
const withTags = (tags: Readonly<Record<string, string>>) =>
  Object.entries(tags).map(([key, value]) => ({ Name: `tag:${key}`, Values: [value] }));

export type AnalysisMachine = {
  readonly case: string;
  readonly region: string;
  /** Name of the launch template, which the machine bears too. */
  readonly template: string;
  /** Counts how often one was launched: the next is another. */
  readonly opening: number;
};
type Launched = { readonly instance: string | null };

const ofAnalysis = ({ case: caseId, template }: Pick<AnalysisMachine, "case" | "template">) => ({
  Name: template,
  ...ofKit(caseId),
});

/** A case's machine of a template that is not on its way out. */
export const analysisMachine = async (
  ec2: EC2Client,
  machine: Pick<AnalysisMachine, "case" | "template">,
): Promise<Instance | undefined> => (await machinesTagged(ec2, ofAnalysis(machine), standing))[0];

/** States of a machine that is not on its way out. */
const standing = ["pending", "running", "stopping", "stopped"];

/** What the kit has launched or made for a case, of whichever template. */
const ofKit = (caseId: string) => ({ [snapshotTags.case]: caseId, [kitTag]: "true" });

/** Every machine of a case that is not on its way out. */
export const machinesOfCase = (ec2: EC2Client, caseId: string): Promise<Instance[]> =>
  machinesTagged(ec2, ofKit(caseId), standing);

/** Volumes that were made of a snapshot of the case; a machine's own disk goes with it. */
export async function copiesOfCase(ec2: EC2Client, caseId: string): Promise<Volume[]> {
  const found: Volume[] = [];
  const Filters = [...withTags(ofKit(caseId)), { Name: "tag-key", Values: [snapshotTags.source] }];
  for await (const { Volumes = [] } of paginateDescribeVolumes({ client: ec2 }, { Filters })) {
    found.push(...Volumes);
  }
  return found.filter(({ State }) => State !== "deleting" && State !== "deleted");
}

/** Why the last one has ended, in EC2's words: a key that it may not use, or no machine of the type left. */
export async function whyEnded(
  ec2: EC2Client,
  machine: Pick<AnalysisMachine, "case" | "template">,
): Promise<string | undefined> {
  const last = (await machinesTagged(ec2, ofAnalysis(machine), ["shutting-down", "terminated"]))
    .sort((a, b) => Number(a.LaunchTime) - Number(b.LaunchTime))
    .at(-1);
  return last && `${last.InstanceId} has ended: ${last.StateReason?.Message ?? "EC2 does not say why"}`;
}

async function machinesTagged(
  ec2: EC2Client,
  tags: Readonly<Record<string, string>>,
  Values: string[],
): Promise<Instance[]> {
  const { Reservations = [] } = await ec2.send(
    new DescribeInstancesCommand({
      Filters: [...withTags(tags), { Name: "instance-state-name", Values }],
    }),
  );
  return Reservations.flatMap(({ Instances = [] }) => Instances);
}

export const launchMachine: Change<AnalysisMachine, Launched> = {
  ...closedByCommand,
  action: "ec2:RunInstances",
  title: ({ template }) => `a machine of ${template}`,
  read: async (clients, machine) => ({
    instance: (await analysisMachine(ec2Of(clients, machine), machine))?.InstanceId ?? null,
  }),
  holds: ({ instance }) => instance !== null,
  make: async (clients, machine) => {
    await ec2Of(clients, machine).send(
      new RunInstancesCommand({
        LaunchTemplate: { LaunchTemplateName: machine.template, Version: "$Default" },
        MinCount: 1,
        MaxCount: 1,
        ClientToken: tokenOf(machine),
        TagSpecifications: (["instance", "volume", "network-interface"] as const).map((ResourceType) => ({
          ResourceType,
          Tags: tagList(ofAnalysis(machine)),
        })),
      }),
    );
  },
};

export type WorkingCopy = {
  readonly case: string;
  readonly region: string;
  readonly zone: string;
  readonly snapshot: string;
  /** Of the snapshot, and so of the copy. */
  readonly key: string;
  readonly instance: string;
  readonly volume: string;
  /** Id of the machine that it is for: another one gets a copy of its own. */
  readonly machine: string;
  /** How many were made for it before that came to nothing. */
  readonly attempt: number;
};
type Made = { readonly copy: string | null };

const copyTags = ({
  case: caseId,
  snapshot,
  machine,
}: Pick<WorkingCopy, "case" | "snapshot" | "machine">) => ({
  [snapshotTags.case]: caseId,
  [snapshotTags.source]: snapshot,
  [machineTag]: machine,
  [kitTag]: "true",
});

const machineTag = "ir:machine";

/** How many copies for a machine came to nothing, by snapshot: a request that is repeated for one gives it again. */
export async function brokenCopies(
  ec2: EC2Client,
  given: Pick<WorkingCopy, "case" | "machine">,
): Promise<ReadonlyMap<string, number>> {
  const { Volumes = [] } = await ec2.send(
    new DescribeVolumesCommand({
      Filters: [
        ...withTags({ [snapshotTags.case]: given.case, [machineTag]: given.machine }),
        { Name: "status", Values: ["error"] },
      ],
    }),
  );
  const broken = new Map<string, number>();
  for (const { Tags = [] } of Volumes) {
    const source = Tags.find(({ Key }) => Key === snapshotTags.source)?.Value ?? "";
    broken.set(source, (broken.get(source) ?? 0) + 1);
  }
  return broken;
}

export const makeWorkingCopy: Change<WorkingCopy, Made> = {
  ...closedByCommand,
  action: "ec2:CreateVolume",
  title: ({ volume, instance, zone }) => `a working copy of ${volume} of ${instance}, in ${zone}`,
  read: async (clients, copy) => {
    const { Volumes: [found] = [] } = await ec2Of(clients, copy).send(
      new DescribeVolumesCommand({
        Filters: [
          ...withTags(copyTags(copy)),
          { Name: "availability-zone", Values: [copy.zone] },
          { Name: "status", Values: ["creating", "available", "in-use"] },
        ],
      }),
    );
    return { copy: found?.VolumeId ?? null };
  },
  holds: ({ copy }) => copy !== null,
  make: async (clients, copy) => {
    await ec2Of(clients, copy).send(
      new CreateVolumeCommand({
        SnapshotId: copy.snapshot,
        AvailabilityZone: copy.zone,
        VolumeType: "gp3",
        Encrypted: true,
        KmsKeyId: copy.key,
        ClientToken: tokenOf(copy),
        TagSpecifications: [
          {
            ResourceType: "volume",
            Tags: tagList({
              ...copyTags(copy),
              Name: `${copy.case} ${copy.volume}`,
              [snapshotTags.instance]: copy.instance,
              [snapshotTags.volume]: copy.volume,
            }),
          },
        ],
      }),
    );
  },
};

export type Attachment = {
  readonly region: string;
  readonly copy: string;
  readonly machine: string;
  readonly device: string;
};
type Attached = { readonly attached: boolean };

export const attachWorkingCopy: Change<Attachment, Attached> = {
  ...closedByCommand,
  action: "ec2:AttachVolume",
  title: ({ copy, machine, device }) => `${copy} at ${device} of ${machine}`,
  read: async (clients, attachment) => {
    const volume = await volumeOf(ec2Of(clients, attachment), attachment.copy);
    const attached = volume?.Attachments?.some(
      ({ InstanceId, State }) => InstanceId === attachment.machine && !/^detach/.test(State ?? ""),
    );
    return { attached: attached === true };
  },
  holds: ({ attached }) => attached,
  make: async (clients, attachment) => {
    const { copy, machine, device } = attachment;
    await ec2Of(clients, attachment).send(
      new AttachVolumeCommand({ VolumeId: copy, InstanceId: machine, Device: device }),
    );
  },
};

/** Nothing where it is deleted. */
export async function volumeOf(ec2: EC2Client, id: string): Promise<Volume | undefined> {
  try {
    const { Volumes = [] } = await ec2.send(new DescribeVolumesCommand({ VolumeIds: [id] }));
    return Volumes[0];
  } catch (error) {
    if ((error as Error).name === "InvalidVolume.NotFound") return undefined;
    throw error;
  }
}
