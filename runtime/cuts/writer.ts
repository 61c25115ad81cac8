import {
  DescribePolicyCommand,
  type OrganizationsClient,
  UpdatePolicyCommand,
} from "@aws-sdk/client-organizations";
import { utc } from "../shared/clock";
import type { Cut } from "./cut";
import { cutsOf, cutText, sameCut } from "./document";

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
  /** Time of the writer, UTC: whoever asks may have a clock that is wrong. */
  readonly now: string;
}

const attempts = 3;

/**
 * Changes what is cut, or tells it where nothing is to be changed: reads the policy, changes it, and reads it again.
 * Safe to repeat. Organizations has no conditional update: reading again notices a writer that came between, and not
 * one that read before and writes after. So there must be one writer at a time, which whoever runs this sees to (a
 * lock).
 *
 * @throws CutsDoNotFit, UnsoundCut, before anything is changed
 */
export async function changeCuts(writer: CutWriter, change: CutChange): Promise<CutResult> {
  const before = await textOf(writer);
  const now = utc(writer.clock());
  if ((change.add ?? []).length + (change.lift ?? []).length === 0) {
    const cuts = cutsOf(before).filter(({ expires }) => expires > now);
    return { changed: false, before, after: before, cuts, now };
  }
  for (let attempt = 1, current = before; ; attempt += 1, current = await textOf(writer)) {
    const kept = cutsOf(current).filter((cut) => !(change.lift ?? []).some((lifted) => sameCut(lifted, cut)));
    const after = cutText([...kept, ...(change.add ?? [])], writer.clock());
    if (after === current) return { changed: current !== before, before, after, cuts: cutsOf(after), now };
    await writer.organizations.send(new UpdatePolicyCommand({ PolicyId: writer.policyId, Content: after }));
    if ((await textOf(writer)) === after) return { changed: true, before, after, cuts: cutsOf(after), now };
    if (attempt === attempts)
      throw new Error("the cuts' policy is being changed by another writer; try again");
  }
}

async function textOf({ organizations, policyId }: CutWriter): Promise<string> {
  const { Policy } = await organizations.send(new DescribePolicyCommand({ PolicyId: policyId }));
  return Policy?.Content ?? "";
}
