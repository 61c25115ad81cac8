import {
  DescribePolicyCommand,
  type OrganizationsClient,
  UpdatePolicyCommand,
} from "@aws-sdk/client-organizations";
import { type Clock, utc } from "../shared/clock";
import type { Cut } from "./cut";
import { cutsOf, cutText, sameCut } from "./document";

export interface CutWriter {
  readonly organizations: OrganizationsClient;
  readonly policyId: string;
  readonly clock: Clock;
  /** What was written shortly before, oldest first: AWS may still answer with the text from before it. */
  readonly written?: readonly Written[];
  /** Told of what was written, to be given to whoever writes next. */
  readonly remember?: (written: Written) => void;
}

/** One change of the policy's text. */
export interface Written {
  readonly before: string;
  readonly after: string;
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
 * lock). Nor does it answer at once with what was written last: what was written shortly before is given, so that an
 * answer from before it is known as such, and no cut is lost by it. Source: "Changes that I make aren't always
 * immediately visible" (AWS Organizations user guide).
 *
 * @throws CutsDoNotFit, UnsoundCut, before anything is changed
 */
export async function changeCuts(writer: CutWriter, change: CutChange): Promise<CutResult> {
  const { written = [], clock } = writer;
  const former = new Set(written.flatMap(({ before, after }) => [before, after]));
  const told = await textOf(writer);
  const before = (former.has(told) ? written.at(-1)?.after : undefined) ?? told;
  const now = utc(clock.now());
  if ((change.add ?? []).length + (change.lift ?? []).length === 0) {
    const cuts = cutsOf(before).filter(({ expires }) => expires > now);
    return { changed: false, before, after: before, cuts, now };
  }
  for (let attempt = 1, current = before; ; attempt += 1) {
    const kept = cutsOf(current).filter((cut) => !(change.lift ?? []).some((lifted) => sameCut(lifted, cut)));
    const after = cutText([...kept, ...(change.add ?? [])], clock.now());
    if (after === current) return { changed: current !== before, before, after, cuts: cutsOf(after), now };
    await writer.organizations.send(new UpdatePolicyCommand({ PolicyId: writer.policyId, Content: after }));
    writer.remember?.({ before: current, after });
    for (const text of [told, current]) former.add(text);
    former.delete(after);
    const others = await textOfAnother(writer, after, former);
    if (others === undefined) return { changed: true, before, after, cuts: cutsOf(after), now };
    if (attempt === attempts)
      throw new Error("the cuts' policy is being changed by another writer; try again");
    former.add(after);
    current = others;
  }
}

/** Milliseconds before readings after a change. */
const readAgainAfter = [0, 500, 1000, 2000, 4000] as const;

/**
 * Reads until the policy has the text that was written, and gives what another has written in its place.
 *
 * @throws where AWS goes on showing a former text: whether it is late, or somebody has brought it back, is not known
 */
async function textOfAnother(
  writer: CutWriter,
  after: string,
  former: ReadonlySet<string>,
): Promise<string | undefined> {
  for (const wait of readAgainAfter) {
    await writer.clock.sleep(wait);
    const text = await textOf(writer);
    if (text === after) return undefined;
    if (!former.has(text)) return text;
  }
  throw new Error(
    "AWS took the change of the cuts' policy and still shows the text from before it: AWS is late, or another writer has " +
      "brought it back; try again",
  );
}

async function textOf({ organizations, policyId }: CutWriter): Promise<string> {
  const { Policy } = await organizations.send(new DescribePolicyCommand({ PolicyId: policyId }));
  return Policy?.Content ?? "";
}
