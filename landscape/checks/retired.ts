import type { Finding } from "../problems";
import { isRetired } from "../retired";
import { type Check, doors, type IsWrong, listedAccounts, regions, type SoundPart } from "./check";
import { units } from "./units";

const neverMade = "is retired and has no id: what was never made leaves nothing behind, so take the line out";

function retiredOnesExist(file: SoundPart, isWrong: IsWrong): Finding[] {
  const accounts = listedAccounts(file).map(({ path, account }) => ({ path, line: account }));
  const all = [
    ...accounts,
    ...units(file).map(({ unit, index }) => ({ path: ["organizationalUnits", index], line: unit })),
  ];
  return all
    .filter(({ path, line }) => isRetired(line) && line.id === undefined && !isWrong(...path, "id"))
    .map(({ path }) => ({ path: [...path, "state"], message: neverMade }));
}

function homeRegionInUse(file: SoundPart): Finding[] {
  return regions(file)
    .filter(({ name, retired }) => retired && name === file.homeRegion)
    .map(({ path, name }) => ({
      path: ["regions", path[1] ?? 0, "state"],
      message: `${name} is the home region, in which the central parts stand: it can't be given up`,
    }));
}

function hubInUse(file: SoundPart): Finding[] {
  return listedAccounts(file)
    .filter(({ account }) => isRetired(account) && account.name === file.access?.hub)
    .map(({ path }) => ({
      path: [...path, "state"],
      message: "is the hub of responders (access.hub); move it first: npx ir-kit rehome",
    }));
}

/** A door that nobody comes in by is taken out as a whole. */
function doorsInUse(file: SoundPart): Finding[] {
  return doors(file).flatMap(({ path, door }) => {
    const users = "users" in door ? (door.users ?? []) : [];
    const left = users.some((user) => user !== undefined && !isRetired(user));
    return users.length === 0 || left
      ? []
      : [
          {
            path: [...path, "users"],
            message: "are all retired: nobody would come in by this door any more",
          },
        ];
  });
}

export const retiredChecks: readonly Check[] = [retiredOnesExist, homeRegionInUse, hubInUse, doorsInUse];
