import { prices } from "../prices";
import type { Finding } from "../problems";
import { type Check, listedAccounts, type SoundPart } from "./check";
import { units } from "./units";

function landingZoneKeepsItsOwn(file: SoundPart): Finding[] {
  const zone = file.landingZone;
  if (zone === undefined || zone === "none") return [];
  const accounts = listedAccounts(file)
    .filter(({ account }) => account.create !== undefined)
    .map(({ path }) => ({
      path: [...path, "create"],
      message: `landingZone ${zone} creates accounts itself: create it there and give its id here`,
    }));
  const unmade = units(file)
    .filter(({ unit }) => unit.id === undefined || unit.create === true)
    .map(({ index }) => ({
      path: ["organizationalUnits", index],
      message: `landingZone ${zone} makes organizational units itself: give the id of this one, without create`,
    }));
  const trail =
    file.logging?.owner === "kit"
      ? [
          {
            path: ["logging", "owner"],
            message:
              `"kit" would make a second trail beside that of landingZone ${zone}, which is paid: ` +
              `$${prices.secondTrail.dollars["us-east-1"]} for ${prices.secondTrail.unit}; choose existing`,
          },
        ]
      : [];
  return [...accounts, ...unmade, ...trail];
}

export const landingZoneChecks: readonly Check[] = [landingZoneKeepsItsOwn];
