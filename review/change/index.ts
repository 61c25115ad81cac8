import type { Evaluation } from "../evaluate";
import type { Graph } from "../graph";
import { type AccessChange, accessKinds, type Changes, directions, type RuleChange } from "./model";
import { networkChanges } from "./network";
import { byId, placeOf } from "./places";
import { policyChanges } from "./policies";
import { concernsAccess, kindOf } from "./relevance";
import { isWrittenOtherwise, resourceChanges } from "./resources";
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
  found.push(...unexplained(before, after, found));
  const rank = ({ direction, kind }: AccessChange): number =>
    directions.indexOf(direction) * accessKinds.length + accessKinds.indexOf(kind);
  return found.sort(
    (a, b) => rank(a) - rank(b) || compare(a.stack, b.stack) || compare(a.address, b.address),
  );
}

/** What says nothing of who may do what. */
const harmless = /^(tags|tags_all|description|Tags|Description)$/;

/** Resources whose access hangs on what is known after apply only, and which are written otherwise than before. */
function unexplained(before: Graph, after: Graph, told: readonly AccessChange[]): AccessChange[] {
  const known = new Set(told.map(({ stack, address }) => `${stack}/${address}`));
  const old = byId(before);
  return after.resources.flatMap((is): AccessChange[] => {
    const was = old.get(is.id);
    if (!was || known.has(is.id) || !concernsAccess(is)) return [];
    const names = [...new Set([...Object.keys(was.attributes), ...Object.keys(is.attributes)])];
    const open = names.filter((name) => !harmless.test(name) && isWrittenOtherwise(was, is, name));
    if (open.length === 0) return [];
    const what = `${open.join(", ")}: known after apply only, and written otherwise than before`;
    return [{ ...placeOf(is), direction: "cannot-tell", kind: kindOf(is, open), what }];
  });
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
