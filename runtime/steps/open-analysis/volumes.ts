import type { EC2Client, Instance } from "@aws-sdk/client-ec2";
import {
  type Attachment,
  attachWorkingCopy,
  brokenCopies,
  makeWorkingCopy,
  volumeOf,
  type WorkingCopy,
} from "../../changes/analysis";
import { type Change, type ChangeResult, make } from "../../changes/change";
import { reason } from "../../shared/errors";
import { type Json, LedgerUnsound } from "../../shared/ledger";
import { machineArn } from "../../shared/machines";
import { awaited } from "../../shared/wait";
import type { PreservedCopy } from "./copies";
import type { AnalysisSetting } from "./place";

export interface WorkingVolume {
  readonly instance: string;
  readonly volume: string;
  readonly snapshot: string;
  /** The volume that was made of the snapshot. */
  readonly copy?: string;
  readonly device?: string;
  readonly state: "attached" | "pending" | "failed" | "planned";
  readonly why?: string;
}

interface Wanted {
  readonly copies: readonly PreservedCopy[];
  readonly machine: Instance;
  /** When waiting ends. */
  readonly until: Date;
}

/** Makes a volume of each snapshot where the machine is, and attaches it; what goes wrong with one stops no other. */
export async function attachCopies(
  setting: AnalysisSetting,
  ec2: EC2Client,
  { copies, machine, until }: Wanted,
  results: ChangeResult[],
): Promise<WorkingVolume[]> {
  const { caseId, evidence } = setting;
  const { region } = evidence;
  const id = machine.InstanceId ?? "";
  const zone = machine.Placement?.AvailabilityZone ?? "";
  const broken = await brokenCopies(ec2, { case: caseId, machine: id });
  const made = await Promise.all(
    copies.map(async ({ instance, volume, snapshot, key, progress }): Promise<WorkingVolume> => {
      const ids = { instance, volume, snapshot };
      if (progress !== undefined) {
        return { ...ids, state: "pending", why: `${snapshot} is at ${progress}; run the command again` };
      }
      return guarded(ids, async () => {
        const input: WorkingCopy = {
          ...{ case: caseId, region, zone, snapshot, key, instance, volume, machine: id },
          attempt: broken.get(snapshot) ?? 0,
        };
        const after = await changed(setting, id, makeWorkingCopy, input, results);
        if (after === planned) return { ...ids, state: "planned" };
        const { copy } = after;
        if (copy === null) throw new Error("AWS does not show the copy");
        const ready = await awaited(setting.clock, until, async () => {
          const state = (await volumeOf(ec2, copy))?.State;
          if (state === "error") throw new Error(`${copy} came to nothing`);
          return state === "available" || state === "in-use" ? state : undefined;
        });
        if (ready) return { ...ids, copy, state: "attached" };
        return { ...ids, copy, state: "pending", why: `${copy} is being made; run the command again` };
      });
    }),
  );
  const attachments = new Map(
    (machine.BlockDeviceMappings ?? []).map(({ DeviceName = "", Ebs }) => [Ebs?.VolumeId, DeviceName]),
  );
  const taken = new Set(attachments.values());
  const free = setting.analysis.devices.filter((device) => !taken.has(device));
  const attached: WorkingVolume[] = [];
  for (const one of made) {
    const { copy } = one;
    const device = attachments.get(copy) ?? free.shift();
    if (one.state !== "attached" || copy === undefined) {
      attached.push(one);
    } else if (device === undefined) {
      attached.push({ ...one, state: "failed", why: `${id} has no device left` });
    } else {
      attached.push(
        await guarded(one, async () => {
          const input: Attachment = { region, copy, machine: id, device };
          const after = await changed(setting, id, attachWorkingCopy, input, results);
          return { ...one, device, ...(after === planned && { state: "planned" }) };
        }),
      );
    }
  }
  return attached;
}

/** In a dry run nothing is there afterwards that could be gone on with. */
const planned = Symbol("planned");

/** Makes a change, and gives the state that it has brought about. */
async function changed<Input extends Json, State extends Json>(
  setting: AnalysisSetting,
  machine: string,
  change: Change<Input, State>,
  input: Input,
  results: ChangeResult[],
): Promise<State | typeof planned> {
  const { account, region } = setting.evidence;
  const result = await make(setting, change, {
    step: "open-analysis",
    account,
    target: machineArn(setting.kit.partition, { account, region, instance: machine }),
    input,
  });
  results.push(result);
  if (result.outcome === "failed") throw new Error(result.why);
  if (result.outcome === "planned") return planned;
  return change.read(await setting.account(account, change.task), input);
}

async function guarded(
  ids: Pick<WorkingVolume, "instance" | "volume" | "snapshot" | "copy">,
  work: () => Promise<WorkingVolume>,
): Promise<WorkingVolume> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof LedgerUnsound) throw error;
    return { ...ids, state: "failed", why: reason(error) };
  }
}
