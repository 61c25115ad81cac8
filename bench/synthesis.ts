import { planStacks } from "../stacks";
import { synthesize } from "../stacks/synthesize";
import { exampleText, landscapeOf, withMembers } from "./landscapes";
import { inTurns, type Measurement } from "./measurement";
import { mustBeTheSame, plainCdktf } from "./plain-cdktf";
import type { Scratch } from "./scratch";

/** The kit's synthesis against CDKTF as one writes it without further care. */
export function* synthesis(scratch: Scratch): Iterable<Measurement> {
  yield measured(scratch, "synthesis of the example", exampleText, 15);
  const direct = withMembers(33).replace("distribution: stackset", "distribution: direct");
  yield measured(scratch, "synthesis of 40 accounts, direct", direct, 7);
}

function measured(scratch: Scratch, what: string, text: string, rounds: number): Measurement {
  const landscape = landscapeOf(text);
  const reference = scratch.folder();
  synthesize(landscape, { deployed: undefined, directory: reference });
  const plainApp = plainCdktf(reference);
  const checked = scratch.folder();
  plainApp(checked);
  mustBeTheSame(reference, checked);
  const [plain, kit] = inTurns(
    rounds,
    () => plainApp(scratch.folder()),
    () => {
      synthesize(landscape, { deployed: undefined, directory: scratch.folder() });
    },
  );
  const stacks = planStacks(landscape).stacks.length;
  return {
    what,
    baseline: "plain CDKTF, same resources",
    ratio: kit / plain,
    goal: 0.6,
    detail: `${kit.toFixed(0)} ms of ${plain.toFixed(0)} ms, ${stacks} stacks`,
  };
}
