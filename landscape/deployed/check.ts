import { type Account, type CoreRole, coreRoles, isCreated, type Landscape, listedAccounts } from "../model";
import { type FieldPath, type Finding, oneOf, show } from "../problems";
import { nameFindings } from "./names";
import type { Deployed, DeployedAccount, DeployedStack, DeployedUnit } from "./schema";

/**
 * Lines that a landscape has lost or changed since something was deployed from them: each would have Terraform destroy
 * what stands, or leave it behind. What stacks say is asked elsewhere.
 */
export const lineFindings = (landscape: Landscape, deployed: Deployed): Finding[] => [
  ...nameFindings(landscape, deployed),
  ...deployed.accounts.flatMap((entry) => accountFindings(landscape, deployed, entry)),
  ...deployed.organizationalUnits.flatMap((entry) => unitFindings(landscape, entry)),
  ...deployed.regions.flatMap((entry) =>
    entry.state === "retired" || landscape.regions.includes(entry.name)
      ? []
      : [droppedRegion(landscape, deployed, entry.name)],
  ),
];

/** What a line says until nothing is left of what it stood for. */
const untilRecorded =
  "Put the line back; to give it up, add state: retired to it, and take it out once npx ir-kit lock has recorded that";

const inLock = "deployed.lock.json";

function accountFindings(landscape: Landscape, deployed: Deployed, entry: DeployedAccount): Finding[] {
  const current = listedAccounts(landscape).find(({ id, name }) =>
    entry.id === undefined || id === undefined ? name === entry.name : id === entry.id,
  );
  if (entry.state === "retired") return current && isCreated(current) ? [comesBack(landscape, current)] : [];
  const core = coreFindings(landscape, deployed, entry);
  if (core.length > 0) return core;
  const sameName = listedAccounts(landscape).find(({ name }) => name === entry.name);
  if (!current) return [sameName ? otherId(landscape, sameName, entry) : droppedAccount(entry)];
  const path = pathOf(landscape, current);
  if (current.retired) return [];
  if (!entry.made) {
    return entry.id !== undefined && isCreated(current)
      ? [{ path, message: madeByOthers(titleOf(entry), entry.id) }]
      : [];
  }
  if (!isCreated(current)) return [{ path, message: withoutCreate(entry) }];
  return current.name === entry.name ? [] : [{ path: [...path, "name"], message: renamed(entry, current) }];
}

const titleOf = ({ name, id }: DeployedAccount): string =>
  id === undefined ? `account ${name}` : `account ${name} (${id})`;

const droppedAccount = (entry: DeployedAccount): Finding => ({
  path: ["members"],
  message:
    `${titleOf(entry)} is no longer listed, and ${inLock} knows it: ` +
    (entry.made
      ? "the kit has made it, and Terraform would plan to destroy it. "
      : "what stands in it would be left behind. ") +
    untilRecorded,
});

const withoutCreate = (entry: DeployedAccount): string =>
  `${titleOf(entry)} no longer says create, and ${inLock} knows that the kit has made it: Terraform would plan to ` +
  `destroy it. Put create back${entry.core ? "" : ", or say state: retired: then Terraform forgets the account and leaves it as it is"}`;

const madeByOthers = (title: string, id: string): string =>
  `${title} says create, and ${inLock} knows that others have made it: Terraform would make another. Leave create ` +
  `out, and give its id ${id}`;

const renamed = (entry: DeployedAccount, { name }: Account): string =>
  `${show(name)} was ${show(entry.name)}, by which Terraform knows ${titleOf(entry)} (${inLock}): it would plan to ` +
  `destroy it and to make another. Write ${show(entry.name)}`;

const otherId = (landscape: Landscape, current: Account, entry: DeployedAccount): Finding => ({
  path: [...pathOf(landscape, current), "id"],
  message: `${show(current.id)} was ${show(entry.id)} (${inLock}): what stands in the one account does not move to the other. ${untilRecorded}`,
});

const comesBack = (landscape: Landscape, current: Account): Finding => ({
  path: pathOf(landscape, current),
  message:
    `account ${current.name} was retired (${inLock}), and Terraform has forgotten it: it would make another. Give its ` +
    "id and leave create out",
});

