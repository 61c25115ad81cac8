import type { EC2Client } from "@aws-sdk/client-ec2";
import { ownSnapshots, snapshotTags, tagOf } from "../../changes/snapshots";
import { NotPossible } from "../../shared/errors";

/** A volume of a machine of the case, and the snapshot that preserves it in the forensics account. */
export interface PreservedCopy {
  readonly instance: string;
  readonly volume: string;
  readonly snapshot: string;
  readonly key: string;
  /** Still being copied, and how far that is; absent where it is whole. */
  readonly progress?: string;
}

/**
 * What a case has preserved, machine by machine. Of several copies of a volume the first, which is nearest to the
 * incident.
 *
 * @param instances only those of these machines; all of the case where none is named
 * @throws NotPossible where there is none
 */
export async function preservedCopies(
  ec2: EC2Client,
  caseId: string,
  region: string,
  instances: readonly string[],
): Promise<PreservedCopy[]> {
  const found = await ownSnapshots(ec2, { [snapshotTags.case]: caseId });
  const usable = found.filter(({ State }) => State !== "error" && State !== "recoverable");
  const newestFirst = usable.sort((a, b) => Number(b.StartTime) - Number(a.StartTime));
  const byVolume = new Map(newestFirst.map((snapshot) => [tagOf(snapshot, snapshotTags.volume), snapshot]));
  const copies = [...byVolume].flatMap(([volume, snapshot]): PreservedCopy[] => {
    const { SnapshotId: id, KmsKeyId: key, State, Progress = "the beginning" } = snapshot;
    const instance = tagOf(snapshot, snapshotTags.instance);
    if (volume === undefined || instance === undefined || id === undefined || key === undefined) return [];
    return [{ instance, volume, snapshot: id, key, ...(State !== "completed" && { progress: Progress }) }];
  });
  const machines = [...new Set(copies.map(({ instance }) => instance))].sort();
  const unknown = instances.filter((instance) => !machines.includes(instance));
  if (machines.length === 0 || unknown.length > 0) {
    const of = unknown.length === 0 ? "" : ` of ${unknown.join(", ")}`;
    throw new NotPossible(
      `${caseId} has preserved no volume${of} in ${region}${machines.length > 0 ? `, but of ${machines.join(", ")}` : ""}. ` +
        `npx ir-kit respond preserve <instance> --case ${caseId} does`,
    );
  }
  return copies
    .filter(({ instance }) => instances.length === 0 || instances.includes(instance))
    .sort((a, b) => (`${a.instance} ${a.volume}` < `${b.instance} ${b.volume}` ? -1 : 1));
}
