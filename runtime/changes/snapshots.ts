import {
  CopySnapshotCommand,
  CreateSnapshotsCommand,
  DescribeSnapshotAttributeCommand,
  type EC2Client,
  ModifySnapshotAttributeCommand,
  paginateDescribeSnapshots,
  type Snapshot,
} from "@aws-sdk/client-ec2";
import { caseTag } from "../../landscape/tasks";
import { type Machine, machinesOf } from "../shared/machines";
import type { Change } from "./change";

/** Tags by which snapshots of a case are found again, whoever runs the step next. */
export const snapshotTags = {
  case: caseTag,
  instance: "ir:instance",
  volume: "ir:volume",
  /** The snapshot that was copied; absent where it is of a volume. */
  source: "ir:source",
} as const;

const kept = { kind: "irreversible", because: "a snapshot is evidence, and is kept" } as const;

type Tags = Readonly<Record<string, string>>;
const specification = (tags: Tags) => [
  {
    ResourceType: "snapshot" as const,
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
  },
];

export const tagOf = ({ Tags = [] }: Snapshot, key: string): string | undefined =>
  Tags.find((tag) => tag.Key === key)?.Value;

/** Own snapshots with these tags that came to something; the others are left out, so that they are made again. */
const snapshotsTagged = async (ec2: EC2Client, tags: Tags): Promise<Snapshot[]> =>
  (await ownSnapshots(ec2, tags)).filter(({ State }) => State !== "error");

/** Own snapshots with these tags, whatever became of them. */
export async function ownSnapshots(ec2: EC2Client, tags: Tags): Promise<Snapshot[]> {
  const found: Snapshot[] = [];
  for await (const { Snapshots = [] } of paginateDescribeSnapshots(
    { client: ec2 },
    {
      OwnerIds: ["self"],
      Filters: Object.entries(tags).map(([key, value]) => ({ Name: `tag:${key}`, Values: [value] })),
    },
  )) {
    found.push(...Snapshots);
  }
  return found;
}

export type Volumes = Machine & { readonly case: string; readonly volumes: readonly string[] };
/** Snapshots by volume; of several the first, which is nearest to the incident. */
export type SnapshotsByVolume = { readonly [volume: string]: string };

/** One call for all volumes, which are then of the same moment. Source: "CreateSnapshots" (Amazon EC2 API reference). */
export const snapshotVolumes: Change<Volumes, SnapshotsByVolume> = {
  task: "evidence",
  action: "ec2:CreateSnapshots",
  title: ({ volumes }) => `snapshots of ${volumes.length} volumes, all of the same moment`,
  undo: kept,
  read: async (clients, { region, instance, case: caseId, volumes }) => {
    const snapshots = await snapshotsTagged(machinesOf(clients, region).ec2, {
      [snapshotTags.case]: caseId,
      [snapshotTags.instance]: instance,
    });
    const originals = snapshots
      .filter((snapshot) => tagOf(snapshot, snapshotTags.source) === undefined)
      .sort((a, b) => Number(b.StartTime) - Number(a.StartTime));
    const byVolume = new Map(originals.map(({ VolumeId = "", SnapshotId = "" }) => [VolumeId, SnapshotId]));
    return Object.fromEntries(volumes.flatMap((volume) => entry(volume, byVolume.get(volume))));
  },
  holds: (snapshots, { volumes }) => volumes.every((volume) => snapshots[volume] !== undefined),
  make: async (clients, { region, instance, case: caseId }) => {
    await machinesOf(clients, region).ec2.send(
      new CreateSnapshotsCommand({
        InstanceSpecification: { InstanceId: instance },
        Description: `${caseId}: volumes of ${instance}`,
        TagSpecifications: specification({
          [snapshotTags.case]: caseId,
          [snapshotTags.instance]: instance,
        }),
      }),
    );
  },
};

const entry = (volume: string, snapshot: string | undefined): [string, string][] =>
  snapshot === undefined ? [] : [[volume, snapshot]];

export type Copy = {
  readonly case: string;
  readonly instance: string;
  readonly volume: string;
  readonly snapshot: string;
  readonly from: string;
  readonly to: string;
  /** ARN of the key. */
  readonly key: string;
};
type Copied = { readonly copy: string | null };

/**
 * A copy under a key of one's own; the key is always named, since the default one can't be shared and an account's own
 * default is anybody's choice. Source: "Copy an Amazon EBS snapshot" (Amazon EBS user guide).
 */
export const copySnapshot: Change<Copy, Copied> = {
  task: "evidence",
  action: "ec2:CopySnapshot",
  title: ({ snapshot, to, key }) =>
    `${snapshot} copied in ${to} under ${key.slice(key.lastIndexOf(":") + 1)}`,
  undo: kept,
  read: async (clients, { to, case: caseId, snapshot }) => {
    const [copy] = await snapshotsTagged(machinesOf(clients, to).ec2, {
      [snapshotTags.case]: caseId,
      [snapshotTags.source]: snapshot,
    });
    return { copy: copy?.SnapshotId ?? null };
  },
  holds: ({ copy }) => copy !== null,
  make: async (clients, { case: caseId, instance, volume, snapshot, from, to, key }) => {
    await machinesOf(clients, to).ec2.send(
      new CopySnapshotCommand({
        SourceSnapshotId: snapshot,
        SourceRegion: from,
        Encrypted: true,
        KmsKeyId: key,
        Description: `${caseId}: ${volume} of ${instance}`,
        TagSpecifications: specification({
          [snapshotTags.case]: caseId,
          [snapshotTags.instance]: instance,
          [snapshotTags.volume]: volume,
          [snapshotTags.source]: snapshot,
        }),
      }),
    );
  },
};

/** Why a copy came to nothing, which EBS says of the copy only: a key that it may not use, above all. */
export async function whyNotCopied(
  ec2: EC2Client,
  caseId: string,
  snapshot: string,
): Promise<string | undefined> {
  const copies = await ownSnapshots(ec2, { [snapshotTags.case]: caseId, [snapshotTags.source]: snapshot });
  const broken = copies
    .filter(({ State }) => State === "error")
    .sort((a, b) => Number(a.StartTime) - Number(b.StartTime))
    .at(-1);
  return broken && `${broken.SnapshotId} came to nothing: ${broken.StateMessage ?? "AWS does not say why"}`;
}

export type Share = { readonly region: string; readonly snapshot: string; readonly with: string };
type Shared = { readonly shared: boolean };

/** The forensics account may copy it; never a group, which would be everybody. */
export const shareSnapshot: Change<Share, Shared> = {
  task: "evidence",
  action: "ec2:ModifySnapshotAttribute",
  title: ({ snapshot, with: account }) => `${snapshot} shared with ${account}`,
  // Taking it back would need a permission by which sharing with the forensics account could be stopped.
  undo: { kind: "irreversible", because: "who may take a share back could keep evidence from being copied" },
  read: async (clients, { region, snapshot, with: account }) => {
    const { CreateVolumePermissions = [] } = await machinesOf(clients, region).ec2.send(
      new DescribeSnapshotAttributeCommand({ SnapshotId: snapshot, Attribute: "createVolumePermission" }),
    );
    return { shared: CreateVolumePermissions.some(({ UserId }) => UserId === account) };
  },
  holds: ({ shared }) => shared,
  make: async (clients, { region, snapshot, with: account }) => {
    await machinesOf(clients, region).ec2.send(
      new ModifySnapshotAttributeCommand({
        SnapshotId: snapshot,
        Attribute: "createVolumePermission",
        CreateVolumePermission: { Add: [{ UserId: account }] },
      }),
    );
  },
};
