import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import { EC2Client } from "@aws-sdk/client-ec2";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { IAMClient } from "@aws-sdk/client-iam";
import { S3Client } from "@aws-sdk/client-s3";
import { STSClient } from "@aws-sdk/client-sts";
import type { EvidenceSetting } from "../../../runtime/custody/deposit";
import type { CustodyRequest } from "../../../runtime/custody/manifest";
import type { Clock } from "../../../runtime/shared/clock";
import type { AccountClients } from "../../../runtime/shared/setting";
import { kitOf } from "../../../stacks/kit";
import { landscape } from "../../proofs/setting";
import { MemoryLedger } from "../../support/memory-ledger";
import { type Between, nobody, passingClock, plugged } from "./plugged";
import { awsError } from "./small-aws";

export const member = "555555555555";
export const forensics = "444444444444";
export const region = "eu-west-1";
export const instanceId = "i-0123456789abcdef0";
export const evidenceKey = `arn:aws:kms:${region}:${forensics}:alias/acme-ir/evidence`;

interface SmallVolume {
  readonly id: string;
  readonly device: string;
  readonly key?: string;
  goes: boolean;
  readonly untagged?: true;
}

interface SmallSnapshot {
  readonly id: string;
  readonly owner: string;
  readonly volume: string;
  readonly key?: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly shares: string[];
  /** Looks after which it is complete. */
  looks: number;
  state: "pending" | "completed" | "error";
}

// biome-ignore lint/suspicious/noExplicitAny: inputs of a dozen commands, each read by its own handler
type Input = any;
/** Keys under which a snapshot can't be shared, or that the role may not use. */
export const defaultKey = `arn:aws:kms:${region}:${member}:key/default`;
export const ownKey = `arn:aws:kms:${region}:${member}:key/own`;
export const foreignKey = "arn:aws:kms:eu-west-1:999999999999:key/foreign";

/** What a test may put in the place of what is usual. */
export interface SettingOptions {
  readonly between?: Between;
  readonly ledger?: MemoryLedger;
  readonly clock?: Clock;
  readonly dryRun?: boolean;
}

/** A case's setting with evidence in it, around accounts that a small AWS answers for. */
export function smallEvidence(
  { ledger, clock, dryRun }: SettingOptions,
  between: Between,
  accounts: ReadonlyMap<string, AccountClients>,
  s3: S3Client,
  signed: CustodyRequest[],
): EvidenceSetting {
  return {
    kit: kitOf(landscape),
    account: async (id) => {
      const known = accounts.get(id);
      if (!known) throw awsError("AccessDenied", `no way into ${id}`);
      return known;
    },
    sts: async () => new STSClient({ region, credentials: nobody }),
    clock: clock ?? passingClock(),
    ledger: ledger ?? new MemoryLedger(),
    actor: "emergency-1",
    caseId: "CASE-1",
    ...(dryRun && { dryRun: true }),
    evidence: {
      account: forensics,
      region,
      bucket: "acme-ir-evidence",
      key: evidenceKey,
      s3,
      sign: async (request) =>
        between("Sign", {}, () => {
          signed.push(request);
          return { number: signed.length, sha256: "a".repeat(64), bucket: "b", key: "k" };
        }) as { number: number; sha256: string; bucket: string; key: string },
    },
  };
}

/**
 * One machine with its volumes in a member's account, and the forensics account, in memory behind the SDK's own
 * clients: refuses what EBS refuses of keys and shares.
 */
export class SmallMachines {
  readonly snapshots: SmallSnapshot[] = [];
  readonly objects = new Map<string, string>();
  readonly signed: CustodyRequest[] = [];
  /** Names of calls that change something, in order. */
  readonly changes: string[] = [];
  protectedFromTermination = false;
  shutdownBehavior = "terminate";
  state = "running";
  lifecycle: "spot" | undefined;
  tags: Record<string, string> = { "ir:case": "CASE-1" };
  /** Looks at a new snapshot before it is complete. */
  looks = 2;

  constructor(
    readonly volumes: SmallVolume[] = [
      { id: "vol-00000000000000001", device: "/dev/xvda", goes: true },
      { id: "vol-00000000000000002", device: "/dev/sdb", key: ownKey, goes: false },
      { id: "vol-00000000000000003", device: "/dev/sdc", key: defaultKey, goes: true },
    ],
  ) {}

