import type { Instance } from "@aws-sdk/client-ec2";
import { type Static, Type } from "@sinclair/typebox";
import { type Change, type ChangeResult, make } from "../../changes/change";
import { keepVolume, protectFromTermination, stopOnShutdown } from "../../changes/keep-instance";
import { snapshotVolumes, type Volumes } from "../../changes/snapshots";
import { type Deposited, deposit, type EvidenceSetting, jsonFile } from "../../custody/deposit";
import { changeResultSchema } from "../../shared/contracts";
import { NotPossible } from "../../shared/errors";
import type { Json } from "../../shared/ledger";
import { type Machine, machineArn, machinesOf } from "../../shared/machines";
import type { Step } from "../../shared/step";
import { type InstanceFacts, mustBeOfCase, readFacts, readTargets, volumesOf } from "./facts";
import { needs } from "./needs";
import { shownBy } from "./pieces";
import { type PreservedVolume, preserveVolume, stepId } from "./volumes";

const text = Type.String({ minLength: 1 });
const machineSchema = {
  account: Type.String({ pattern: "^\\d{12}$" }),
  region: text,
  instance: Type.String({ pattern: "^i-[0-9a-f]{8,17}$" }),
};

const input = Type.Object({
  ...machineSchema,
  /** How long is waited for EBS; what is not done by then, the next run goes on with. */
  waitSeconds: Type.Integer({ minimum: 0 }),
});

const output = Type.Object({
  machine: Type.Object(machineSchema),
  results: Type.Array(changeResultSchema),
  volumes: Type.Array(
    Type.Object({
      volume: text,
      device: Type.String(),
      route: Type.Optional(Type.Union([Type.Literal("shared"), Type.Literal("re-encrypted")])),
      snapshot: Type.Optional(text),
      copy: Type.Optional(text),
      state: Type.Union(
        (["preserved", "pending", "failed", "planned"] as const).map((state) => Type.Literal(state)),
      ),
      why: Type.Optional(Type.String()),
    }),
  ),
  /** Addresses of what was stored. */
  pieces: Type.Array(text),
  /** The last manifest that signs for it. */
  manifest: Type.Optional(Type.Object({ number: Type.Integer({ minimum: 1 }), sha256: text })),
  /** What was not read, stored or signed for, and what still endangers the evidence. */
  problems: Type.Array(Type.String()),
  warnings: Type.Array(Type.String()),
});
export type Preservation = Static<typeof output>;

/**
 * Keeps a machine and its disks from going away, and puts what can be known of it where nobody can change it: what AWS
 * says of it, what it shows, and a copy of each EBS volume in the forensics account. Safe to run again: it goes on
 * where it ended. It neither isolates the machine nor reads its memory.
 *
 * @throws NotPossible where the machine is gone, or does not belong to the case
 */
export const preserveInstance: Step<typeof input, typeof output, EvidenceSetting> = {
  id: stepId,
  title: "instance preserved",
  class: "contain",
  criticality: "critical",
  input,
  output,
  needs,
  handle: async (setting, { waitSeconds, ...machine }) => {
    if (machine.account === setting.evidence.account) {
      throw new NotPossible(`${machine.instance} is in the forensics account, where evidence goes to`);
    }
    const until = new Date(setting.clock.now().getTime() + waitSeconds * 1000);
    const clients = machinesOf(await setting.account(machine.account, "evidence"), machine.region);
    const found = await readFacts(clients, machine, setting.clock.now);
    const { instance } = found;
    mustBeOfCase(found, machine, setting.caseId);
    const results: ChangeResult[] = [];
    await protect(setting, machine, instance, results);
    const snapshots = await takeSnapshots(setting, machine, instance, results);
    // What the machine shows changes nothing, and waits for what keeps it.
    const shown = await shownBy(clients, machine);
    const facts = await readTargets(clients, machine, found);
    const told = { machine, results, warnings: warningsOf(facts) };
    if (setting.dryRun) {
      const volumes = volumesOf(instance).map((volume) => ({ ...volume, state: "planned" as const }));
      return { ...told, volumes, pieces: [], problems: [...unreadable(facts), ...shown.problems] };
    }
    const first = await deposit(setting, machine, [
      jsonFile("facts.json", "what AWS tells of the instance", facts),
      ...shown.files,
    ]);
    const volumes = await Promise.all(
      volumesOf(instance).map(async (volume): Promise<PreservedVolume> => {
        const snapshot = snapshots[volume.volume];
        if (snapshot === undefined) return { ...volume, state: "failed", why: "there is no snapshot of it" };
        return preserveVolume(setting, machine, { volume, snapshot }, until, results);
      }),
    );
    const record = jsonFile("volumes.json", "which snapshots hold the instance's volumes", {
      ...machine,
      volumes,
    });
    const second = await deposit(setting, machine, [record]);
    return {
      ...told,
      volumes,
      pieces: [first, second].flatMap(({ pieces }) =>
        pieces.map(({ bucket, key }) => `s3://${bucket}/${key}`),
      ),
      ...lastManifest(first, second),
      problems: [...unreadable(facts), ...shown.problems, ...first.problems, ...second.problems],
    };
  },
};

