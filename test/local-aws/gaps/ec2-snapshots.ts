import {
  CopySnapshotCommand,
  CreateSnapshotCommand,
  CreateVolumeCommand,
  DeleteSnapshotCommand,
  DeleteVolumeCommand,
  DescribeAvailabilityZonesCommand,
  DescribeSnapshotAttributeCommand,
  DescribeSnapshotsCommand,
  DescribeVolumesCommand,
  type Snapshot,
} from "@aws-sdk/client-ec2";
import { paginateListAccounts } from "@aws-sdk/client-organizations";
import type { FrontContext } from "../front";
import { type AwsCall, errorAnswer, xmlAnswer } from "../protocol";
import { type Gap, isCall } from "./gap";

export interface SourceSnapshot {
  readonly owner: string;
  readonly snapshot: Snapshot;
  /** The key under which it is; absent where it is not encrypted. */
  readonly key?: string;
  readonly sharedWith: readonly string[];
}

/** The snapshot that a copy is of: the caller's own, or another account's, shared or not. */
export async function sourceOf(
  call: AwsCall,
  account: string,
  context: FrontContext,
): Promise<SourceSnapshot | undefined> {
  const id = String(call.parameters.SourceSnapshotId ?? "");
  const region = String(call.parameters.SourceRegion ?? call.region);
  for (const owner of [account, ...(await otherAccounts(account, context))]) {
    const found = await snapshotIn(context, owner, region, id);
    if (found) return found;
  }
  return undefined;
}

/** A snapshot with what the emulator knows of it in several places. */
export async function snapshotIn(
  context: FrontContext,
  owner: string,
  region: string,
  id: string,
): Promise<SourceSnapshot | undefined> {
  const ec2 = context.accounts.ec2(owner, region);
  const { Snapshots: [snapshot] = [] } = await ec2
    .send(new DescribeSnapshotsCommand({ SnapshotIds: [id] }))
    .catch(() => ({ Snapshots: [] }));
  if (!snapshot) return undefined;
  const { CreateVolumePermissions = [] } = await ec2.send(
    new DescribeSnapshotAttributeCommand({ SnapshotId: id, Attribute: "createVolumePermission" }),
  );
  const key = snapshot.Encrypted
    ? (snapshot.KmsKeyId ?? (await keyOfVolume(context, owner, region, snapshot)))
    : undefined;
  return {
    owner,
    snapshot,
    ...(key !== undefined && { key }),
    sharedWith: CreateVolumePermissions.flatMap(({ UserId }) => UserId ?? []),
  };
}

/** The emulator keeps a volume's key and forgets that of its snapshots. */
async function keyOfVolume(
  context: FrontContext,
  owner: string,
  region: string,
  { VolumeId = "" }: Snapshot,
) {
  const { Volumes: [volume] = [] } = await context.accounts
    .ec2(owner, region)
    .send(new DescribeVolumesCommand({ VolumeIds: [VolumeId] }))
    .catch(() => ({ Volumes: [] }));
  return volume?.KmsKeyId;
}

async function otherAccounts(account: string, context: FrontContext): Promise<string[]> {
  const ids: string[] = [];
  try {
    for await (const { Accounts = [] } of paginateListAccounts(
      { client: context.accounts.organizations() },
      {},
    )) {
      ids.push(...Accounts.flatMap(({ Id }) => Id ?? []));
    }
  } catch {
    // Without an organization there are no others.
  }
  return ids.filter((id) => id !== account);
}

export const ec2SnapshotCopies: Gap = {
  id: "ec2-snapshot-copies",
  kind: "answered",
  resources: ["ec2:CopySnapshot"],
  because: "the emulator copies an account's own snapshots only, whatever is shared with it",
  concerns: isCall("ec2", "CopySnapshot"),
  answer: async (call, context) => {
    const { account } = await context.callers.of(call);
    const source = await sourceOf(call, account, context);
    if (!source || source.owner === account) return undefined;
    if (!source.sharedWith.includes(account)) {
      return errorAnswer(
        call,
        400,
        "InvalidSnapshot.NotFound",
        `The snapshot '${source.snapshot.SnapshotId}' does not exist.`,
      );
    }
    const id = await copyOf(call, context, account, source);
    return xmlAnswer(
      '<CopySnapshotResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>local-aws</requestId>' +
        `<snapshotId>${id}</snapshotId></CopySnapshotResponse>`,
    );
  },
};

