import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import {
  type AttachVolumeCommandInput,
  type CreateVolumeCommandInput,
  EC2Client,
  type Filter,
  type RunInstancesCommandInput,
  type Tag,
} from "@aws-sdk/client-ec2";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { IAMClient } from "@aws-sdk/client-iam";
import { S3Client } from "@aws-sdk/client-s3";
import { SSMClient } from "@aws-sdk/client-ssm";
import type { CustodyRequest } from "../../../runtime/custody/manifest";
import type { AccountClients } from "../../../runtime/shared/setting";
import type { AnalysisSetting } from "../../../runtime/steps/open-analysis";
import { nobody, plugged } from "./plugged";
import { awsError } from "./small-aws";
import { evidenceKey, forensics, region, type SettingOptions, smallEvidence } from "./small-machines";

interface SmallMachine {
  readonly id: string;
  readonly token: string;
  readonly request: string;
  readonly tags: Tag[];
  state: "pending" | "running" | "shutting-down" | "terminated" | "stopped";
  /** Looks until the next state. */
  looks: number;
}

interface SmallVolume {
  readonly id: string;
  readonly token: string;
  readonly snapshot: string;
  readonly zone: string;
  readonly tags: Tag[];
  state: "creating" | "available" | "in-use" | "error";
  looks: number;
  attached?: { readonly machine: string; readonly device: string };
}

type Handler<Input> = (input: Input) => unknown;

const tag = (Key: string, Value: string): Tag => ({ Key, Value });

/** The forensics account with what a case has preserved, in memory behind the SDK's own clients. */
export class SmallForensics {
  readonly machines: SmallMachine[] = [];
  readonly volumes: SmallVolume[] = [];
  readonly signed: CustodyRequest[] = [];
  readonly stored: string[] = [];
  /** Names of calls that change something, in order. */
  readonly changes: string[] = [];
  /** Looks until machines run, have said so, and volumes are made. */
  looks = 1;
  endpoints = ["acme-ir-forensic-ssm", "acme-ir-forensic-ssmmessages"];
  /** Machines say how they have started. */
  speaks = true;
  /** What they say. */
  says = '{"what":"protects what comes"}';
  /** Why a machine ends before it runs. */
  endsBefore: string | undefined;
  /** The next volume comes to nothing. */
  breaks = false;
  zone = "eu-west-1a";
  private asked = new Map<string, number>();
  private readonly volumeTokens = new Map<string, string>();

  constructor(
    readonly snapshots: { id: string; volume: string; machine: string; state: string; started?: number }[] = [
      { id: "snap-1", volume: "vol-a", machine: "i-1", state: "completed" },
      { id: "snap-2", volume: "vol-b", machine: "i-1", state: "completed" },
      { id: "snap-3", volume: "vol-c", machine: "i-2", state: "completed" },
    ],
  ) {}

  readonly setting = (more: SettingOptions = {}): AnalysisSetting => {
    const between = more.between ?? ((_name, _input, answer) => answer());
    const plug = <Client extends { readonly send: unknown }>(client: Client): Client =>
      plugged(client, forensics, between, (call, input) => this.answer(call, input));
    const options = { region, credentials: nobody };
    const machines = {
      ec2: plug(new EC2Client(options)),
      autoScaling: new AutoScalingClient(options),
      loadBalancing: new ElasticLoadBalancingV2Client(options),
    };
    const clients: AccountClients = {
      iam: new IAMClient(options),
      cloudTrail: () => new CloudTrailClient(options),
      machines: () => machines,
    };
    const accounts = new Map([[forensics, clients]]);
    return {
      ...smallEvidence(more, between, accounts, plug(new S3Client(options)), this.signed),
      analysis: {
        template: "acme-ir-forensic-linux-arm64",
        devices: ["/dev/sdf", "/dev/sdg", "/dev/sdh"],
        endpoints: {
          names: ["acme-ir-forensic-ssm", "acme-ir-forensic-ssmmessages"],
          deploy: "npx cdktf deploy forensic-endpoints-eu-west-1",
        },
        logGroup: "/acme-ir/sessions",
        ssm: plug(new SSMClient(options)),
        logs: plug(new CloudWatchLogsClient(options)),
      },
    };
  };

  private answer(call: string, input: unknown): unknown {
    const make = this.makers[call];
    if (make) {
      const made = make(input as never);
      this.changes.push(call);
      return made ?? {};
    }
    const read = this.readers[call];
    if (!read) throw new Error(`the small AWS does not know ${call}`);
    return read(input as never);
  }

