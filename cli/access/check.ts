import type { TaskName } from "../../landscape/tasks";
import { spokePermissions, tasks } from "../../policies/tasks";
import { anyResources } from "./actions";
import { decide } from "./decide";
import type { Deployment } from "./deployment";
import { conditionTexts } from "./explain";
import type { Decision } from "./simulate";

export interface CheckRequest {
  readonly task: TaskName;
  /** ARN of the task's role in the account. */
  readonly principal: string;
  readonly account: string;
  readonly action: string;
  /** An ARN, or `*` for any resource on which the action works. */
  readonly resource: string;
  readonly context: Readonly<Record<string, string | string[]>>;
}

export interface CheckResult {
  readonly allowed: boolean;
  readonly decisions: readonly (Decision & { readonly resource: string })[];
  /** Statements that allow the action under conditions which the request doesn't meet. */
  readonly couldBeAllowedBy: readonly {
    readonly statement: string;
    readonly conditions: readonly string[];
  }[];
}

/** Decides whether a task's role may do something in an account; allowed where any of the resources is. */
export async function checkAccess(deployment: Deployment, request: CheckRequest): Promise<CheckResult> {
  const { principal, account, action, resource, context } = request;
  const { landscape } = deployment;
  const resources =
    resource === "*"
      ? await anyResources(action, landscape.partition.name, landscape.homeRegion, account)
      : [resource];
  const decisions = await Promise.all(
    resources.map(async (one) => ({
      resource: one,
      ...(await decide(deployment, { principal, action, resource: one, account, context })),
    })),
  );
  const allowed = decisions.some(({ verdict }) => verdict === "allowed");
  return { allowed, decisions, couldBeAllowedBy: allowed ? [] : nearMisses(deployment, request) };
}

const nearMisses = ({ landscape }: Deployment, { task, account, action }: CheckRequest) =>
  spokePermissions({ landscape, account }, tasks[task])
    .filter(
      ({ effect, actions, conditions }) => effect === undefined && conditions && actions.includes(action),
    )
    .map(({ id, conditions }) => ({ statement: id, conditions: conditionTexts(conditions) }));
