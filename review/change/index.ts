import type { Evaluation } from "../evaluate";
import type { Graph } from "../graph";
import { type AccessChange, accessKinds, type Changes, directions, type RuleChange } from "./model";
import { networkChanges } from "./network";
import { policyChanges } from "./policies";
import { resourceChanges } from "./resources";
import { settingChanges } from "./settings";

export { alignedWith } from "./aligned";
export type { Changes } from "./model";

/** A state, and what the rules say of it. */
export interface Judged {
  readonly graph: Graph;
  readonly evaluations: readonly Evaluation[];
}

/**
 * What differs from an earlier state: resources, who may do what, and which rules fail.
 *
 * @param before an earlier review of the same stacks, by the same rules
 */
export async function changesSince(before: Judged, after: Judged): Promise<Changes> {
  return {
    resources: resourceChanges(before.graph, after.graph),
    access: await accessChanges(before.graph, after.graph),
    rules: {
      newlyFailing: failingBeside(after, before),
      noLongerFailing: failingBeside(before, after),
    },
  };
}

async function accessChanges(before: Graph, after: Graph): Promise<AccessChange[]> {
  const found = [
    ...(await policyChanges(before, after)),
    ...networkChanges(before, after),
    ...settingChanges(before, after),
  ];
  const rank = ({ direction, kind }: AccessChange): number =>
    directions.indexOf(direction) * accessKinds.length + accessKinds.indexOf(kind);
  return found.sort(
    (a, b) => rank(a) - rank(b) || compare(a.stack, b.stack) || compare(a.address, b.address),
  );
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function failingBeside(these: Pick<Judged, "evaluations">, those: Pick<Judged, "evaluations">): RuleChange[] {
  const known = new Set(failing(those).map(({ rule, stack, address }) => `${rule} ${stack}/${address}`));
  return failing(these).filter(({ rule, stack, address }) => !known.has(`${rule} ${stack}/${address}`));
}

const failing = ({ evaluations }: Pick<Judged, "evaluations">): RuleChange[] =>
  evaluations
    .filter(({ verdict }) => verdict === "fail")
    .map(({ rule, resource }) => ({
      rule: rule.id,
      stack: resource?.stack ?? "",
      address: resource?.address ?? "",
    }));
