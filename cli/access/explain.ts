import type { Landscape } from "../../landscape";
import { accountId } from "../../landscape/names";
import type { TaskName } from "../../landscape/tasks";
import type { Condition } from "../../policies/document";
import { forensicsPermissions, hubPermissions, tasks } from "../../policies/tasks";
import type { Permission } from "../../policies/tasks/task";
import { type AccessLevel, accessLevelOf, accessLevels } from "./actions";

/** One statement of a role, as a reviewer reads it. */
export interface Explained {
  readonly where: "account" | "forensics account" | "hub";
  readonly level: AccessLevel;
  readonly statement: string;
  readonly effect: "Allow" | "Deny";
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions: readonly string[];
  readonly because: string;
}

/** Every statement of a task's role, gravest access level first; a statement counts as the gravest of its actions. */
export async function explainTask(landscape: Landscape, task: TaskName): Promise<Explained[]> {
  const anyAccount = "<account>";
  const inAccount = tasks[task].inMember({ landscape, account: anyAccount });
  const inForensics = forensicsPermissions({ landscape, account: anyAccount }, tasks[task]) ?? [];
  const inHub = hubPermissions({ landscape, account: accountId(landscape.hub) }, tasks[task]);
  const all = await Promise.all([
    ...inAccount.map((permission) => explained("account", permission)),
    ...inForensics.map((permission) => explained("forensics account", permission)),
    ...inHub.map((permission) => explained("hub", permission)),
  ]);
  const rank = ({ level }: Explained) => accessLevels.indexOf(level);
  return all.sort((a, b) => rank(b) - rank(a));
}

async function explained(where: Explained["where"], permission: Permission): Promise<Explained> {
  const levels = await Promise.all(permission.actions.map(accessLevelOf));
  return {
    where,
    level: [...accessLevels].reverse().find((level) => levels.includes(level)) ?? "List",
    statement: permission.id,
    effect: permission.effect ?? "Allow",
    actions: [...permission.actions].sort(),
    resources: permission.resources,
    conditions: conditionTexts(permission.conditions),
    because: permission.because,
  };
}

/** Conditions as short lines, such as `aws:ResourceTag/ir:case StringEquals ${aws:PrincipalTag/ir:case}`. */
export const conditionTexts = (conditions: Condition = {}): string[] =>
  Object.entries(conditions).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, value]) => `${key} ${operator} ${[value].flat().join(" or ")}`),
  );

/** For each service, what each task may do there, by access level. */
export async function accessMatrix(
  landscape: Landscape,
): Promise<Record<string, Partial<Record<TaskName, readonly AccessLevel[]>>>> {
  const matrix: Record<string, Partial<Record<TaskName, AccessLevel[]>>> = {};
  for (const task of Object.keys(tasks) as TaskName[]) {
    for (const { actions, effect } of await explainTask(landscape, task)) {
      if (effect === "Deny") continue;
      for (const action of actions) {
        const service = action.split(":")[0] ?? "";
        const level = await accessLevelOf(action);
        const cell = matrix[service] ?? {};
        matrix[service] = cell;
        cell[task] = accessLevels.filter((known) => known === level || cell[task]?.includes(known));
      }
    }
  }
  return Object.fromEntries(Object.entries(matrix).sort(([a], [b]) => (a < b ? -1 : 1)));
}
