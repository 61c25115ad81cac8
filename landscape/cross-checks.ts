import { terraformName } from "./names";
import { partitionNames, partitions } from "./partitions";
import { didYouMean, type FieldPath, type Finding, fieldName, oneOf, show } from "./problems";
import type { AccountFile, LandscapeFile } from "./schema";

type DeepPartial<T> = T extends readonly (infer Item)[]
  ? readonly DeepPartial<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]?: DeepPartial<T[Key]> | undefined }
    : T;

/** The file after fields of the wrong shape were taken out, so that checks can run on the rest. */
export type SoundPart = DeepPartial<LandscapeFile>;

type Unit = NonNullable<SoundPart["organizationalUnits"]>[number];
type ListedAccount = {
  readonly path: FieldPath;
  readonly account: DeepPartial<AccountFile>;
  readonly core: boolean;
};

/** Whether the schema found the field, or something in it, wrong: then nothing follows from its absence. */
type IsWrong = (...path: FieldPath) => boolean;

/**
 * What a schema can't say. Each check is independent of the others.
 *
 * @param wrong what the schema found; consequences of these are not reported again
 */
export function crossCheck(file: SoundPart, wrong: readonly Finding[] = []): Finding[] {
  const isWrong: IsWrong = (...path) =>
    wrong.some((finding) => path.every((part, index) => finding.path[index] === part));
  const seen = new Set<string>();
  return checks
    .flatMap((check) => check(file, isWrong))
    .filter(({ path }) => {
      const key = JSON.stringify(path);
      const first = !seen.has(key) && !isWrong(...path);
      seen.add(key);
      return first;
    });
}

const checks: readonly ((file: SoundPart, isWrong: IsWrong) => Finding[])[] = [
  listsHoldOnce,
  regionsKnown,
  homeRegionWatched,
  accountsIdentified,
  accountIdsDistinct,
  accountNamesDistinct,
  accountNamesAreNoStacks,
  terraformNamesDistinct,
  tagKeysDistinct,
  rootEmailsDistinct,
  unitsDistinct,
  unitParentsListed,
  unitsOfThisRoot,
  accountsInListedUnits,
  coreAccountsReachable,
  landingZoneKeepsItsOwn,
  existingLoggingHasNoSettings,
  retentionHolds,
  complianceAcknowledged,
  noTerraformExpressions,
];

function listsHoldOnce({ regions, logging }: SoundPart): Finding[] {
  const entries = (path: FieldPath, values: readonly (string | undefined)[] = []) =>
    values.map((value, index): [FieldPath, string | undefined] => [[...path, index], value]);
  const twice = (value: string) => `${show(value)} stands in the list already`;
  return [
    ...duplicates(entries(["regions"], regions), twice),
    ...duplicates(entries(["logging", "dataEvents"], logging?.dataEvents), twice),
  ];
}