/** An account has a place of its own, or falls to the security account and has that one's. */
function pathOf(landscape: Landscape, account: Account): FieldPath {
  const member = landscape.members.indexOf(account);
  if (member >= 0) return ["members", member];
  return ["accounts", coreRoles.find((role) => landscape.accounts[role] === account) ?? "security"];
}

/** A core account is where stacks stand: another in its place has none of them. */
function coreFindings(landscape: Landscape, { stacks }: Deployed, entry: DeployedAccount): Finding[] {
  const moved = (entry.core ?? []).filter((role): role is CoreRole => {
    const current = landscape.accounts[role as CoreRole];
    return entry.id !== undefined && current?.id !== entry.id;
  });
  const there = stacks.filter(({ account }) => account === entry.id).map(({ name }) => name);
  return moved.map((role) => ({
    path: ["accounts", role],
    message:
      `was ${titleOf(entry)}, where ${inLock} knows ${there.length === 0 ? "no stack yet" : oneOf(there)}: they would be ` +
      `made anew in account ${landscape.accounts[role].name}, and the old ones left behind with what they hold. ` +
      "Put the line back: a core account can't be given up while stacks stand in it",
  }));
}

function unitFindings({ organizationalUnits }: Landscape, entry: DeployedUnit): Finding[] {
  const index = organizationalUnits.findIndex(({ id, path }) =>
    entry.id === undefined || id === undefined ? path === entry.path : id === entry.id,
  );
  const unit = organizationalUnits[index];
  const path = ["organizationalUnits", index];
  const title = `organizational unit ${entry.path}${entry.id === undefined ? "" : ` (${entry.id})`}`;
  if (entry.state === "retired") {
    return unit?.created
      ? [
          {
            path,
            message: `${title} was retired (${inLock}), and Terraform has forgotten it: it would make another. Give its id and leave create out`,
          },
        ]
      : [];
  }
  if (!unit) return [droppedUnit(organizationalUnits, entry, title)];
  if (unit.retired) return [];
  if (!entry.made) {
    return entry.id !== undefined && unit.created ? [{ path, message: madeByOthers(title, entry.id) }] : [];
  }
  if (!unit.created) {
    return [
      {
        path,
        message: `${title} no longer says create: true, and ${inLock} knows that the kit has made it: Terraform would plan to destroy it. Put create: true back, or say state: retired: then Terraform forgets the unit and leaves it as it is`,
      },
    ];
  }
  return unit.path === entry.path
    ? []
    : [
        {
          path: [...path, "path"],
          message: `${show(unit.path)} was ${show(entry.path)}, by which Terraform knows the unit (${inLock}): it would plan to destroy it and to make another. Write ${show(entry.path)}`,
        },
      ];
}

function droppedUnit(units: Landscape["organizationalUnits"], entry: DeployedUnit, title: string): Finding {
  const same = units.findIndex(({ path }) => path === entry.path);
  if (same >= 0) {
    return {
      path: ["organizationalUnits", same, "id"],
      message: `${show(units[same]?.id)} was ${show(entry.id)} (${inLock}): the baseline would be taken from accounts of the one unit. ${untilRecorded}`,
    };
  }
  return {
    path: ["organizationalUnits"],
    message:
      `${title} is no longer listed, and ${inLock} knows it: ` +
      (entry.made ? "the kit has made it, and Terraform would plan to destroy it; " : "") +
      `accounts below it would lose the roles of responders, the quarantine and their alarms. ${untilRecorded}`,
  };
}

function droppedRegion({ partition }: Landscape, { stacks }: Deployed, name: string): Finding {
  // The baseline reaches the region in which IAM emits its events, watched or not.
  const stays = (stack: DeployedStack) =>
    name === partition.globalEventRegion && stack.name.startsWith("baseline-");
  const there = stacks.filter((stack) => stack.region === name && !stays(stack)).map((stack) => stack.name);
  return {
    path: ["regions"],
    message:
      `${show(name)} is no longer among them, and ${inLock} knows it` +
      `${there.length === 0 ? "" : `: ${oneOf(there)} would be left behind, and cdktf destroy would no longer find them`}. ` +
      `Put it back; to give it up, write { name: ${name}, state: retired }: npx ir-kit validate then says what stands there and how it goes`,
  };
}
