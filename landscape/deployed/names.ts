import type { Landscape } from "../model";
import { type FieldPath, type Finding, oneOf, show } from "../problems";
import { backendName, isToBeMoved } from "./record";
import type { Deployed } from "./schema";

/** Stacks that hold what Terraform never destroys, each with how much of it. */
const keeping = ({ stacks }: Deployed): string => {
  const all = stacks
    .map(({ name, kept = [] }) => ({
      name,
      count: kept.filter((one) => !one.startsWith("aws_iam_user.")).length,
    }))
    .filter(({ count }) => count > 0);
  return all.length === 0 ? "none" : oneOf(all.map(({ name, count }) => `${name} (${count})`));
};

const secondDeployment =
  "A second deployment has a folder of its own for its landscape and its lock file; to give this one up, see " +
  '"Giving up" in docs/operations.md';

/** Fields of which every stack is made: another value replaces what stands, or leaves it behind. */
export function nameFindings(landscape: Landscape, deployed: Deployed): Finding[] {
  const { names } = deployed;
  const changed = (path: FieldPath, now: string, was: string | undefined, outcome: string): Finding[] =>
    was === undefined || now === was
      ? []
      : [
          {
            path,
            message:
              `${show(now)} was ${show(was)} at the last deployment (deployed.lock.json): ${outcome}. ` +
              `Write ${show(was)} back. ${secondDeployment}`,
          },
        ];
  const everywhere = `${deployed.stacks.length} stacks`;
  const home = deployed.stacks.filter(({ region }) => region === names.homeRegion).map(({ name }) => name);
  const { organization, partition, homeRegion } = landscape;
  const backend = isToBeMoved(landscape, names.backend) ? undefined : names.backend;
  return [
    ...changed(
      ["organization", "name"],
      organization.name,
      names.organization,
      `every name that the kit has made begins with it, so Terraform would replace what stands in ${everywhere}, and ` +
        `fail at what it never destroys: ${keeping(deployed)}`,
    ),
    ...changed(
      ["organization", "id"],
      organization.id ?? names.organizationId ?? "",
      names.organizationId,
      `all ${everywhere} stand in that organization, and would be left behind there`,
    ),
    ...changed(
      ["organization", "partition"],
      partition.name,
      names.partition,
      `all ${everywhere} stand in that partition, and would be left behind there`,
    ),
    ...changed(
      ["backend"],
      backendName(landscape),
      backend,
      `state of ${everywhere} lies there. Terraform would find none, and make everything anew beside what stands`,
    ),
    ...changed(
      ["homeRegion"],
      homeRegion,
      names.homeRegion,
      `${oneOf(home)} stand there. Terraform would make them anew in ${homeRegion}, and leave behind or replace the old ` +
        `ones; it never destroys what these hold: ${keeping(deployed)}`,
    ),
  ];
}
