import {
  type Account,
  type Backend,
  defaultAccountNames,
  type Landscape,
  type Logging,
  loggingDefaults,
  type OrganizationalUnit,
  sweepDefaults,
} from "./model";
import { partitions } from "./partitions";
import type { ReadText } from "./read-text";
import { resolveAccess } from "./resolve-access";
import { resolveDetection } from "./resolve-detection";
import { resolveForensics } from "./resolve-forensics";
import { isRetired, regionName } from "./retired";
import type { AccountFile, LandscapeFile } from "./schema";

/**
 * Fills every default. The file must have passed the schema and the cross-checks.
 *
 * @param readText reads what the landscape refers to, such as an identity provider's metadata
 */
export function resolve(file: LandscapeFile, readText: ReadText): Landscape {
  const units = (file.organizationalUnits ?? []).map((unit) => resolveUnit(unit));
  const environmentOf = environments(units);
  const account = (entry: AccountFile, fallback: string): Account =>
    resolveAccount(entry, fallback, environmentOf);

  const security = account(file.accounts.security, defaultAccountNames.security);
  const { management, logArchive, forensics } = file.accounts;
  const accounts = {
    management: account(management, defaultAccountNames.management),
    security,
    logArchive: logArchive ? account(logArchive, defaultAccountNames.logArchive) : security,
    forensics: forensics ? account(forensics, defaultAccountNames.forensics) : security,
  };
  const members = (file.members ?? []).map((member) => account(member, member.name));
  const named = (wanted: string | undefined) =>
    [...Object.values(accounts), ...members].find(({ name }) => name === wanted);
  const hub = named(file.access?.hub) ?? security;
  const regions = file.regions.map(regionName);
  return {
    organization: {
      name: file.organization.name,
      ...(file.organization.id !== undefined && { id: file.organization.id }),
      ...(file.organization.rootId !== undefined && { rootId: file.organization.rootId }),
      ...(file.organization.cutPolicyId !== undefined && { cutPolicyId: file.organization.cutPolicyId }),
    },
    partition: partitions[file.organization.partition ?? "aws"],
    landingZone: file.landingZone ?? "none",
    homeRegion: file.homeRegion,
    regions: [...regions].sort(),
    retiredRegions: file.regions.filter(isRetired).map(regionName).sort(),
    accounts,
    hub,
    sealed: named(file.access?.sealed) ?? hub,
    organizationalUnits: units,
    members,
    ...(file.securityContact && { securityContact: file.securityContact }),
    distribution: file.distribution ?? "stackset",
    deployRole:
      file.deployRole ??
      (file.landingZone === "control-tower" ? "AWSControlTowerExecution" : "OrganizationAccountAccessRole"),
    tags: file.tags ?? {},
    backend: resolveBackend(file.backend),
    logging: resolveLogging(file),
    sweep: { ...sweepDefaults, ...file.sweep },
    ...(file.forensics && { forensics: resolveForensics(file.forensics, regions) }),
    ...(file.detection && { detection: resolveDetection(file.detection, units) }),
    ...(file.access && { access: resolveAccess(file.access, file.homeRegion, units, readText) }),
  };
}

type UnitFile = NonNullable<LandscapeFile["organizationalUnits"]>[number];

function resolveUnit(unit: UnitFile): OrganizationalUnit {
  const segments = unit.path.split("/");
  const parent = segments.slice(0, -1).join("/");
  return {
    path: unit.path,
    name: segments[segments.length - 1] ?? unit.path,
    ...(parent !== "" && { parent }),
    ...(unit.id !== undefined && { id: unit.id }),
    created: !isRetired(unit) && (unit.id === undefined || unit.create === true),
    ...(unit.environment !== undefined && { environment: unit.environment }),
    ...(isRetired(unit) && { retired: true }),
  };
}

/** The environment of a unit's path, its own or that of the nearest unit above. */
function environments(units: readonly OrganizationalUnit[]) {
  const byPath = new Map(units.map((unit) => [unit.path, unit]));
  const find = (path: string | undefined): OrganizationalUnit["environment"] => {
    const unit = path === undefined ? undefined : byPath.get(path);
    return unit?.environment ?? (unit?.parent === undefined ? undefined : find(unit.parent));
  };
  return find;
}

function resolveAccount(
  entry: AccountFile & { readonly state?: "retired" },
  fallbackName: string,
  environmentOf: ReturnType<typeof environments>,
): Account {
  const environment = entry.environment ?? environmentOf(entry.ou);
  return {
    name: entry.name ?? fallbackName,
    ...(entry.id !== undefined && { id: entry.id }),
    // What is given up is no longer made or kept; its line may go on saying how it came to be.
    ...(entry.create && !isRetired(entry) && { rootEmail: entry.create.email }),
    ...(entry.ou !== undefined && { organizationalUnit: entry.ou }),
    ...(entry.owner && { owner: entry.owner }),
    ...(environment !== undefined && { environment }),
    ...(isRetired(entry) && { retired: true }),
  };
}

function resolveBackend(backend: LandscapeFile["backend"]): Backend {
  if (backend?.type === "s3") return { type: "s3", account: backend.account ?? "management" };
  return { type: "local", directory: backend?.directory ?? "state" };
}

function resolveLogging({ logging = {}, landingZone = "none" }: LandscapeFile): Logging {
  const retentionDays = logging.retentionDays ?? loggingDefaults.retentionDays;
  return {
    owner: logging.owner ?? (landingZone === "none" ? "kit" : "existing"),
    retentionDays,
    lock: logging.lock ?? "governance",
    lockDays: logging.lockDays ?? retentionDays,
    archiveAfterDays:
      logging.archiveAfterDays ?? Math.min(loggingDefaults.archiveAfterDays, retentionDays - 1),
    dataEvents: [...(logging.dataEvents ?? [])].sort(),
    networkEvents: [...(logging.networkEvents ?? [])].sort(),
    insights: [...(logging.insights ?? [])].sort(),
  };
}
