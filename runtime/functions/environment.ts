import type { Kit } from "../shared/kit";

/** What the stack tells a function, as JSON in the variable `IR_KIT_FUNCTION`. */
export interface FunctionEnvironment {
  readonly kit: Kit;
  /** Table of the cases' ledgers, which holds the lock of the cuts' writer too. */
  readonly table: string;
  readonly homeRegion: string;
  /** Account in which the functions run, and where responders change nothing. */
  readonly hubAccount: string;
  /** Name of automation's role in the accounts. */
  readonly spokeRole: string;
  /** Id of the step that a function runs; absent for the writer of cuts. */
  readonly step?: string;
  /** Id of the cuts' policy; for their writer alone. */
  readonly cutPolicy?: string;
}

export const environmentVariable = "IR_KIT_FUNCTION";

/** @throws Error where the function was deployed without it: a fault of the kit */
export function environmentOf<Environment>(): Environment {
  const text = process.env[environmentVariable];
  if (text === undefined) throw new Error(`${environmentVariable} is not set`);
  return JSON.parse(text) as Environment;
}

export const functionEnvironment = (): FunctionEnvironment => environmentOf<FunctionEnvironment>();
