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
  /** Bus in the hub's account on which alarms arrive. */
  readonly alarmBus: string;
  /** Account to be asked for the others, where the hub is no delegated administrator: the management account. */
  readonly accountsFrom?: string;
}
