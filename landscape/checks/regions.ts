import { partitionNames, partitions } from "../partitions";
import { didYouMean, type FieldPath, type Finding, oneOf, show } from "../problems";
import { type Check, doors, duplicates, type IsWrong, regions, type SoundPart } from "./check";

function listsHoldOnce(file: SoundPart): Finding[] {
  const { logging } = file;
  const entries = (path: FieldPath, values: readonly (string | undefined)[] = []) =>
    values.map((value, index): [FieldPath, string | undefined] => [[...path, index], value]);
  const twice = (value: string) => `${show(value)} stands in the list already`;
  return [
    ...duplicates(
      regions(file).map(({ path, name }) => [path, name]),
      twice,
    ),
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
    ...regions(file).map(({ path, name }): [FieldPath, string] => [path, name]),
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

function homeRegionWatched(file: SoundPart): Finding[] {
  const { homeRegion } = file;
  if (homeRegion === undefined || file.regions === undefined) return [];
  const listed = regions(file).map(({ name }) => name);
  if (listed.includes(homeRegion)) return [];
  return [
    {
      path: ["homeRegion"],
      message: `${show(homeRegion)} is not among regions (${oneOf(listed)})${didYouMean(homeRegion, listed)}`,
    },
  ];
}

export const regionChecks: readonly Check[] = [listsHoldOnce, regionsKnown, homeRegionWatched];
