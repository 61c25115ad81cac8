import type { Deployed } from "../landscape/deployed/schema";
import type { Account, Landscape, OrganizationalUnit } from "../landscape/model";
import { bucketName, evidenceKeyAliasName } from "../landscape/names";
import type { StackPlan } from "./candidate";
import { destroyCommand } from "./destroy-command";

/** Something that is given up, and what is left to do until its line can go. */
export interface GivingUp {
  readonly what: string;
  /** In this order. */
  readonly steps: readonly string[];
}

/** What the lock file knows of an account, a unit or a region. */
interface Entry {
  readonly name?: string;
  readonly path?: string;
  readonly state?: "retired";
}

/**
 * What giving up each retired account, unit and region takes.
 *
 * @param stacks of the plan, in the order of deployment
 */
export function givingUp(
  landscape: Landscape,
  stacks: readonly StackPlan[],
  deployed?: Deployed,
): GivingUp[] {
  const isRecorded = (name: string, entries: readonly Entry[] = []) =>
    entries.some((entry) => entry.state === "retired" && (entry.name ?? entry.path) === name);
  const last = (name: string, entries?: readonly Entry[]): string =>
    isRecorded(name, entries)
      ? "take its line out of the landscape"
      : "npx ir-kit lock, commit what it writes, and take the line out of the landscape with a later change";
  return [
    ...landscape.members
      .filter(({ retired }) => retired)
      .map((account) => ofAccount(account, stacks, last(account.name, deployed?.accounts))),
    ...landscape.organizationalUnits
      .filter(({ retired }) => retired)
      .map((unit) => ofUnit(unit, last(unit.path, deployed?.organizationalUnits))),
    ...landscape.retiredRegions.map((region) =>
      ofRegion(landscape, region, stacks, last(region, deployed?.regions)),
    ),
  ];
}

/** The last to be deployed go first. */
const destroying = (stacks: readonly StackPlan[]): string[] => {
  const names = stacks.map(({ name }) => name).reverse();
  return names.length === 0
    ? []
    : [
        destroyCommand(names),
        `npx ir-kit lock --gone ${names.join(" ")}: until then a deployment would make them anew`,
      ];
};

const ofAccount = ({ name, id }: Account, stacks: readonly StackPlan[], last: string): GivingUp => ({
  what: `account ${name} (${id}) stays in the organization, with all that is in it; Terraform forgets it`,
  steps: [
    "npx cdktf deploy organization: Terraform forgets the account",
    ...destroying(stacks.filter(({ account }) => account.id === id)),
    "close the account in AWS, if that is wanted: AWS keeps it for 90 days; evidence of it stays in the forensics account",
    last,
  ],
});

const ofUnit = ({ path, id }: OrganizationalUnit, last: string): GivingUp => ({
  what: `organizational unit ${path} (${id}) stays in the organization, with its accounts; Terraform forgets it`,
  steps: [
    "npx cdktf deploy organization: Terraform forgets the unit",
    "move its accounts into a unit that stays: as long as the line is there, the baseline reaches them through this one; without it what they have of it stays, and follows the kit no longer",
    last,
  ],
});

function ofRegion(
  landscape: Landscape,
  region: string,
  stacks: readonly StackPlan[],
  last: string,
): GivingUp {
  const there = stacks.filter((stack) => stack.region === region);
  const evidence = there.filter(({ name }) => name === `evidence-${region}`);
  const others = there.filter((stack) => !evidence.includes(stack) && !stays(landscape, stack));
  return {
    what: `region ${region}: everything there stays as it is until it is destroyed by name`,
    steps: [
      ...destroying(others),
      ...(evidence.length > 0 ? evidenceSteps(landscape, region) : []),
      `${last}: the next deployment then forgets the regional baseline there, which stays in every account ("Destroy" in docs/operations.md says how to take it out)`,
    ],
  };
}

/** The regional baseline of the management account stands wherever IAM and Organizations emit their events. */
const stays = ({ partition }: Landscape, { name, region }: StackPlan): boolean =>
  region === partition.globalEventRegion && name.startsWith("baseline-");

function evidenceSteps(landscape: Landscape, region: string): string[] {
  const { lock = "governance", lockDays, maximumDays } = landscape.forensics?.evidence ?? {};
  const bucket = bucketName(landscape, "evidence", region);
  const directory = `cdktf.out/stacks/evidence-${region}`;
  return [
    `leave the line as it is while ${bucket} holds evidence: each piece is locked (${lock}) for ${lockDays} days or, where that was lengthened, up to ${maximumDays}; snapshots and pieces are lost with the key ${evidenceKeyAliasName(landscape)}`,
    `once nothing is needed: terraform -chdir=${directory} state rm $(terraform -chdir=${directory} state list), npx ir-kit lock --gone evidence-${region}, delete the buckets, and schedule the deletion of the key, by hand`,
  ];
}