  readonly setting = (more: SettingOptions = {}): EvidenceSetting => {
    const between = more.between ?? ((_name, _input, answer) => answer());
    const accounts = new Map([member, forensics].map((id) => [id, this.clientsOf(id, between)]));
    const s3 = this.plugged(new S3Client({ region, credentials: nobody }), forensics, between);
    return smallEvidence(more, between, accounts, s3, this.signed);
  };

  private clientsOf(account: string, between: Between): AccountClients {
    const options = { region, credentials: nobody };
    const ec2 = this.plugged(new EC2Client(options), account, between);
    const autoScaling = this.plugged(new AutoScalingClient(options), account, between);
    const loadBalancing = this.plugged(new ElasticLoadBalancingV2Client(options), account, between);
    return {
      iam: new IAMClient(options),
      cloudTrail: () => new CloudTrailClient(options),
      machines: () => ({ ec2, autoScaling, loadBalancing }),
    };
  }

  private plugged<Client extends { readonly send: unknown }>(
    client: Client,
    account: string,
    between: Between,
  ): Client {
    return plugged(client, account, between, (call, input) => this.answer(account, call, input));
  }

  private answer(account: string, call: string, input: Input): unknown {
    const make = this.makers[call];
    if (make) {
      const made = make(account, input);
      this.changes.push(call);
      return made ?? {};
    }
    const read = this.readers[call];
    if (!read) throw new Error(`the small AWS does not know ${call}`);
    return read(account, input);
  }

  private readonly readers: Readonly<Record<string, (account: string, input: Input) => unknown>> = {
    DescribeInstances: (account, { InstanceIds: [id] }) => {
      if (account !== member || id !== instanceId) throw awsError("InvalidInstanceID.NotFound", "not there");
      return { Reservations: [{ Instances: [this.instance()] }] };
    },
    DescribeInstanceAttribute: (_, { Attribute }) =>
      ({
        disableApiTermination: { DisableApiTermination: { Value: this.protectedFromTermination } },
        instanceInitiatedShutdownBehavior: {
          InstanceInitiatedShutdownBehavior: { Value: this.shutdownBehavior },
        },
        userData: { UserData: { Value: Buffer.from("#!/bin/sh").toString("base64") } },
      })[Attribute as string],
    DescribeNetworkInterfaces: () => ({ NetworkInterfaces: [{ NetworkInterfaceId: "eni-1" }] }),
    DescribeAddresses: () => ({ Addresses: [] }),
    DescribeIamInstanceProfileAssociations: () => ({ IamInstanceProfileAssociations: [] }),
    DescribeSecurityGroups: () => ({ SecurityGroups: [] }),
    DescribeVolumes: () => ({
      Volumes: this.volumes.map(({ id, untagged }) => ({
        VolumeId: id,
        Tags: untagged ? [] : [{ Key: "ir:case", Value: "CASE-1" }],
      })),
    }),
    DescribeAutoScalingInstances: () => ({ AutoScalingInstances: [] }),
    DescribeTargetGroups: () => ({ TargetGroups: [] }),
    GetConsoleOutput: () => ({ Output: Buffer.from("login:").toString("base64") }),
    GetConsoleScreenshot: () => ({ ImageData: Buffer.from("picture").toString("base64") }),
    DescribeSnapshots: (account, { SnapshotIds, Filters = [] }) => ({
      Snapshots: this.snapshots
        .filter(({ owner }) => owner === account)
        .filter(({ id }) => SnapshotIds === undefined || SnapshotIds.includes(id))
        .filter(({ tags }) =>
          Filters.every(
            ({ Name, Values }: { Name: string; Values: string[] }) =>
              tags[Name.slice("tag:".length)] === Values[0],
          ),
        )
        .map((snapshot, index) => this.look(snapshot, index)),
    }),
    DescribeSnapshotAttribute: (_, { SnapshotId }) => ({
      CreateVolumePermissions: this.named(SnapshotId).shares.map((UserId) => ({ UserId })),
    }),
  };

