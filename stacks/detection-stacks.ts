import type { Deployed } from "../landscape/deployed/schema";
import { isLost, type Landscape } from "../landscape/model";
import { alarmsName } from "./access-stacks";
import { type Candidate, core, idsMissing, organizationMissing } from "./candidate";

/**
 * Stacks of each region, each after those on which it stands: those of the home region first.
 *
 * @param deployed what the lock file knows: a stack whose services are left out stays until Terraform has forgotten them
 */
export function detectionStacks(landscape: Landscape, deployed?: Deployed): Candidate[] {
  const { homeRegion, regions } = landscape;
  const standing = new Set(
    deployed?.stacks
      .filter(({ services = [], forgotten = [] }) => services.length + forgotten.length > 0)
      .map(({ name }) => name),
  );
  return [homeRegion, ...regions.filter((region) => region !== homeRegion)].flatMap((region) => [
    ...administrator(landscape, region, standing),
    ...delegation(landscape, region, standing),
    ...detection(landscape, region, standing),
  ]);
}

type Names = ReadonlySet<string>;

const missing = (landscape: Landscape) => [
  ...organizationMissing(landscape),
  ...idsMissing(...core(landscape)),
];

const administratorName = (region: string) => `administrator-${region}`;
const delegationName = (region: string) => `delegation-${region}`;
const detectionName = (region: string) => `detection-${region}`;

/** Whether there is anything that is switched on, or delegated, in this region by itself. */
const isRegional = ({ detection }: Landscape): boolean =>
  detection !== undefined &&
  (detection.guardDuty ?? detection.inspector ?? (detection.macie || undefined)) !== undefined;

const hasAdministrator = (landscape: Landscape, region: string): boolean =>
  isRegional(landscape) ||
  (region === landscape.homeRegion && landscape.detection?.securityHub !== undefined);

const administers = (landscape: Landscape, region: string, standing: Names): boolean =>
  !isLost(landscape, landscape.accounts.security) &&
  (hasAdministrator(landscape, region) || standing.has(administratorName(region)));

const delegates = (landscape: Landscape, region: string, standing: Names): boolean =>
  region === landscape.homeRegion || isRegional(landscape) || standing.has(delegationName(region));

function administrator(landscape: Landscape, region: string, standing: Names): Candidate[] {
  if (!administers(landscape, region, standing)) return [];
  const name = administratorName(region);
  return [
    {
      name,
      account: landscape.accounts.security,
      region,
      dependsOn: ["organization"],
      missing: missing(landscape),
      build: (scope, { AdministratorStack }) => new AdministratorStack(scope, name, landscape, region),
    },
  ];
}

function delegation(landscape: Landscape, region: string, standing: Names): Candidate[] {
  if (!delegates(landscape, region, standing)) return [];
  const name = delegationName(region);
  return [
    {
      name,
      account: landscape.accounts.management,
      region,
      dependsOn: [
        "organization",
        ...(administers(landscape, region, standing) ? [administratorName(region)] : []),
      ],
      missing: [...organizationMissing(landscape), ...idsMissing(landscape.accounts.security)],
      build: (scope, { DelegationStack }) => new DelegationStack(scope, name, landscape, region),
    },
  ];
}

function detection(landscape: Landscape, region: string, standing: Names): Candidate[] {
  const { logging, organization } = landscape;
  const isHome = region === landscape.homeRegion;
  const { securityHub } = landscape.detection ?? {};
  const hub = isHome ? securityHub : undefined;
  // In every region the kit suppresses what its own groups fail.
  const suppresses = securityHub !== undefined && landscape.access !== undefined;
  const analyzer = landscape.detection?.accessAnalyzer;
  const name = detectionName(region);
  const isWanted = logging.owner === "kit" || isRegional(landscape) || hub || analyzer || landscape.access;
  if (!isWanted && !standing.has(name)) return [];
  if (isLost(landscape, landscape.accounts.security)) return [];
  const units = (hub?.units ?? []).map(({ unit }) => unit).filter(({ id }) => id === undefined);
  return [
    {
      name,
      account: landscape.accounts.security,
      region,
      dependsOn: [
        "organization",
        ...(delegates(landscape, region, standing) ? [delegationName(region)] : []),
        // By the home region's stack Security Hub is on in the others.
        ...(suppresses && !isHome ? [detectionName(landscape.homeRegion)] : []),
        // The administrator of Access Analyzer is named once.
        ...(analyzer && !isHome ? [delegationName(landscape.homeRegion)] : []),
        ...(logging.owner === "kit" ? ["log-archive"] : []),
        ...(landscape.access ? [alarmsName(landscape)] : []),
      ].filter((dependency, index, all) => all.indexOf(dependency) === index),
      missing: [
        ...missing(landscape),
        ...(hub && organization.rootId === undefined ? ["id of the organization's root"] : []),
        ...units.map(({ path }) => `id of organizational unit ${path}`),
      ],
      build: (scope, { DetectionStack }) => new DetectionStack(scope, name, landscape, region),
    },
  ];
}
