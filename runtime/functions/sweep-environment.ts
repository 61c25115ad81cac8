import type { Wanted } from "../sweep/wanted";

/** What the stack tells a function of the sweep, as JSON in the variable `IR_KIT_FUNCTION`. */
export interface SweepEnvironment {
  readonly step: string;
  readonly wanted: Wanted;
  readonly partition: string;
  /** Path of the kit's roles, such as `/acme-ir/`. */
  readonly iamPath: string;
  /** Name of the role by which an account is entered. */
  readonly spokeRole: string;
  /** Account in which the functions run: it is swept with their own credentials. */
  readonly hubAccount: string;
  readonly table: string;
  readonly placesBucket: string;
}
