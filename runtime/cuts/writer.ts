import {
  DescribePolicyCommand,
  type OrganizationsClient,
  UpdatePolicyCommand,
} from "@aws-sdk/client-organizations";
import type { Cut } from "./cut";
import { cutsOf, cutText } from "./document";

export interface CutWriter {
  readonly organizations: OrganizationsClient;
  readonly policyId: string;
  /** Gives the present time. */
  readonly clock: () => Date;
}

export interface CutChange {
  readonly add?: readonly Cut[];
  /** Cuts to be lifted, as they stand in the policy. */
  readonly lift?: readonly Cut[];
}

export interface CutResult {
  readonly changed: boolean;
  /** Text before the change, for the ledger. */
  readonly before: string;
  readonly after: string;
  readonly cuts: readonly Cut[];
}

const attempts = 3;

/**
 * Changes what is cut: reads the policy, changes it, and reads it again. Safe to repeat. Organizations has no
 * conditional update: reading again notices a writer that came between, and not one that read before and writes after.
 * So there must be one writer at a time, which whoever runs this sees to (one concurrent execution).
 *
 * @throws CutsDoNotFit, UnsoundCut, before anything is changed
 */
export async function changeCuts(writer: CutWriter, change: CutChange): Promise<CutResult> {
  const before = await textOf(writer);
  for (let attempt = 1, current = before; ; attempt += 1, current = await textOf(writer)) {
    const kept = cutsOf(current).filter((cut) => !(change.lift ?? []).some((lifted) => sameCut(lifted, cut)));
    const after = cutText([...kept, ...(change.add ?? [])], writer.clock());
    if (after === current) return { changed: current !== before, before, after, cuts: cutsOf(after) };
    await writer.organizations.send(new UpdatePolicyCommand({ PolicyId: writer.policyId, Content: after }));
    if ((await textOf(writer)) === after) return { changed: true, before, after, cuts: cutsOf(after) };
    if (attempt === attempts)
      throw new Error("the cuts' policy is being changed by another writer; try again");
  }
}

export const sameCut = (a: Cut, b: Cut): boolean =>
  JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());

async function textOf({ organizations, policyId }: CutWriter): Promise<string> {
  const { Policy } = await organizations.send(new DescribePolicyCommand({ PolicyId: policyId }));
  return Policy?.Content ?? "";
}
