import type { Static, TSchema } from "@sinclair/typebox";
import type { Setting } from "./setting";
import { run, type Step } from "./step";

/** What a workflow hands to a step's function. */
export interface StepEvent {
  readonly case: string;
  readonly actor: string;
  readonly input: unknown;
}

/**
 * The function of a step: the same contract as on the command line.
 *
 * @param settingFor makes the surroundings of one invocation
 */
export const handlerOf =
  <Input extends TSchema, Output extends TSchema>(
    step: Step<Input, Output>,
    settingFor: (event: StepEvent) => Promise<Setting> | Setting,
  ) =>
  async (event: StepEvent): Promise<Static<Output>> =>
    run(await settingFor(event), step, event.input as Static<Input>);
