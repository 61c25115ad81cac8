import type { Forensics, Landscape } from "../landscape/model";
import { type Candidate, core, idsMissing, organizationMissing } from "./candidate";
import { ForensicEndpointsStack } from "./forensic-endpoints";
import { ForensicsStack } from "./forensics";

const forensicsName = (region: string): string => `forensics-${region}`;

/** The stack that stands only on demand, unless the landscape says always. */
export const endpointsName = (region: string): string => `forensic-endpoints-${region}`;

/**
 * Networks of each region, and their endpoints.
 *
 * @param demanded names of stacks that stand on demand and are wanted now
 */
export const forensicsStacks = (
  landscape: Landscape,
  forensics: Forensics,
  demanded: readonly string[],
): Candidate[] =>
  forensics.regions.flatMap((region) => [
    networks(landscape, forensics, region),
    ...(forensics.endpoints === "always" || demanded.includes(endpointsName(region))
      ? [endpoints(landscape, forensics, region)]
      : []),
  ]);

const missing = (landscape: Landscape): string[] => [
  ...organizationMissing(landscape),
  ...idsMissing(...core(landscape)),
];

function networks(landscape: Landscape, forensics: Forensics, region: string): Candidate {
  const name = forensicsName(region);
  return {
    name,
    account: landscape.accounts.forensics,
    region,
    dependsOn: ["organization", ...(landscape.logging.owner === "kit" ? ["log-archive"] : [])],
    missing: missing(landscape),
    build: (scope) => new ForensicsStack(scope, name, landscape, forensics, region),
  };
}

function endpoints(landscape: Landscape, forensics: Forensics, region: string): Candidate {
  const name = endpointsName(region);
  return {
    name,
    account: landscape.accounts.forensics,
    region,
    // On demand it is deployed alone, into a network that stands.
    dependsOn: forensics.endpoints === "always" ? [forensicsName(region)] : [],
    missing: missing(landscape),
    build: (scope) => new ForensicEndpointsStack(scope, name, landscape, region),
  };
}