  private readonly makers: Readonly<Record<string, (account: string, input: Input) => unknown>> = {
    ModifyInstanceAttribute: (_, input) => {
      if (this.lifecycle === "spot" && !input.BlockDeviceMappings) {
        throw awsError("UnsupportedOperation", "not for Spot instances");
      }
      if (input.DisableApiTermination) this.protectedFromTermination = input.DisableApiTermination.Value;
      if (input.InstanceInitiatedShutdownBehavior) {
        this.shutdownBehavior = input.InstanceInitiatedShutdownBehavior.Value;
      }
      for (const { DeviceName, Ebs } of input.BlockDeviceMappings ?? []) {
        const volume = this.volumes.find(({ device }) => device === DeviceName);
        if (volume) volume.goes = Ebs.DeleteOnTermination;
      }
    },
    CreateSnapshots: (account, { TagSpecifications }) => ({
      Snapshots: this.volumes.map(({ id, key }) =>
        this.create({ owner: account, volume: id, ...(key !== undefined && { key }) }, TagSpecifications),
      ),
    }),
    CopySnapshot: (account, { SourceSnapshotId, KmsKeyId, Encrypted, TagSpecifications }) => {
      const source = this.named(SourceSnapshotId);
      if (source.owner !== account && !source.shares.includes(account)) {
        throw awsError("InvalidSnapshot.NotFound", `${SourceSnapshotId} is not shared with ${account}`);
      }
      expect(source.state).toBe("completed");
      expect([Encrypted, KmsKeyId]).toEqual([true, evidenceKey]);
      const decryptable =
        source.key === undefined ||
        source.key === evidenceKey ||
        (account === member && source.key !== foreignKey);
      const copy = this.create({ owner: account, volume: source.volume, key: KmsKeyId }, TagSpecifications);
      // EBS notices late that it can't decrypt.
      if (!decryptable) copy.state = "error";
      return { SnapshotId: copy.id };
    },
    ModifySnapshotAttribute: (_, { SnapshotId, CreateVolumePermission: { Add, ...others } }) => {
      expect(others).toEqual({});
      const snapshot = this.named(SnapshotId);
      if (snapshot.key === defaultKey) {
        throw awsError("InvalidParameter", "encrypted snapshots with the default key can't be shared");
      }
      for (const { UserId } of Add) if (!snapshot.shares.includes(UserId)) snapshot.shares.push(UserId);
    },
    PutObject: (_, { Key, Body, ChecksumSHA256, IfNoneMatch }) => {
      expect([IfNoneMatch, typeof ChecksumSHA256]).toEqual(["*", "string"]);
      if (this.objects.has(Key)) throw awsError("PreconditionFailed", "taken");
      this.objects.set(Key, String(Body));
      return { VersionId: "v1" };
    },
  };

  private create(
    given: Pick<SmallSnapshot, "owner" | "volume" | "key">,
    specifications: readonly { readonly Tags: readonly { readonly Key: string; readonly Value: string }[] }[],
  ): SmallSnapshot {
    const tags = Object.fromEntries(
      specifications.flatMap(({ Tags }) => Tags.map(({ Key, Value }) => [Key, Value])),
    );
    expect(tags["ir:case"]).toBe("CASE-1");
    const id = `snap-${String(this.snapshots.length + 1).padStart(17, "0")}`;
    const snapshot: SmallSnapshot = { id, ...given, tags, shares: [], looks: this.looks, state: "pending" };
    this.snapshots.push(snapshot);
    return snapshot;
  }

  private look(snapshot: SmallSnapshot, index: number) {
    if (snapshot.state === "pending" && snapshot.looks === 0) snapshot.state = "completed";
    else if (snapshot.state === "pending") snapshot.looks -= 1;
    const { id, volume, key, tags, state } = snapshot;
    return {
      SnapshotId: id,
      VolumeId: volume,
      State: state,
      Progress: "50%",
      StartTime: new Date(1_700_000_000_000 + index),
      Encrypted: key !== undefined,
      ...(key !== undefined && { KmsKeyId: key }),
      ...(state === "error" && { StateMessage: "Given key ID is not accessible" }),
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    };
  }

  private named(id: string): SmallSnapshot {
    const found = this.snapshots.find((snapshot) => snapshot.id === id);
    if (!found) throw awsError("InvalidSnapshot.NotFound", id);
    return found;
  }

  private instance() {
    return {
      InstanceId: instanceId,
      State: { Name: this.state },
      ...(this.lifecycle && { InstanceLifecycle: this.lifecycle }),
      Tags: Object.entries(this.tags).map(([Key, Value]) => ({ Key, Value })),
      BlockDeviceMappings: this.volumes.map(({ id, device, goes }) => ({
        DeviceName: device,
        Ebs: { VolumeId: id, DeleteOnTermination: goes },
      })),
      NetworkInterfaces: [{ NetworkInterfaceId: "eni-1", Groups: [{ GroupId: "sg-1" }] }],
    };
  }
}
