import type { Place } from "../config-service";
import type { FrontContext } from "../front";

/** An instance as the StackSet knows it: of one that failed, nothing stands. */
export interface Instance extends Place {
  readonly unit: string;
  /** Why it could not be made. */
  readonly failed?: string;
}

export const instanceKey = ({ account, region }: Place) => `${account} ${region}`;

/** Instances of a StackSet, by account and region. */
export const instancesOf = ({ memory }: FrontContext, name: string): Map<string, Instance> => {
  const all = memory("stack-set-instances", () => new Map<string, Map<string, Instance>>());
  const known = all.get(name) ?? new Map<string, Instance>();
  all.set(name, known);
  return known;
};

/** Stacks of a StackSet, as one: each account and region has its own. */
export const stackOf = (stackSet: string): string => `StackSet-${stackSet}`;
