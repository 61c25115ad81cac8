import { roleArn } from "../../landscape/arns";
import { organizationId } from "../../landscape/names";
import { type AutomationName, caseTag, type TaskName } from "../../landscape/tasks";
import { autoCredentials } from "./auto-credentials";
import { autoLogging } from "./auto-logging";
import { triage } from "./automation";
import { contain } from "./contain";
import { credentials } from "./credentials";
import { evidence } from "./evidence";
import { investigate } from "./investigate";
import { recover } from "./recover";
import type { Permission, Place, Task } from "./task";

export const tasks: Readonly<Record<TaskName, Task>> = {
  investigate,
  contain,
  evidence,
  credentials,
  recover,
};

export const automations: Readonly<Record<AutomationName, Task>> = {
  "auto-logging": autoLogging,
  "auto-triage": triage,
  "auto-credentials": autoCredentials,
};

export const roleTasks: readonly Task[] = [...Object.values(tasks), ...Object.values(automations)];

/**
 * From the hub into an account, as the role of the same name there and no other.
 *
 * `sts:TagSession` stands apart: AWS's service reference knows no source identity for it, so that a condition on one
 * would never match.
 */
export function enterAccounts({ landscape }: Place, task: Task): Permission[] {
  const spokes = [roleArn(landscape, task.name, "*")];
  const inside = { StringEquals: { "aws:ResourceOrgID": organizationId(landscape) } };
  const human = task.name in tasks;
  return [
    {
      id: "EnterAccounts",
      because: "the work is done in the account concerned, as the role of this task there",
      actions: ["sts:AssumeRole", ...(human ? ["sts:SetSourceIdentity"] : [])],
      resources: spokes,
      conditions: inside,
    },
    ...(human
      ? [
          {
            id: "CarryCase",
            because: `the session's ${caseTag} goes on into the account, where permissions depend on it`,
            actions: ["sts:TagSession"],
            resources: spokes,
            conditions: inside,
          },
        ]
      : []),
  ];
}

/** What the role of a task may do in the forensics account; undefined where that is what it may do in members. */
export const forensicsPermissions = (place: Place, task: Task): readonly Permission[] | undefined =>
  place.landscape.forensics && task.inForensics?.(place);

/** What the role of a task may do in an account that is not the hub's. */
export const spokePermissions = (place: Place, task: Task): readonly Permission[] =>
  (isForensics(place) ? forensicsPermissions(place, task) : undefined) ?? task.inMember(place);

const isForensics = ({ landscape, account }: Place): boolean => account === landscape.accounts.forensics.id;

/** What the role of a task may do in the hub's account. */
export const hubPermissions = (place: Place, task: Task): readonly Permission[] => [
  ...enterAccounts(place, task),
  ...(task.inHub?.(place) ?? []),
];
