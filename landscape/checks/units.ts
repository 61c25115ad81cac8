import { terraformName } from "../names";
import { didYouMean, type FieldPath, type Finding, oneOf, show } from "../problems";
import { sameTerraformName } from "./accounts";
import { type Check, duplicates, type IsWrong, listedAccounts, type SoundPart } from "./check";

type Unit = NonNullable<SoundPart["organizationalUnits"]>[number];

export const units = (file: SoundPart) =>
  (file.organizationalUnits ?? []).flatMap((unit, index) => (unit ? [{ unit: unit as Unit, index }] : []));

function unitsDistinct(file: SoundPart): Finding[] {
  const all = units(file);
  const pathOfIndex = (path: FieldPath) => all[Number(path[1])]?.unit.path ?? "";
  return [
    ...duplicates(
      all.map(({ unit, index }) => [["organizationalUnits", index, "path"], unit.path]),
      (path) => `${show(path)} is listed already`,
      (path) => path.toLowerCase(),
    ),
    ...duplicates(
      all.map(({ unit, index }) => [["organizationalUnits", index, "id"], unit.id]),
      (id, first) => {
        const other = pathOfIndex(first);
        const own = all.find(({ unit, index }) => unit.id === id && index !== first[1])?.unit.path ?? "";
        const cycle = own.startsWith(`${other}/`) || other.startsWith(`${own}/`);
        return cycle
          ? `${show(id)} is also the id of ${show(other)}: a unit cannot lie within itself`
          : `${show(id)} is the id of ${show(other)} already`;
      },
    ),
  ];
}

/** Names of the resources that the kit makes for units. */
function unitTerraformNamesDistinct(file: SoundPart): Finding[] {
  const made = units(file).filter(({ unit }) => unit.id === undefined || unit.create === true);
  return duplicates(
    made.map(({ unit, index }) => [["organizationalUnits", index, "path"], unit.path]),
    sameTerraformName,
    terraformName,
  );
}

const parentOf = (path: string) => (path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : undefined);

function unitParentsListed(file: SoundPart): Finding[] {
  const listed = new Set(units(file).map(({ unit }) => unit.path));
  return units(file).flatMap(({ unit, index }) => {
    const parent = unit.path === undefined ? undefined : parentOf(unit.path);
    const made = unit.id === undefined || unit.create === true;
    if (parent === undefined || !made || listed.has(parent)) return [];
    return [
      {
        path: ["organizationalUnits", index, "path"],
        message: `${show(unit.path)} is to be made below ${show(parent)}, which is not listed: add { path: ${parent} }`,
      },
    ];
  });
}

/** A unit's id names its root: `ou-<root>-…`. */
function unitsOfThisRoot(file: SoundPart): Finding[] {
  const withId = units(file).flatMap(({ unit: { id }, index }) => (id === undefined ? [] : [{ id, index }]));
  const rootOf = (id: string) => id.split("-")[1] ?? "";
  const written = file.organization?.rootId;
  const root = written?.slice("r-".length) ?? (withId[0] && rootOf(withId[0].id));
  const foreign = withId.filter(({ id }) => rootOf(id) !== root);
  const [first] = foreign;
  if (first && written !== undefined && foreign.length === withId.length && foreign.length > 1) {
    const message = `${show(written)} is the root of none of the organizational units: their ids say r-${rootOf(first.id)}`;
    return [{ path: ["organization", "rootId"], message }];
  }
  return foreign.map(({ id, index }) => ({
    path: ["organizationalUnits", index, "id"],
    message: `${show(id)} belongs to another root: it must begin with "ou-${root}-"`,
  }));
}

function accountsInListedUnits(file: SoundPart, isWrong: IsWrong): Finding[] {
  if (isWrong("organizationalUnits")) return [];
  const listed = units(file).flatMap(({ unit }) => (unit.path === undefined ? [] : [unit.path]));
  const known = new Set(listed);
  return listedAccounts(file).flatMap(({ path, account }) =>
    account.ou === undefined || known.has(account.ou)
      ? []
      : [
          {
            path: [...path, "ou"],
            message: `${show(account.ou)} is not a path in organizationalUnits${
              didYouMean(account.ou, listed) ||
              (listed.length > 0 ? `; listed: ${oneOf(listed)}` : "; none is listed")
            }`,
          },
        ],
  );
}

export const unitChecks: readonly Check[] = [
  unitsDistinct,
  unitTerraformNamesDistinct,
  unitParentsListed,
  unitsOfThisRoot,
  accountsInListedUnits,
];
