import type { FrontContext } from "../front";
import type { AwsAnswer, AwsCall } from "../protocol";

/**
 * Something that the emulator lacks and the front supplies, openly.
 *
 * - `answered`: the emulator has no such call; the front makes the answer.
 * - `completed`: the emulator answers, and the front adds or corrects what AWS would say.
 * - `held`: the front keeps the object itself, since the emulator would misuse it.
 */
export interface Gap {
  readonly id: string;
  readonly kind: "answered" | "completed" | "held";
  /** Terraform resource types whose calls this concerns, or the action where no resource has it. */
  readonly resources: readonly string[];
  /** What the emulator does wrong or not at all. */
  readonly because: string;
  readonly concerns: (call: AwsCall) => boolean;
  /** The answer, or nothing where the emulator's own will do. */
  readonly answer: (call: AwsCall, context: FrontContext) => Promise<AwsAnswer | undefined>;
}

/** Whether a call is one of these operations of a service. */
export const isCall =
  (service: string, ...operations: string[]) =>
  (call: AwsCall): boolean =>
    call.service === service && operations.includes(call.operation);