function regionsKnown(file: SoundPart, isWrong: IsWrong): Finding[] {
  if (isWrong("organization", "partition")) return [];
  const partition = partitions[file.organization?.partition ?? "aws"];
  const known = partition.regions.map((region) => region.name);
  const named: [FieldPath, string | undefined][] = [
    [["homeRegion"], file.homeRegion],
    ...(file.regions ?? []).map((region, index): [FieldPath, string] => [["regions", index], region]),
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

function listedAccounts(file: SoundPart): ListedAccount[] {
  const core = Object.entries(file.accounts ?? {}).flatMap(([role, account]) =>
    account ? [{ path: ["accounts", role], account, core: true }] : [],
  );
  const members = (file.members ?? []).flatMap((account, index) =>
    account ? [{ path: ["members", index], account, core: false }] : [],
  );
  return [...core, ...members];
}

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

/** Findings for every value that stands at an earlier path too. */
function duplicates(
  entries: readonly (readonly [FieldPath, string | undefined])[],
  explain: (value: string, first: FieldPath) => string,
  normalize: (value: string) => string = (value) => value,
): Finding[] {
  const first = new Map<string, FieldPath>();
  return entries.flatMap(([path, value]) => {
    if (value === undefined) return [];
    const earlier = first.get(normalize(value));
    if (earlier) return [{ path, message: explain(value, earlier) }];
    first.set(normalize(value), path);
    return [];
  });
}

const shortName = (path: FieldPath) => path.slice(0, 2).map(String).join(".");

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

const defaultName: Readonly<Record<string, string>> = {
  management: "management",
  security: "security",
  logArchive: "log-archive",
  forensics: "forensics",
};

function accountNamesDistinct(file: SoundPart): Finding[] {
  return duplicates(
    listedAccounts(file).map(({ path, account }) => [
      [...path, "name"],
      account.name ?? (path[0] === "accounts" ? defaultName[String(path[1])] : undefined),
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

function terraformNamesDistinct(file: SoundPart): Finding[] {
  const alike = (value: string, first: FieldPath) =>
    `${show(value)} comes out as the same Terraform name as ${fieldName(first)}; change one of them`;
  const madeUnits = units(file).filter(({ unit }) => unit.id === undefined || unit.create === true);
  const madeAccounts = listedAccounts(file).filter(({ account }) => account.create !== undefined);
  return [
    ...duplicates(
      madeUnits.map(({ unit, index }) => [["organizationalUnits", index, "path"], unit.path]),
      alike,
      terraformName,
    ),
    ...duplicates(
      madeAccounts.map(({ path, account }) => [[...path, "name"], account.name]),
      alike,
      terraformName,
    ),
  ];
}

/** IAM compares tag keys without regard to case, and refuses a role that has one twice. */
function tagKeysDistinct({ tags }: SoundPart): Finding[] {
  return duplicates(
    Object.keys(tags ?? {}).map((key) => [["tags", key], key]),
    (_, first) => `differs from ${fieldName(first)} only in case; IAM takes them for one`,
    (key) => key.toLowerCase(),
  );
}

const units = (file: SoundPart) =>
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

function coreAccountsReachable(file: SoundPart): Finding[] {
  return listedAccounts(file)
    .filter(({ core, path, account }) => core && path[1] !== "management" && account.ou === undefined)
    .filter(({ account }) => file.distribution !== "direct" || account.create !== undefined)
    .map(({ path }) => ({
      path: [...path, "ou"],
      message: "is missing: the organizational unit through which the baseline reaches the account",
    }));
}

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
            message: `"kit" would make a second trail beside that of landingZone ${zone}`,
          },
        ]
      : [];
  return [...accounts, ...unmade, ...trail];
}

const loggingSettings = ["retentionDays", "lock", "lockDays", "archiveAfterDays", "dataEvents"] as const;

function existingLoggingHasNoSettings({ logging }: SoundPart): Finding[] {
  if (logging?.owner !== "existing") return [];
  return loggingSettings
    .filter((field) => logging[field] !== undefined)
    .map((field) => ({
      path: ["logging", field],
      message: "has no effect with logging.owner: existing; remove it, or let the kit own the logs",
    }));
}

function retentionHolds({ logging }: SoundPart, isWrong: IsWrong): Finding[] {
  if (isWrong("logging", "retentionDays")) return [];
  const retention = logging?.retentionDays ?? 365;
  const findings: Finding[] = [];
  if (logging?.lockDays !== undefined && logging.lockDays > retention) {
    findings.push({
      path: ["logging", "lockDays"],
      message: `${logging.lockDays} is longer than logging.retentionDays (${retention}): logs could not expire in time`,
    });
  }
  if (logging?.archiveAfterDays !== undefined && logging.archiveAfterDays >= retention) {
    findings.push({
      path: ["logging", "archiveAfterDays"],
      message: `${logging.archiveAfterDays} is not before logging.retentionDays (${retention}), when logs expire`,
    });
  }
  return findings;
}

function complianceAcknowledged({ logging }: SoundPart, isWrong: IsWrong): Finding[] {
  if (
    isWrong("logging", "acknowledgeIrreversible") ||
    logging?.lock !== "compliance" ||
    logging.acknowledgeIrreversible === true
  )
    return [];
  return [
    {
      path: ["logging", "lock"],
      message:
        '"compliance" keeps every object until its time is over, against root and AWS Support too: ' +
        "add acknowledgeIrreversible: true, or choose governance",
    },
  ];
}

/** Terraform reads `${` and `%{` as expressions, wherever a text ends up. */
function noTerraformExpressions(file: SoundPart): Finding[] {
  const findings: Finding[] = [];
  const look = (value: unknown, path: FieldPath): void => {
    if (typeof value === "string" && /[$%]\{/.test(value)) {
      findings.push({ path, message: `${show(value)} contains \${ or %{, which Terraform would evaluate` });
    } else if (Array.isArray(value)) {
      value.forEach((item, index) => {
        look(item, [...path, index]);
      });
    } else if (value !== null && typeof value === "object") {
      for (const [key, item] of Object.entries(value)) look(item, [...path, key]);
    }
  };
  look(file, []);
  return findings;
}
