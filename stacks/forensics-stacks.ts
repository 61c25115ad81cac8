import type { Construct } from "constructs";
import type { KitStack } from "../constructs/kit-stack";
import type { Forensics, Landscape } from "../landscape/model";
import { type Candidate, core, idsMissing, organizationMissing } from "./candidate";
import { ForensicEndpointsStack } from "./forensic-endpoints";
import { ForensicsStack } from "./forensics";

/** The stack that stands only on demand, unless the landscape says always. */
const endpointsName = (region: string): string => `forensic-endpoints-${region}`;

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
  forensics.regions.flatMap((region) => {
    const stack = (
      name: string,
      dependsOn: readonly string[],
      build: (scope: Construct) => KitStack,
    ): Candidate => ({
      name,
      account: landscape.accounts.forensics,
      region,
      dependsOn,
      missing: [...organizationMissing(landscape), ...idsMissing(...core(landscape))],
      build,
    });
    const networks = `forensics-${region}`;
    const endpoints = endpointsName(region);
    const always = forensics.endpoints === "always";
    return [
      stack(
        networks,
        ["organization", ...(landscape.logging.owner === "kit" ? ["log-archive"] : [])],
        (scope) => new ForensicsStack(scope, networks, landscape, forensics, region),
      ),
      ...(always || demanded.includes(endpoints)
        ? [
            stack(
              endpoints,
              // On demand it is deployed alone, into a network that stands.
              always ? [networks] : [],
              (scope) => new ForensicEndpointsStack(scope, endpoints, landscape, region),
            ),
          ]
        : []),
    ];
  });
