import { roleArn } from "../../landscape/arns";
import type { Door, Landscape } from "../../landscape/model";
import { accountId } from "../../landscape/names";
import { caseTag, type TaskName } from "../../landscape/tasks";
import { type PolicyDocument, policyDocument } from "../document";
import type { Permission } from "../tasks/task";
import { type Entrance, hubTrust } from "./door";
import { emergencyUsers } from "./emergency-users";
import { iamUsers } from "./iam-users";
import { identityCenter } from "./identity-center";
import { saml } from "./saml";

function entrance(landscape: Landscape, door: Door, task: TaskName): Entrance {
  switch (door.type) {
    case "identity-center":
      return identityCenter(landscape, door, task);
    case "saml":
      return saml(landscape, door, task);
    case "iam-users":
      return iamUsers(landscape, door, task);
    case "emergency-users":
      return emergencyUsers(landscape, door, task);
  }
}

/** Doors through which a task can be taken up. */
export const doorsTo = ({ access }: Landscape, task: TaskName): Door[] =>
  (access?.doors ?? []).filter(({ tasks }) => tasks.includes(task));

/** Trust policy of the hub's role of a task; IAM allows 2,048 characters ("IAM and AWS STS quotas"). */
export const hubTrustPolicy = (landscape: Landscape, task: TaskName): PolicyDocument =>
  policyDocument(
    hubTrust(
      landscape,
      doorsTo(landscape, task).map((door) => entrance(landscape, door, task)),
    ),
  );

/** What whoever stands at a door may do: take up the tasks of that door in the hub, with a name and a case. */
export function doorPermissions(landscape: Landscape, tasks: readonly TaskName[]): Permission[] {
  const hub = accountId(landscape.hub);
  const roles = tasks.map((task) => roleArn(landscape, task, hub));
  return [
    {
      id: "TakeUpTask",
      because: "the way into the accounts leads through the hub's roles only",
      actions: ["sts:AssumeRole", "sts:SetSourceIdentity"],
      resources: roles,
    },
    {
      id: "TagWithCase",
      because: "each session is bound to a case",
      actions: ["sts:TagSession"],
      resources: roles,
      conditions: { "ForAllValues:StringEquals": { "aws:TagKeys": [caseTag] } },
    },
  ];
}
