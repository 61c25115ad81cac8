import type { Construct } from "constructs";
import type { KitStack } from "../constructs/kit-stack";
import { type Account, hasId, type Landscape } from "../landscape/model";

/** The classes of all stacks. Whoever only asks which stacks there are does not load them, nor CDKTF with them. */
export type StackClasses = typeof import("./classes");

/** A stack that the landscape needs, before it is built: plain data and a way to build it. */
export interface StackPlan {
  readonly name: string;
  readonly account: Account;
  readonly region: string;
  /** Stacks that must stand before this one, by name. */
  readonly dependsOn: readonly string[];
  readonly build: (scope: Construct, classes: StackClasses) => KitStack;
}

/** A stack with what must be known before it can be built. */
export type Candidate = StackPlan & { readonly missing: readonly string[] };

export const idsMissing = (...accounts: Account[]) =>
  accounts.filter((account) => !hasId(account)).map((account) => `id of account ${account.name}`);

export const organizationMissing = ({ organization: { id } }: Landscape) =>
  id === undefined ? ["id of the organization"] : [];

export const core = (landscape: Landscape) => [
  ...new Set([...Object.values(landscape.accounts), landscape.hub]),
];
