import type { Landscape, OrganizationalUnit } from "../landscape/model";

/** A unit that a StackSet's instances stand in, by the id that it keeps whatever it is called. */
export interface TargetUnit {
  readonly id: string;
}

const known = ({ id }: OrganizationalUnit): TargetUnit[] => (id === undefined ? [] : [{ id }]);

const byId = (one: TargetUnit, other: TargetUnit): number => (one.id < other.id ? -1 : 1);

const isInner = (unit: OrganizationalUnit, units: readonly OrganizationalUnit[]): boolean =>
  units.some((other) => unit.path.startsWith(`${other.path}/`));

/** Units that no other listed unit contains: a target covers everything below it. */
export const targetUnits = ({ organizationalUnits: units }: Landscape): TargetUnit[] =>
  units
    .filter((unit) => !isInner(unit, units))
    .flatMap(known)
    .sort(byId);

/**
 * Units that a listed unit contains, and that may have been targets before that one was listed. What the kit makes can't
 * have been: the unit above is listed with it.
 */
export const formerTargets = ({ organizationalUnits: units }: Landscape): TargetUnit[] =>
  units
    .filter((unit) => !unit.created && isInner(unit, units))
    .flatMap(known)
    .sort(byId);
