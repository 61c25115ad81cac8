import type { Run } from "../../../../cli/terraform";
import type { Workspace } from "../../workspace";

/** A mistake of the kit that AWS would refuse: the stack as a mistaken kit would have written it goes red. */
export interface Mistake {
  readonly name: string;
  readonly refusal: string;
  /** What Terraform must show of AWS's refusal. */
  readonly error: string;
  /** The resource whose error it is: type, and part of its id. Without it, the whole stack fails. */
  readonly at?: ResourceName;
}

export type ResourceName = readonly [type: string, idPart: string];

/** One run of Terraform, and each mistake that it must tell. */
export interface Mutation {
  readonly stack: string;
  readonly mistakes: readonly Mistake[];
  /** It changes what others rest on for a moment, and so goes alone with its like. */
  readonly serial?: true;
  readonly apply: (workspace: Workspace) => Promise<Run>;
}

export type Json = Record<string, never>;

/** A mistake that is made by changing the parsed configuration of a stack. */
export interface Change extends Mistake {
  readonly at: ResourceName;
  readonly change: (stack: Json, workspace: Workspace) => void;
}

/** Mistakes in resources of one stack that do not rest on one another: Terraform tells all of them in one run. */
export const together = (stack: string, changes: readonly Change[]): Mutation => ({
  stack,
  mistakes: changes,
  apply: (workspace) => {
    const mutate = json((configuration) => {
      for (const { change } of changes) change(configuration, workspace);
    });
    const mutated = mutate(workspace.configuration(stack));
    const targets = changes.map(({ at }) => `-target=${addressOf(mutated, ...at)}`);
    return workspace.applyMutated(stack, mutate, ...targets);
  },
});

/** Changes the parsed configuration. */
export const json = (change: (stack: Json) => void) => (text: string) => {
  const stack = JSON.parse(text) as Json;
  change(stack);
  // Terraform shows the line on which the mistake stands.
  return JSON.stringify(stack, null, 2);
};

export interface Policy {
  Statement: {
    Sid: string;
    Action: string[];
    Resource: string[];
    Principal: unknown;
    Condition?: Record<string, Record<string, unknown>>;
  }[];
}

/** Changes the policy document of a resource. */
export function inPolicy(stack: Json, at: ResourceName, change: (policy: Policy) => void): void {
  const resource = find(stack, ...at);
  const policy = JSON.parse(resource.policy ?? "") as Policy;
  change(policy);
  resource.policy = JSON.stringify(policy);
}

export function statement(policy: Policy, sid: string): Policy["Statement"][number] {
  const found = policy.Statement.find(({ Sid }) => Sid === sid);
  if (!found) throw new Error(`no statement ${sid}`);
  return found;
}

export function find(stack: Json, type: string, idPart: string): Record<string, string> {
  const [, resource] = Object.entries(resourcesOf(stack, type)).find(([id]) => id.includes(idPart)) ?? [];
  if (!resource) throw new Error(`no ${type} ${idPart}`);
  return resource as Record<string, string>;
}

/** Resources of a type by their id, to be changed in place. */
export function resourcesOf(stack: Json, type: string): Record<string, Record<string, unknown>> {
  const { resource } = stack as unknown as {
    resource: Record<string, Record<string, Record<string, unknown>>>;
  };
  resource[type] ??= {};
  return resource[type];
}

export function addressOf(text: string, type: string, idPart: string): string {
  const id = Object.keys(resourcesOf(JSON.parse(text) as Json, type)).find((name) => name.includes(idPart));
  if (id === undefined) throw new Error(`no ${type} ${idPart}`);
  return `${type}.${id}`;
}

/** Applies only the address that the mistake concerns. */
export function applyAt(
  workspace: Workspace,
  stack: string,
  at: ResourceName,
  mutate: (text: string) => string,
): Promise<Run> {
  return workspace.applyMutated(stack, mutate, `-target=${addressOf(workspace.configuration(stack), ...at)}`);
}

/**
 * The errors of a run that Terraform tells of a resource, each on one line; all of them where no resource is given.
 * Terraform breaks long lines of an error, and draws a border before each.
 */
export const errorsAt = ({ output }: Run, at: ResourceName | undefined): string[] =>
  output
    .split(/(?=Error: )/)
    .slice(1)
    .map((error) => error.replace(/[\s│╷╵]+/g, " "))
    .filter((error) => at === undefined || new RegExp(`with ${at[0]}\\.[^ ,]*${at[1]}`).test(error));
