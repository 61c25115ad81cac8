import { DescribeSnapshotsCommand, type EC2Client, type Snapshot } from "@aws-sdk/client-ec2";
import { type Change, type ChangeResult, make } from "../../changes/change";
import { type Copy, copySnapshot, shareSnapshot, whyNotCopied } from "../../changes/snapshots";
import type { EvidenceSetting } from "../../custody/deposit";
import { reason } from "../../shared/errors";
import type { Json } from "../../shared/ledger";
import { LedgerUnsound } from "../../shared/ledger";
import { type Machine, machineArn, machinesOf } from "../../shared/machines";
import type { Setting } from "../../shared/setting";
import { awaited } from "../../shared/wait";
import type { Volume } from "./facts";

export interface PreservedVolume extends Volume {
  /** `shared`: the snapshot itself; `re-encrypted`: a copy of it under the evidence key, made where it was taken. */
  readonly route?: "shared" | "re-encrypted";
  readonly snapshot?: string;
  /** The forensics account's own, which nobody in the machine's account can reach. */
  readonly copy?: string;
  /** `pending`: EBS still copies, and the next run goes on. */
  readonly state: "preserved" | "pending" | "failed" | "planned";
  readonly why?: string;
}

/** The next run goes on here. */
class StillPending extends Error {}
/** Why a volume was not preserved in this run. */
class NotPreserved extends Error {}

export const stepId = "preserve-instance";

/**
 * From a volume's snapshot to a copy that belongs to the forensics account, under its key. An encrypted one is copied
 * under that key first, in the machine's account: the default key can't be shared, and another's would have to let the
 * forensics account decrypt. Source: "Share an Amazon EBS snapshot" (Amazon EBS user guide).
 *
 * @param until when waiting ends; what is not there yet stays pending
 */
export async function preserveVolume(
  setting: EvidenceSetting,
  machine: Machine,
  { volume, snapshot }: { readonly volume: Volume; readonly snapshot: string },
  until: Date,
  results: ChangeResult[],
): Promise<PreservedVolume> {
  const { evidence } = setting;
  const found: { -readonly [Key in keyof PreservedVolume]: PreservedVolume[Key] } = {
    ...volume,
    snapshot,
    state: "failed",
  };
  const copied = async (account: string, copy: Pick<Copy, "snapshot" | "from">): Promise<string> => {
    const input: Copy = {
      case: setting.caseId,
      instance: machine.instance,
      volume: volume.volume,
      ...copy,
      to: evidence.region,
      key: evidence.key,
    };
    const ec2 = await ec2In(setting, account, evidence.region);
    try {
      const { copy: id } = await made(setting, machine, account, copySnapshot, input, results);
      if (id === null) throw new NotPreserved("AWS does not show the copy");
      await completed(setting, ec2, id, until);
      return id;
    } catch (error) {
      if (!(error instanceof NotPreserved)) throw error;
      const why = await whyNotCopied(ec2, setting.caseId, copy.snapshot).catch(() => undefined);
      throw new NotPreserved(why ?? error.message);
    }
  };
  try {
    const original = await completed(
      setting,
      await ec2In(setting, machine.account, machine.region),
      snapshot,
      until,
    );
    const encrypted = original.Encrypted === true;
    found.route = encrypted ? "re-encrypted" : "shared";
    const handedOver = encrypted
      ? await copied(machine.account, { snapshot, from: machine.region })
      : snapshot;
    const from = encrypted ? evidence.region : machine.region;
    await made(
      setting,
      machine,
      machine.account,
      shareSnapshot,
      { region: from, snapshot: handedOver, with: evidence.account },
      results,
    );
    found.copy = await copied(evidence.account, { snapshot: handedOver, from });
    return { ...found, state: "preserved" };
  } catch (error) {
    if (error instanceof StillPending) return { ...found, state: "pending", why: error.message };
    if (error instanceof LedgerUnsound) throw error;
    return { ...found, state: "failed", why: reason(error) };
  }
}

const ec2In = async (setting: Setting, account: string, region: string): Promise<EC2Client> =>
  machinesOf(await setting.account(account, "evidence"), region).ec2;

/** Makes a change, and gives the state that it has brought about. */
async function made<Input extends Json, State extends Json>(
  setting: EvidenceSetting,
  machine: Machine,
  account: string,
  change: Change<Input, State>,
  input: Input,
  results: ChangeResult[],
): Promise<State> {
  const result = await make(setting, change, {
    step: stepId,
    account,
    target: machineArn(setting.kit.partition, machine),
    input,
  });
  results.push(result);
  // EBS takes twenty copies at once for a region ("Amazon EBS quotas").
  if (/^(ResourceLimitExceeded|SnapshotCreationPerVolumeRateExceeded)/.test(result.why ?? "")) {
    throw new StillPending(`${result.why}; run the command again`);
  }
  if (result.outcome === "failed") throw new NotPreserved(result.why);
  return change.read(await setting.account(account, change.task), input);
}

async function completed({ clock }: Setting, ec2: EC2Client, id: string, until: Date): Promise<Snapshot> {
  let progress = "the beginning";
  const complete = await awaited(clock, until, async () => {
    const { Snapshots: [snapshot] = [] } = await ec2.send(
      new DescribeSnapshotsCommand({ SnapshotIds: [id] }),
    );
    if (snapshot?.State === "error") {
      throw new NotPreserved(`${id} came to nothing: ${snapshot.StateMessage ?? "AWS does not say why"}`);
    }
    progress = snapshot?.Progress ?? progress;
    return snapshot?.State === "completed" ? snapshot : undefined;
  });
  if (complete) return complete;
  throw new StillPending(`${id} is at ${progress}; run the command again`);
}