/** A snapshot of a volume like it, which is gone again at once: the emulator makes none of anything else. */
async function copyOf(
  call: AwsCall,
  context: FrontContext,
  account: string,
  { snapshot }: SourceSnapshot,
): Promise<string> {
  const ec2 = context.accounts.ec2(account, call.region);
  const { AvailabilityZones: [zone] = [] } = await ec2.send(new DescribeAvailabilityZonesCommand({}));
  const key = call.parameters.KmsKeyId;
  const { VolumeId } = await ec2.send(
    new CreateVolumeCommand({
      AvailabilityZone: zone?.ZoneName,
      Size: snapshot.VolumeSize,
      ...(key !== undefined && { Encrypted: true, KmsKeyId: String(key) }),
    }),
  );
  const made = await ec2.send(new CreateSnapshotCommand({ VolumeId }));
  await ec2.send(new DeleteVolumeCommand({ VolumeId }));
  // Of a copy the emulator keeps the key, of a snapshot it doesn't.
  const { SnapshotId = "" } = await ec2.send(
    new CopySnapshotCommand({
      SourceSnapshotId: made.SnapshotId,
      SourceRegion: call.region,
      Description: String(call.parameters.Description ?? ""),
      ...(key !== undefined && { Encrypted: true, KmsKeyId: String(key) }),
      TagSpecifications: [{ ResourceType: "snapshot", Tags: tagsOf(call) }],
    }),
  );
  await ec2.send(new DeleteSnapshotCommand({ SnapshotId: made.SnapshotId }));
  return SnapshotId;
}

const tagsOf = ({ parameters }: AwsCall) =>
  Object.entries(parameters)
    .filter(([name]) => /^TagSpecification\.1\.Tag\.\d+\.Key$/.test(name))
    .map(([name, Key]) => ({
      Key: String(Key),
      Value: String(parameters[name.replace(/Key$/, "Value")] ?? ""),
    }));

export const ec2SnapshotPermissions: Gap = {
  id: "ec2-snapshot-permissions",
  kind: "completed",
  resources: ["ec2:ModifySnapshotAttribute"],
  because: "the emulator takes a share by the older form of the request only, and loses the other in silence",
  concerns: (call) =>
    isCall("ec2", "ModifySnapshotAttribute")(call) &&
    Object.keys(call.parameters).some((name) => name.startsWith("CreateVolumePermission.")),
  answer: async (call, context) => {
    let answer = errorAnswer(call, 400, "InvalidRequest", "nothing is added or removed");
    for (const operation of ["Add", "Remove"]) {
      const body = new URLSearchParams(call.body.toString());
      const named = [...body].filter(([name]) => name.startsWith("CreateVolumePermission."));
      for (const [name] of named) body.delete(name);
      const users = named.filter(([name]) => name.startsWith(`CreateVolumePermission.${operation}.`));
      if (users.length === 0) continue;
      body.set("OperationType", operation.toLowerCase());
      users.forEach(([name, value], index) => {
        body.set(`${name.endsWith(".Group") ? "UserGroup" : "UserId"}.${index + 1}`, value);
      });
      answer = await context.forward({ ...call, body: Buffer.from(body.toString()) });
    }
    return answer;
  },
};

export const ec2ShutdownBehavior: Gap = {
  id: "ec2-shutdown-behavior",
  kind: "completed",
  resources: ["ec2:ModifyInstanceAttribute"],
  because: "the emulator takes an instance's shutdown behaviour by the older form of the request only",
  concerns: (call) =>
    isCall("ec2", "ModifyInstanceAttribute")(call) &&
    call.parameters["InstanceInitiatedShutdownBehavior.Value"] !== undefined,
  answer: async (call, context) => {
    const body = new URLSearchParams(call.body.toString());
    body.set("Attribute", "instanceInitiatedShutdownBehavior");
    body.set("Value", body.get("InstanceInitiatedShutdownBehavior.Value") ?? "");
    body.delete("InstanceInitiatedShutdownBehavior.Value");
    return context.forward({ ...call, body: Buffer.from(body.toString()) });
  },
};

export const ec2ConsoleScreenshot: Gap = {
  id: "ec2-console-screenshot",
  kind: "answered",
  resources: ["ec2:GetConsoleScreenshot"],
  because: "the emulator's machines show nothing",
  concerns: isCall("ec2", "GetConsoleScreenshot"),
  answer: async (call) =>
    xmlAnswer(
      '<GetConsoleScreenshotResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>local-aws</requestId>' +
        `<imageData>${Buffer.from("screenshot").toString("base64")}</imageData>` +
        `<instanceId>${String(call.parameters.InstanceId)}</instanceId></GetConsoleScreenshotResponse>`,
    ),
};
