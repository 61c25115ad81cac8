import type { FrontContext } from "../front";
import type { AwsCall } from "../protocol";

/** A call that AWS refuses and the emulator accepts. */
export interface Refusal {
  readonly id: string;
  /** What AWS refuses, in one sentence. */
  readonly because: string;
  /** Documentation page or recorded error on which the refusal rests. */
  readonly source: string;
  readonly inspect: (call: AwsCall, context: FrontContext) => Promise<Refused | undefined>;
}

export interface Refused {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

export const refused = (status: number, code: string, message: string): Refused => ({
  status,
  code,
  message,
});
