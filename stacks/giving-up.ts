import { type BaselinePlaces, baselinePlaces } from "../baseline/places";
import type { Deployed } from "../landscape/deployed/schema";
import type { Account, Landscape, OrganizationalUnit } from "../landscape/model";
import { baselineName, bucketName, evidenceKeyAliasName, iamPath } from "../landscape/names";
import { oneOf } from "../landscape/problems";
import { targetUnits } from "./baseline-targets";
import type { StackPlan } from "./candidate";
import { destroyCommand } from "./destroy-command";
import { planStacks } from "./index";
import { detectionServices, isLeftOut, serviceOf } from "./services-left-out";

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
 * What giving up each retired account, unit and region takes, and each service that is left out.
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
      .map((unit) => ofUnit(landscape, unit, last(unit.path, deployed?.organizationalUnits))),
    ...landscape.retiredRegions.map((region) =>
      ofRegion(landscape, region, stacks, last(region, deployed?.regions)),
    ),
    ...retiredUsers(landscape).map((user) => ofUser(landscape, user)),
    ...(deployed ? ofServices(landscape, stacks, deployed) : []),
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

const ofUnit = (landscape: Landscape, { path, id }: OrganizationalUnit, last: string): GivingUp => ({
  what: `organizational unit ${path} (${id}) stays in the organization, with its accounts; Terraform forgets it`,
  steps: [
    "npx cdktf deploy organization: Terraform forgets the unit",
    ...(isCovered(landscape, path)
      ? [last]
      : [
          "move its accounts into a unit that stays: as long as the line is there, the baseline reaches them through this one; without it what they have of it stays, and follows the kit no longer",
          id === undefined ? last : `${last}; ${keepCommands}`,
          ...(id === undefined
            ? []
            : takingOut(landscape, targetsOf(landscape, path, id), (part) => part.regions)),
        ]),
  ],
});

const keepCommands = "keep what follows, since it is not printed without the line";

/** Whether the baseline reaches a unit's accounts through a unit above it, now and later. */
const isCovered = ({ organizationalUnits }: Landscape, unit: string): boolean =>
  organizationalUnits.some(({ path, retired }) => !retired && unit.startsWith(`${path}/`));

/** A target covers all units below it: where some of them stay, only accounts that are directly in it are meant. */
const targetsOf = ({ organizationalUnits }: Landscape, unit: string, id: string): string[] =>
  organizationalUnits.some(({ path, retired }) => !retired && path.startsWith(`${unit}/`))
    ? [`OrganizationalUnitIds=${id},Accounts=<accounts directly in ${unit}>,AccountFilterType=INTERSECTION`]
    : [`OrganizationalUnitIds=${id}`];

/** Regions in which a part of the baseline no longer stands once one is no longer watched. */
function leavingWith(landscape: Landscape, region: string): (part: BaselinePlaces) => readonly string[] {
  const regions = landscape.regions.filter((other) => other !== region);
  const later = baselinePlaces({ ...landscape, regions });
  return (part) => {
    const left = later.find(({ scope }) => scope === part.scope)?.regions ?? [];
    return part.regions.filter((one) => !left.includes(one));
  };
}

/** Source: "DeploymentTargets" (AWS CloudFormation API reference): at most 50 units in a call. */
function unitsAtOnce(ids: readonly string[]): string[] {
  const calls = Math.ceil(ids.length / 50);
  return Array.from({ length: calls }, (_, index) => {
    const some = ids.slice(index * 50, (index + 1) * 50);
    return `OrganizationalUnitIds=${some.join(",")}`;
  });
}

/** By AWS's own choice, an account that fails, as a sealed one does, stops the others. */
const besideFailures =
  "--operation-preferences RegionConcurrencyType=PARALLEL,FailureTolerancePercentage=100,MaxConcurrentPercentage=100";

const retiredUsers = ({ access }: Landscape): { name: string; stack: string }[] =>
  (access?.doors ?? []).flatMap((door) =>
    "users" in door
      ? door.users
          .filter(({ retired }) => retired)
          .map(({ name }) => ({ name, stack: door.type === "iam-users" ? "identity" : "emergency-users" }))
      : [],
  );

const ofUser = (landscape: Landscape, { name, stack }: { name: string; stack: string }): GivingUp => ({
  what: `user ${iamPath(landscape)}${name} stays in AWS, and can take up nothing any more; Terraform forgets it`,
  steps: [
    `npx cdktf deploy ${stack}: Terraform forgets the user`,
    "delete its access keys, its MFA device and the user, by hand",
    "npx ir-kit lock, commit what it writes, and take the line out of the landscape with a later change",
  ],
});

/** In the reverse of the order in which they were made: with the roles go alarms and recorders first. */
function takingOut(
  landscape: Landscape,
  targets: readonly string[],
  regionsOf: (part: BaselinePlaces) => readonly string[],
): string[] {
  if (landscape.distribution !== "stackset") return [];
  const commands = baselinePlaces(landscape)
    .map((part) => ({ name: baselineName(landscape, part.scope), regions: regionsOf(part) }))
    .filter(({ regions }) => regions.length > 0)
    .reverse()
    .flatMap(({ name, regions }) =>
      targets.map(
        (target) =>
          `aws cloudformation delete-stack-instances --stack-set-name ${name} --region ${landscape.homeRegion} ` +
          `--deployment-targets ${target} --regions ${regions.join(" ")} --no-retain-stacks ${besideFailures}`,
      ),
    );
  const forget =
    "npx cdktf deploy baseline: Terraform forgets what stands there, and it stays in every account";
  if (commands.length === 0) return [forget];
  return [
    `${forget}; where it is to go, in the management account, each once the one before has ended:`,
    ...commands,
  ];
}

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
      `${last}; ${keepCommands}`,
      ...takingOut(
        landscape,
        unitsAtOnce(targetUnits(landscape).map(({ id }) => id)),
        leavingWith(landscape, region),
      ),
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

function ofServices(landscape: Landscape, stacks: readonly StackPlan[], deployed: Deployed): GivingUp[] {
  const addresses = deployed.stacks.flatMap(({ services = [] }) => services);
  const known = new Set(addresses.filter((address) => isLeftOut(landscape, address)).map(serviceOf));
  const leftOut = detectionServices.filter((service) => known.has(service));
  const asked = new Set(planStacks(landscape).stacks.map(({ name }) => name));
  const emptied = stacks.map(({ name }) => name).filter((name) => !asked.has(name));
  if (leftOut.length === 0 && emptied.length === 0) return [];
  return [
    {
      what:
        leftOut.length > 0
          ? `detection without ${oneOf(leftOut)}: what is on stays on in every account, and Terraform forgets it; ` +
            "administrators in the security account switch it off"
          : "detection: stacks in which nothing is left",
      steps: [
        "npx cdktf deploy '*'",
        "npx ir-kit lock, and commit what it writes",
        ...(emptied.length > 0
          ? [`npx ir-kit lock --gone ${emptied.join(" ")}: nothing is left in them`]
          : []),
      ],
    },
  ];
}
