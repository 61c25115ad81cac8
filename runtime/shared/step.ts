import type { Static, TSchema } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import type { Need } from "./need";
import type { Setting } from "./setting";

/** What a step may do to the world. `irreversible` needs an approval of its own. */
export type StepClass = "observe" | "contain" | "irreversible";

/** A step as it is written: its contract, what it needs, what it does, and in which surroundings. */
export interface Step<Input extends TSchema, Output extends TSchema, Surroundings = Setting> {
  readonly id: string;
  readonly title: string;
  readonly class: StepClass;
  /** Whether a workflow goes on when the step fails. */
  readonly criticality: "critical" | "best-effort";
  readonly input: Input;
  readonly output: Output;
  readonly needs: readonly Need[];
  readonly handle: (setting: Surroundings, input: Static<Input>) => Promise<Static<Output>>;
}

/** What was given to a step, or comes out of it, is not what its contract says: a fault of the kit. */
export class ContractBroken extends Error {
  override readonly name = "ContractBroken";
}

/**
 * Runs a step and holds it to its contract on both sides.
 *
 * @throws ContractBroken, and whatever the step throws
 */
export async function run<Input extends TSchema, Output extends TSchema, Surroundings = Setting>(
  setting: Surroundings,
  step: Step<Input, Output, Surroundings>,
  input: Static<Input>,
): Promise<Static<Output>> {
  mustFit(step.id, "input", step.input, input);
  const output = await step.handle(setting, input);
  mustFit(step.id, "output", step.output, output);
  return output;
}

function mustFit(id: string, side: string, schema: TSchema, value: unknown): void {
  const first = Value.Errors(schema, value).First();
  if (first) throw new ContractBroken(`${side} of step ${id}: ${first.path || "/"} ${first.message}`);
}
