import type { Access, Door, IamUser, OrganizationalUnit } from "./model";
import type { ReadText } from "./read-text";
import { isRetired } from "./retired";
import type { AccessFile } from "./schema/access";
import { type TaskName, taskNames } from "./tasks";

/** Fills the defaults of `access`. */
export function resolveAccess(
  file: AccessFile,
  homeRegion: string,
  units: readonly OrganizationalUnit[],
  readText: ReadText,
): Access {
  const perimeter = file.guardrails?.perimeter;
  return {
    doors: file.doors.map((door) => resolveDoor(door, homeRegion, readText)),
    notify: file.notify,
    unwatchedRegions: file.guardrails?.unwatchedRegions ?? "allow",
    perimeter: {
      units: units.filter(({ path }) => perimeter?.units.includes(path)),
      exceptions: perimeter?.exceptions ?? [],
    },
  };
}

type DoorFile = AccessFile["doors"][number];

function resolveDoor(door: DoorFile, homeRegion: string, readText: ReadText): Door {
  switch (door.type) {
    case "identity-center":
      return {
        ...door,
        region: door.region ?? homeRegion,
        account: "management",
        tasks: inOrder(Object.keys(door.groups) as TaskName[]),
      };
    case "saml": {
      const metadata = readText(door.metadata);
      if (!metadata.ok) throw new Error(`${door.metadata} ${metadata.problem}`);
      return { type: door.type, metadata: metadata.text, tasks: inOrder(door.tasks) };
    }
    case "iam-users": {
      const users = door.users.map(resolveUser);
      return { type: door.type, users, tasks: tasksOf(users) };
    }
    case "emergency-users": {
      const users = door.users.map((user) => ({ ...resolveUser(user), contact: user.contact }));
      return { type: door.type, account: door.account, users, tasks: tasksOf(users) };
    }
  }
}

const resolveUser = (user: { name: string; tasks?: TaskName[]; state?: "retired" }): IamUser => ({
  name: user.name,
  tasks: inOrder(user.tasks),
  ...(isRetired(user) && { retired: true }),
});

const tasksOf = (users: readonly IamUser[]) =>
  inOrder(users.filter(({ retired }) => !retired).flatMap(({ tasks }) => tasks));

const inOrder = (tasks: readonly TaskName[] = taskNames): TaskName[] =>
  taskNames.filter((task) => tasks.includes(task));
