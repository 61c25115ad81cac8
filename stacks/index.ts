import type { Deployed } from "../landscape/deployed/schema";
import { type Account, baselineRegions, isLost, type Landscape, listedAccounts } from "../landscape/model";
import {
  alarms,
  alarmsName,
  cases,
  doorStacks,
  guardrails,
  logAnalytics,
  response,
  sweep,
} from "./access-stacks";
import type { BaselinePlace } from "./baseline";
import { type Candidate, core, idsMissing, organizationMissing, type StackPlan } from "./candidate";
import { detectionStacks } from "./detection-stacks";
import { forensicsStacks } from "./forensics-stacks";

export type { StackPlan } from "./candidate";

/** A stack that the landscape needs and that can't be synthesized yet. */
export interface Omission {
  readonly name: string;
  readonly because: string;
}

export interface Plan {
  readonly stacks: readonly StackPlan[];
  readonly omitted: readonly Omission[];
}

/**
 * Which stacks a landscape needs, in the order of deployment.
 *
 * @param demanded names of stacks that stand on demand and are wanted now
 * @param deployed what the lock file knows: of regions and accounts that are given up, only what still stands is there
 */
export function planStacks(
  landscape: Landscape,
  demanded: readonly string[] = [],
  deployed?: Deployed,
): Plan {
  const candidates: Candidate[] = [
    organization(landscape),
    ...(landscape.logging.owner === "kit"
      ? [logArchive(landscape), trail(landscape), logAnalytics(landscape)]
      : []),
    ...(landscape.access ? [alarms(landscape, landscape.access)] : []),
    ...detectionStacks(landscape, deployed),
    ...(landscape.forensics ? forensicsStacks(landscape, landscape.forensics, demanded) : []),
    ...(landscape.distribution === "stackset" ? [baseline(landscape)] : []),
    ...baselineAccounts(landscape).flatMap((account) => accountBaselines(landscape, account)),
    ...(landscape.access ? doorStacks(landscape, landscape.access) : []),
  ];
  if (landscape.access) candidates.push(cases(landscape), response(landscape));
  if (landscape.access && landscape.logging.owner === "kit") candidates.push(sweep(landscape));
  // What stands on demand is deployed and destroyed alone, while the guardrails stand.
  const lasting = candidates.filter(({ name }) => !demanded.includes(name));
  if (landscape.access) candidates.push(guardrails(landscape, lasting));
  const backendMissing =
    landscape.backend.type === "s3" ? idsMissing(landscape.accounts[landscape.backend.account]) : [];
  const needed = candidates.filter(stillWanted(landscape, deployed)).map((candidate) => ({
    ...candidate,
    missing: [...new Set([...candidate.missing, ...backendMissing])],
  }));
  const omitted = needed.flatMap(({ name, missing }) =>
    missing.length === 0 ? [] : [{ name, because: `${missing.join(", ")} unknown until bootstrap` }],
  );
  const possible = needed.filter(({ missing }) => missing.length === 0);
  const names = new Set(possible.map(({ name }) => name));
  const stacks = possible.map((stack) => ({
    ...stack,
    dependsOn: stack.dependsOn.filter((name) => names.has(name)),
  }));
  return { stacks, omitted };
}

/** Stacks of what is in use, and of what is given up those that stand. */
const stillWanted =
  ({ retiredRegions }: Landscape, deployed: Deployed | undefined) =>
  ({ name, account, region }: Candidate): boolean =>
    deployed === undefined ||
    !(account.retired || retiredRegions.includes(region)) ||
    deployed.stacks.some((stack) => stack.name === name);

function organization(landscape: Landscape): Candidate {
  const name = "organization";
  return {
    name,
    account: landscape.accounts.management,
    region: landscape.homeRegion,
    dependsOn: [],
    missing: [],
    build: (scope, { OrganizationStack }) => new OrganizationStack(scope, name, landscape),
  };
}

function logArchive(landscape: Landscape): Candidate {
  const name = "log-archive";
  return {
    name,
    account: landscape.accounts.logArchive,
    region: landscape.homeRegion,
    dependsOn: ["organization"],
    missing: [...organizationMissing(landscape), ...idsMissing(...core(landscape))],
    build: (scope, { LogArchiveStack }) => new LogArchiveStack(scope, name, landscape),
  };
}

function trail(landscape: Landscape): Candidate {
  const name = "trail";
  return {
    name,
    account: landscape.accounts.management,
    region: landscape.homeRegion,
    dependsOn: ["organization", "log-archive"],
    missing: [...organizationMissing(landscape), ...idsMissing(...core(landscape))],
    build: (scope, { TrailStack }) => new TrailStack(scope, name, landscape),
  };
}

function baseline(landscape: Landscape): Candidate {
  const name = "baseline";
  const units = landscape.organizationalUnits.filter(({ id }) => id === undefined);
  return {
    name,
    account: landscape.accounts.management,
    region: landscape.homeRegion,
    dependsOn: beforeBaseline(landscape),
    missing: [
      ...organizationMissing(landscape),
      ...idsMissing(...core(landscape)),
      ...units.map(({ path }) => `id of organizational unit ${path}`),
    ],
    build: (scope, { BaselineStack }) => new BaselineStack(scope, name, landscape),
  };
}

/** The baseline forwards alarms to a bus in the hub's account, and its recorders deliver to the log archive. */
const beforeBaseline = (landscape: Landscape): string[] => [
  "organization",
  ...(landscape.detection?.config ? ["log-archive"] : []),
  ...(landscape.access ? [alarmsName(landscape)] : []),
];

/** StackSets never reach the management account; without them, every listed account has stacks of its own. */
const baselineAccounts = (landscape: Landscape): Account[] =>
  landscape.distribution === "stackset"
    ? [landscape.accounts.management]
    : listedAccounts(landscape).filter((account) => !isLost(landscape, account));

function accountBaselines(landscape: Landscape, account: Account): Candidate[] {
  const one = (place: BaselinePlace, region: string, name: string): Candidate => ({
    name,
    account,
    region,
    dependsOn: beforeBaseline(landscape),
    missing: [...organizationMissing(landscape), ...idsMissing(account, ...core(landscape))],
    build: (parent, { AccountBaselineStack }) =>
      new AccountBaselineStack(parent, name, { landscape, account, region, place }),
  });
  const name = `baseline-${account.name.toLowerCase()}`;
  return [
    one("account", landscape.homeRegion, name),
    ...baselineRegions(landscape).map((region) => one("region", region, `${name}-${region}`)),
  ];
}
