import type { Run } from "../../../../cli/terraform";
import { atOnce } from "../../../support/at-once";
import type { Workspace } from "../../workspace";
import { alarmMutations } from "./alarms";
import { baselineMutations } from "./baseline";
import { deployRoleMutations } from "./deploy-role";
import { detectionMutations } from "./detection";
import { logArchiveMutations } from "./log-archive";
import type { Mutation } from "./mutation";
import { trailMutations } from "./trail";
import { upgradeMutations } from "./upgrades";

export const mutations: readonly Mutation[] = [
  ...deployRoleMutations,
  ...baselineMutations,
  ...logArchiveMutations,
  ...trailMutations,
  ...detectionMutations,
  ...upgradeMutations,
  ...alarmMutations,
];

/**
 * Applies every mutation: AWS's provider repeats some refusals for two minutes in the hope that a principal is merely
 * slow to appear, so several go on at once.
 */
export async function applyMutations(workspace: Workspace): Promise<ReadonlyMap<Mutation, Run | Error>> {
  const work = ({ apply }: Mutation): Promise<Run | Error> => apply(workspace).catch((error: Error) => error);
  const results = await Promise.all([
    atOnce(
      1,
      mutations.filter(({ serial }) => serial),
      work,
    ),
    atOnce(
      3,
      mutations.filter(({ serial }) => !serial),
      work,
    ),
  ]);
  return new Map(results.flat());
}
