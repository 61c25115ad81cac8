import { coreRoles, isCreated, type Landscape, listedAccounts } from "../model";
import type { Deployed, DeployedAccount, DeployedStack, DeployedUnit } from "./schema";

const byText =
  <T>(text: (entry: T) => string) =>
  (a: T, b: T): number =>
    text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0;

/**
 * What a landscape's lock file is to know from now on. What it knows as retired stays known, whether the landscape
 * still lists it or not: Terraform must go on forgetting it rather than destroying it.
 *
 * @param stacks that the landscape has deployed, and those that were left standing elsewhere
 */
export function recordOf(
  landscape: Landscape,
  stacks: readonly DeployedStack[],
  before?: Deployed,
): Deployed {
  const { organization, partition, homeRegion, distribution } = landscape;
  const organizationId = organization.id ?? before?.names.organizationId;
  return {
    version: 1,
    names: {
      organization: organization.name,
      ...(organizationId !== undefined && { organizationId }),
      partition: partition.name,
      homeRegion,
      distribution,
      backend: recordedBackend(landscape, before),
    },
    regions: [...landscape.regions].sort().map((name) => ({ name, ...stateOf(isRetired(landscape, name)) })),
    accounts: accountsOf(landscape, before),
    organizationalUnits: unitsOf(landscape, before),
    stacks: [...stacks].sort(byText(({ name }) => name)),
  };
}

/** Where state lies, as the lock file knows it. */
export const backendName = ({ backend }: Landscape): string =>
  backend.type === "s3" ? `s3 in ${backend.account}` : `local in ${backend.directory}`;

/** Where bootstrap finds the state that it moves into the bucket that it makes; it moves nothing out of one. */
const movedFrom = "local in state";

/** Whether state lies where bootstrap will move it from, as the landscape wants. */
export const isToBeMoved = ({ backend }: Landscape, recorded: string | undefined): boolean =>
  recorded === movedFrom && backend.type === "s3";

const recordedBackend = (landscape: Landscape, before: Deployed | undefined): string =>
  isToBeMoved(landscape, before?.names.backend) ? movedFrom : backendName(landscape);

const isRetired = ({ retiredRegions }: Landscape, region: string): boolean => retiredRegions.includes(region);

const stateOf = (retired: boolean | undefined): { state?: "retired" } =>
  retired ? { state: "retired" } : {};

function accountsOf(landscape: Landscape, before: Deployed | undefined): DeployedAccount[] {
  const listed = listedAccounts(landscape).map((account): DeployedAccount => {
    const core = coreRoles.filter((role) => landscape.accounts[role] === account);
    return {
      name: account.name,
      ...(account.id !== undefined && { id: account.id }),
      ...(core.length > 0 && { core: [...core] }),
      ...(isCreated(account) && { made: true }),
      ...stateOf(account.retired),
    };
  });
  const gone = (before?.accounts ?? []).filter(
    (entry) =>
      entry.state === "retired" && !listed.some(({ name, id }) => name === entry.name || id === entry.id),
  );
  return [...listed, ...gone].sort(byText(({ name }) => name));
}

function unitsOf({ organizationalUnits }: Landscape, before: Deployed | undefined): DeployedUnit[] {
  const listed = organizationalUnits.map(
    (unit): DeployedUnit => ({
      path: unit.path,
      ...(unit.id !== undefined && { id: unit.id }),
      ...(unit.created && { made: true }),
      ...stateOf(unit.retired),
    }),
  );
  const gone = (before?.organizationalUnits ?? []).filter(
    (entry) =>
      entry.state === "retired" && !listed.some(({ path, id }) => path === entry.path || id === entry.id),
  );
  return [...listed, ...gone].sort(byText(({ path }) => path));
}

/** What a lock file doesn't know yet of what it is to know, by name. */
export function unrecorded(record: Deployed, deployed: Deployed): string[] {
  const known = (names: readonly string[]) => {
    const set = new Set(names);
    return (name: string) => !set.has(name);
  };
  const accounts = ({ accounts: all }: Deployed) => all.map(({ name }) => `account ${name}`);
  const units = ({ organizationalUnits }: Deployed) =>
    organizationalUnits.map(({ path }) => `organizational unit ${path}`);
  const regions = (all: Deployed) => all.regions.map(({ name }) => `region ${name}`);
  const stacks = (all: Deployed) => all.stacks.map(({ name }) => `stack ${name}`);
  const kept = (all: Deployed) =>
    all.stacks.flatMap(({ name, kept: data = [], services = [] }) =>
      [...data, ...services].map((one) => `${one} of stack ${name}`),
    );
  const news = [accounts, units, regions, stacks].flatMap((list) =>
    list(record).filter(known(list(deployed))),
  );
  return news.length > 0 ? news : kept(record).filter(known(kept(deployed)));
}