const lastManifest = (first: Deposited, second: Deposited) => {
  const manifest = second.manifest ?? first.manifest;
  return manifest && { manifest };
};

const unreadable = (facts: InstanceFacts): string[] =>
  facts.unreadable.map(({ what, why }) => `${what} could not be read: ${why}`);

/** Of these AWS takes neither. Source: "Change instance termination protection" (Amazon EC2 user guide). */
const isSpot = ({ InstanceLifecycle }: Instance): boolean => InstanceLifecycle === "spot";

async function protect(
  setting: EvidenceSetting,
  machine: Machine,
  instance: Instance,
  results: ChangeResult[],
): Promise<void> {
  const request = <Input extends Json, State extends Json>(change: Change<Input, State>, given: Input) =>
    make(setting, change, {
      step: stepId,
      account: machine.account,
      target: machineArn(setting.kit.partition, machine),
      input: given,
    });
  // One after the other: EC2 changes one attribute of an instance at a time.
  if (!isSpot(instance)) {
    results.push(await request(protectFromTermination, machine));
    results.push(await request(stopOnShutdown, machine));
  }
  for (const volume of volumesOf(instance)) {
    results.push(await request(keepVolume, { ...machine, ...volume }));
  }
}

async function takeSnapshots(
  setting: EvidenceSetting,
  machine: Machine,
  instance: Instance,
  results: ChangeResult[],
) {
  const volumes = volumesOf(instance).map(({ volume }) => volume);
  if (volumes.length === 0) return {};
  const given: Volumes = { ...machine, case: setting.caseId, volumes };
  const result = await make(setting, snapshotVolumes, {
    step: stepId,
    account: machine.account,
    target: machineArn(setting.kit.partition, machine),
    input: given,
  });
  results.push(result);
  if (result.outcome === "planned") return {};
  try {
    return await snapshotVolumes.read(await setting.account(machine.account, "evidence"), given);
  } catch {
    return {};
  }
}

/** What no snapshot and no protection holds. */
function warningsOf({ instance, around }: InstanceFacts): string[] {
  const { State, RootDeviceType } = instance;
  const groups = (around.autoScaling ?? []) as { readonly AutoScalingGroupName?: string }[];
  return [
    ...groups.map(
      ({ AutoScalingGroupName = "" }) =>
        `Auto Scaling group ${AutoScalingGroupName} may replace it: take it out by the task contain`,
    ),
    ...(isSpot(instance) ? ["a Spot instance can't be protected; AWS may take it back"] : []),
    ...(State?.Name === "running"
      ? ["its memory is not preserved"]
      : [`it is ${State?.Name ?? "in no state"}: its memory is lost`]),
    ...(RootDeviceType === "instance-store"
      ? ["it runs from instance store, of which there is no snapshot"]
      : []),
  ];
}
