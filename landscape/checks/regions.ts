import { partitionNames, partitions } from "../partitions";
import { didYouMean, type FieldPath, type Finding, oneOf, show } from "../problems";
import { type Check, doors, duplicates, type IsWrong, type SoundPart } from "./check";

function listsHoldOnce({ regions, logging }: SoundPart): Finding[] {
  const entries = (path: FieldPath, values: readonly (string | undefined)[] = []) =>
    values.map((value, index): [FieldPath, string | undefined] => [[...path, index], value]);
  const twice = (value: string) => `${show(value)} stands in the list already`;
  return [
    ...duplicates(entries(["regions"], regions), twice),
    ...(["dataEvents", "networkEvents", "insights"] as const).flatMap((field) =>
      duplicates(entries(["logging", field], logging?.[field]), twice),
    ),
  ];
}

function regionsKnown(file: SoundPart, isWrong: IsWrong): Finding[] {
  if (isWrong("organization", "partition")) return [];
  const partition = partitions[file.organization?.partition ?? "aws"];
  const known = partition.regions.map((region) => region.name);
  const named: [FieldPath, string | undefined][] = [
    [["homeRegion"], file.homeRegion],
    ...(file.regions ?? []).map((region, index): [FieldPath, string] => [["regions", index], region]),
    ...doors(file).flatMap(({ path, door }): [FieldPath, string | undefined][] =>
      door.type === "identity-center" ? [[[...path, "region"], door.region]] : [],
    ),
  ];
  return named.flatMap(([path, region]) => {
    if (region === undefined || known.includes(region)) return [];
    const home = partitionNames.find((name) =>
      partitions[name].regions.some((other) => other.name === region),
    );
    const why = home
      ? `is a region of partition ${home}, and organization.partition is ${partition.name}`
      : `is not a region of partition ${partition.name}${didYouMean(region, known) || `; known: ${oneOf(known)}`}`;
    return [{ path, message: `${show(region)} ${why}` }];
  });
}

function homeRegionWatched({ homeRegion, regions }: SoundPart): Finding[] {
  if (homeRegion === undefined || regions === undefined || regions.includes(homeRegion)) return [];
  const listed = regions.filter((region): region is string => region !== undefined);
  return [
    {
      path: ["homeRegion"],
      message: `${show(homeRegion)} is not among regions (${oneOf(listed)})${didYouMean(homeRegion, listed)}`,
    },
  ];
}

export const regionChecks: readonly Check[] = [listsHoldOnce, regionsKnown, homeRegionWatched];
