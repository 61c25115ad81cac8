import { type CoreRole, defaultAccountNames } from "../model";
import { terraformName } from "../names";
import { partitions } from "../partitions";
import { type FieldPath, type Finding, fieldName, show } from "../problems";
import { type Check, duplicates, listedAccounts, type SoundPart, shortName } from "./check";

function accountsIdentified(file: SoundPart): Finding[] {
  return listedAccounts(file)
    .filter(
      ({ account, path }) =>
        account.id === undefined && account.create === undefined && path[1] !== "management",
    )
    .map(({ path }) => ({
      path,
      message: 'has neither id nor create: give one, such as create: { email: "…" }',
    }));
}

function accountIdsDistinct(file: SoundPart): Finding[] {
  const accounts = listedAccounts(file);
  return duplicates(
    accounts.map(({ path, account }) => [[...path, "id"], account.id]),
    (id, first) =>
      first[0] === "accounts" && first[1] !== "management"
        ? `${show(id)} is the id of ${shortName(first)} already; a core account left out falls to the security account`
        : `${show(id)} is the id of ${shortName(first)} already`,
  );
}

function accountNamesDistinct(file: SoundPart): Finding[] {
  return duplicates(
    listedAccounts(file).map(({ path, account }) => [
      [...path, "name"],
      account.name ?? (path[0] === "accounts" ? defaultAccountNames[path[1] as CoreRole] : undefined),
    ]),
    (name, first) => `${show(name)} is the name of ${shortName(first)} already`,
    (name) => name.toLowerCase(),
  );
}

function rootEmailsDistinct(file: SoundPart): Finding[] {
  return duplicates(
    listedAccounts(file).map(({ path, account }) => [[...path, "create", "email"], account.create?.email]),
    (email, first) =>
      `${show(email)} is the address of ${shortName(first)} already; AWS wants one for each account`,
    (email) => email.toLowerCase(),
  );
}

/** With direct distribution a stack is named after the account, and one after account and region. */
function accountNamesAreNoStacks(file: SoundPart): Finding[] {
  const regions = Object.values(partitions).flatMap((partition) => partition.regions.map(({ name }) => name));
  return listedAccounts(file).flatMap(({ path, account }) => {
    const region = regions.find((name) => account.name?.toLowerCase().endsWith(`-${name}`));
    return region === undefined
      ? []
      : [
          {
            path: [...path, "name"],
            message: `${show(account.name)} ends like the name of a stack in ${region}`,
          },
        ];
  });
}

/** Names of the resources that the kit makes for accounts. */
function accountTerraformNamesDistinct(file: SoundPart): Finding[] {
  const made = listedAccounts(file).filter(({ account }) => account.create !== undefined);
  return duplicates(
    made.map(({ path, account }) => [[...path, "name"], account.name]),
    sameTerraformName,
    terraformName,
  );
}

export const sameTerraformName = (value: string, first: FieldPath): string =>
  `${show(value)} comes out as the same Terraform name as ${fieldName(first)}; change one of them`;

function coreAccountsReachable(file: SoundPart): Finding[] {
  return listedAccounts(file)
    .filter(({ core, path, account }) => core && path[1] !== "management" && account.ou === undefined)
    .filter(({ account }) => file.distribution !== "direct" || account.create !== undefined)
    .map(({ path }) => ({
      path: [...path, "ou"],
      message: "is missing: the organizational unit through which the baseline reaches the account",
    }));
}

export const accountChecks: readonly Check[] = [
  accountsIdentified,
  accountIdsDistinct,
  accountNamesDistinct,
  accountNamesAreNoStacks,
  accountTerraformNamesDistinct,
  rootEmailsDistinct,
  coreAccountsReachable,
];