  private readonly readers: Readonly<Record<string, Handler<never>>> = {
    DescribeSnapshots: () => ({
      Snapshots: this.snapshots.map(({ id, volume, machine, state, started = 0 }) => ({
        SnapshotId: id,
        State: state,
        Progress: "40%",
        StartTime: new Date(1_700_000_000_000 + started),
        KmsKeyId: evidenceKey,
        Tags: [tag("ir:case", "CASE-1"), tag("ir:instance", machine), tag("ir:volume", volume)],
      })),
    }),
    DescribeVpcEndpoints: ({ Filters: [filter] }: { Filters: Filter[] }) => ({
      VpcEndpoints: this.endpoints
        .filter((name) => filter?.Values?.includes(name))
        .map((name) => ({ State: "available", Tags: [tag("Name", name)] })),
    }),
    DescribeInstances: ({ Filters = [], InstanceIds }: { Filters?: Filter[]; InstanceIds?: string[] }) => {
      for (const machine of this.machines) this.age(machine);
      const found = this.machines.filter(
        ({ id, tags, state }) =>
          (InstanceIds === undefined || InstanceIds.includes(id)) && matches(Filters, tags, { state }),
      );
      return {
        Reservations: [
          {
            Instances: found.map(({ id, state }) => ({
              InstanceId: id,
              State: { Name: state },
              LaunchTime: new Date(1_700_000_000_000),
              StateReason: { Message: this.endsBefore ?? "User initiated" },
              Placement: { AvailabilityZone: this.zone },
              BlockDeviceMappings: [
                { DeviceName: "/dev/xvda", Ebs: { VolumeId: "vol-own" } },
                ...this.volumes.flatMap(({ id: volume, attached }) =>
                  attached?.machine === id
                    ? [{ DeviceName: attached.device, Ebs: { VolumeId: volume } }]
                    : [],
                ),
              ],
            })),
          },
        ],
      };
    },
    DescribeVolumes: ({ Filters = [], VolumeIds }: { Filters?: Filter[]; VolumeIds?: string[] }) => {
      for (const volume of this.volumes) {
        if (volume.state === "creating" && volume.looks-- <= 0) volume.state = "available";
      }
      const found = this.volumes.filter(
        ({ id, tags, state, zone }) =>
          (VolumeIds === undefined || VolumeIds.includes(id)) &&
          matches(Filters, tags, { status: state, "availability-zone": zone }),
      );
      if (VolumeIds && found.length === 0) throw awsError("InvalidVolume.NotFound", VolumeIds.join());
      return {
        Volumes: found.map(({ id, state, attached, tags }) => ({
          VolumeId: id,
          State: state,
          Tags: tags,
          Attachments: attached
            ? [{ InstanceId: attached.machine, Device: attached.device, State: "attached" }]
            : [],
        })),
      };
    },
    GetLogEvents: ({ logStreamName }: { logStreamName: string }) => {
      const times = (this.asked.get(logStreamName) ?? 0) + 1;
      this.asked.set(logStreamName, times);
      if (!this.hasSpoken(logStreamName)) throw awsError("ResourceNotFoundException", logStreamName);
      return { events: [{ message: this.says }] };
    },
    DescribeInstanceInformation: ({ Filters: [filter] }: { Filters: Filter[] }) => ({
      InstanceInformationList: this.machines
        .filter(({ id, state }) => filter?.Values?.includes(id) && state === "running")
        .map(({ id }) => ({ InstanceId: id, PingStatus: "Online" })),
    }),
  };

  private hasSpoken(stream: string): boolean {
    return this.speaks && (this.asked.get(stream) ?? 0) > this.looks;
  }

