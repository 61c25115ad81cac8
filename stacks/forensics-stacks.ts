import { forensicEndpointsStack } from "../landscape/forensic-names";
import { evidenceRegions, type Forensics, type Landscape } from "../landscape/model";
import { type Candidate, core, idsMissing, organizationMissing, type StackPlan } from "./candidate";

const evidenceName = (region: string): string => `evidence-${region}`;

/** The stack that stands only on demand, unless the landscape says always. */

/**
 * Evidence of each region, its custody, networks in which it is looked at, and their endpoints.
 *
 * @param demanded names of stacks that stand on demand and are wanted now
 */
export function forensicsStacks(
  landscape: Landscape,
  forensics: Forensics,
  demanded: readonly string[],
): Candidate[] {
  const stack = (
    name: string,
    region: string,
    dependsOn: readonly string[],
    build: StackPlan["build"],
  ): Candidate => ({
    name,
    account: landscape.accounts.forensics,
    region,
    dependsOn,
    missing: [...organizationMissing(landscape), ...idsMissing(...core(landscape))],
    build,
  });
  const evidence = evidenceRegions(landscape, forensics).map((region) => {
    const name = evidenceName(region);
    return stack(
      name,
      region,
      ["organization"],
      (scope, { EvidenceStack }) => new EvidenceStack(scope, name, landscape, forensics.evidence, region),
    );
  });
  const custody = stack(
    "custody",
    landscape.homeRegion,
    evidence.map(({ name }) => name),
    (scope, { CustodyStack }) => new CustodyStack(scope, "custody", landscape, forensics),
  );
  return [...evidence, custody, ...forensics.regions.flatMap(networksOf)];

  function networksOf(region: string): Candidate[] {
    const networks = `forensics-${region}`;
    const endpoints = forensicEndpointsStack(region);
    const always = forensics.endpoints === "always";
    return [
      stack(
        networks,
        region,
        // A template names the profile of its machines, which has to stand.
        [
          "organization",
          evidenceName(region),
          "custody",
          ...(landscape.logging.owner === "kit" ? ["log-archive"] : []),
        ],
        (scope, { ForensicsStack }) => new ForensicsStack(scope, networks, landscape, forensics, region),
      ),
      ...(always || demanded.includes(endpoints)
        ? [
            stack(
              endpoints,
              region,
              // On demand it is deployed alone, into a network that stands.
              always ? [networks] : [],
              (scope, { ForensicEndpointsStack }) =>
                new ForensicEndpointsStack(scope, endpoints, landscape, region),
            ),
          ]
        : []),
    ];
  }
}