  private readonly makers: Readonly<Record<string, Handler<never>>> = {
    RunInstances: (input: RunInstancesCommandInput) => {
      const { LaunchTemplate, ClientToken = "", TagSpecifications = [], ...others } = input;
      expect([LaunchTemplate, others]).toEqual([
        { LaunchTemplateName: expect.stringMatching(/^acme-ir-forensic-/), Version: "$Default" },
        { MinCount: 1, MaxCount: 1 },
      ]);
      const request = JSON.stringify(input);
      const earlier = this.machines.find(({ token }) => token === ClientToken);
      if (earlier) {
        if (earlier.request !== request) throw awsError("IdempotentParameterMismatch", ClientToken);
        if (["shutting-down", "terminated"].includes(earlier.state)) {
          throw awsError("IdempotentInstanceTerminated", earlier.id);
        }
        return { Instances: [{ InstanceId: earlier.id }] };
      }
      const id = `i-${this.machines.length + 100}`;
      const tags = TagSpecifications.find(({ ResourceType }) => ResourceType === "instance")?.Tags ?? [];
      this.machines.push({ id, token: ClientToken, request, tags, state: "pending", looks: this.looks });
      return { Instances: [{ InstanceId: id }] };
    },
    CreateVolume: (input: CreateVolumeCommandInput) => {
      const { SnapshotId = "", AvailabilityZone: zone = "", ClientToken: token = "" } = input;
      expect([input.Encrypted, input.KmsKeyId]).toEqual([true, evidenceKey]);
      expect(this.snapshots.find(({ id }) => id === SnapshotId)?.state).toBe("completed");
      // As EBS does, it remembers what is deleted long since.
      const earlier = this.volumeTokens.get(token);
      if (earlier) return { VolumeId: earlier };
      const id = `vol-${this.volumeTokens.size + 100}`;
      this.volumeTokens.set(token, id);
      const state = this.breaks ? "error" : "creating";
      this.breaks = false;
      const tags = input.TagSpecifications?.[0]?.Tags ?? [];
      this.volumes.push({
        id,
        token,
        snapshot: SnapshotId,
        zone,
        tags,
        state,
        looks: this.looks,
      });
      return { VolumeId: id };
    },
    AttachVolume: ({ VolumeId, InstanceId = "", Device = "" }: AttachVolumeCommandInput) => {
      const volume = this.volumes.find(({ id }) => id === VolumeId);
      const machine = this.machines.find(({ id }) => id === InstanceId);
      if (volume?.state !== "available") throw awsError("IncorrectState", `${VolumeId} is ${volume?.state}`);
      if (machine?.state !== "running")
        throw awsError("IncorrectState", `${InstanceId} is ${machine?.state}`);
      if (this.volumes.some(({ attached }) => attached?.machine === InstanceId && attached.device === Device))
        throw awsError("InvalidParameterValue", `${Device} is already in use`);
      // Before it has said so, it may start from what is attached, or write to it.
      expect(this.hasSpoken(`${InstanceId}/start`)).toBe(true);
      volume.state = "in-use";
      volume.attached = { machine: InstanceId, device: Device };
    },
    TerminateInstances: ({ InstanceIds }: { InstanceIds: string[] }) => {
      for (const machine of this.machines.filter(({ id }) => InstanceIds.includes(id))) {
        machine.state = "shutting-down";
        machine.looks = this.looks;
        for (const volume of this.volumes.filter(({ attached }) => attached?.machine === machine.id)) {
          volume.state = "available";
          delete volume.attached;
        }
      }
    },
    DeleteVolume: ({ VolumeId }: { VolumeId: string }) => {
      const index = this.volumes.findIndex(({ id }) => id === VolumeId);
      const volume = this.volumes[index];
      if (!volume) throw awsError("InvalidVolume.NotFound", VolumeId);
      if (volume.state === "in-use") throw awsError("VolumeInUse", VolumeId);
      this.volumes.splice(index, 1);
    },
    PutObject: ({ Key }: { Key: string }) => {
      this.stored.push(Key);
      return { VersionId: "v1" };
    },
  };

  private age(machine: SmallMachine): void {
    if (machine.looks-- > 0) return;
    if (machine.state === "pending") machine.state = this.endsBefore ? "terminated" : "running";
    if (machine.state === "shutting-down") machine.state = "terminated";
  }
}

/** As EC2 filters: every filter, by one of its values. */
const matches = (
  filters: readonly Filter[],
  tags: readonly Tag[],
  facts: Readonly<Record<string, string>>,
): boolean =>
  filters.every(({ Name = "", Values = [] }) => {
    if (Name === "tag-key") return tags.some(({ Key = "" }) => Values.includes(Key));
    if (Name.startsWith("tag:")) {
      return tags.some(({ Key, Value = "" }) => Key === Name.slice("tag:".length) && Values.includes(Value));
    }
    const known = Name === "instance-state-name" ? facts.state : facts[Name];
    if (known === undefined) throw new Error(`the small AWS does not know the filter ${Name}`);
    return Values.includes(known);
  });
