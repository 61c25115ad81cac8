import type { KitStack } from "../constructs/kit-stack";
import type { Deployed, DeployedStack } from "../landscape/deployed/schema";
import { type CoreRole, type Landscape, listedAccounts } from "../landscape/model";
import { type FieldPath, type Finding, oneOf } from "../landscape/problems";
import { destroyCommand } from "./destroy-command";
import type { Plan } from "./index";
import { addressesIn, deployedStack, forgotten, isIdentity, standsOnDemand } from "./remembered";

/** A plan, and the stacks that were built of it. */
export interface BuiltPlan {
  readonly landscape: Landscape;
  readonly plan: Plan;
  readonly built: ReadonlyMap<string, KitStack>;
}

/**
 * Stacks that stand and that the landscape no longer asks for, that would move to another place, or that would lose
 * what is never destroyed.
 */
export function stackFindings(now: BuiltPlan, deployed: Deployed): Finding[] {
  const names = new Set([...now.plan.stacks, ...now.plan.omitted].map(({ name }) => name));
  const gone = deployed.stacks.filter(
    (stack) => !names.has(stack.name) && !isToldElsewhere(now, deployed, stack),
  );
  const baselines = gone.filter(({ name }) => /^baseline(-|$)/.test(name));
  const other = deployed.names.distribution !== now.landscape.distribution ? baselines : [];
  return [
    ...(other.length > 0 ? [otherDistribution(now.landscape, deployed, other)] : []),
    ...gone.filter((stack) => !other.includes(stack)).map(leftBehind),
    ...deployed.stacks.flatMap((stack) => moved(now, deployed, stack)),
    ...deployed.stacks.flatMap((stack) => losing(now, deployed, stack)),
  ];
}

/** Stacks as the lock file is to know them: those of the plan, and those that can't be reached any more. */
export function standing({ landscape, plan, built }: BuiltPlan, deployed?: Deployed): DeployedStack[] {
  const planned = plan.stacks.flatMap((stack) => {
    const made = built.get(stack.name);
    return made && !standsOnDemand(stack.name) ? [deployedStack(landscape, stack, made, deployed)] : [];
  });
  const names = new Set(planned.map(({ name }) => name));
  return [...planned, ...(deployed?.stacks ?? []).filter(({ name }) => !names.has(name))];
}

/** A region, an account or a home region that is missing is told of once; what stands in a lost hub can't be reached. */
function isToldElsewhere({ landscape }: BuiltPlan, deployed: Deployed, stack: DeployedStack): boolean {
  const inUse = ({ state }: { readonly state?: "retired" }) => state !== "retired";
  const regionDropped =
    !landscape.regions.includes(stack.region) &&
    deployed.regions.some((region) => region.name === stack.region && inUse(region));
  const accountDropped =
    !listedAccounts(landscape).some(({ id }) => id === stack.account) &&
    deployed.accounts.some((account) => account.id === stack.account && inUse(account));
  const homeMoved =
    stack.region === deployed.names.homeRegion && landscape.homeRegion !== deployed.names.homeRegion;
  return regionDropped || accountDropped || homeMoved || isLostHub(landscape, stack);
}

const isLostHub = ({ hub, sealed }: Landscape, { account }: DeployedStack): boolean =>
  sealed.id !== hub.id && account === sealed.id;

const place = ({ account, region }: DeployedStack): string => `account ${account}, ${region}`;

const leftBehind = (stack: DeployedStack): Finding => ({
  path: sectionOf(stack.name),
  message:
    `stack ${stack.name} stands in ${place(stack)} (deployed.lock.json), and nothing asks for it any more: it would be ` +
    `left behind, and cdktf destroy would no longer find it. Put back what asked for it; then ${howToDestroy(stack)}, ` +
    `npx ir-kit lock --gone ${stack.name}, and take it out`,
});

const howToDestroy = ({ name, kept = [] }: DeployedStack): string =>
  kept.every(isIdentity)
    ? destroyCommand([name])
    : `give it up, since Terraform never destroys ${oneOf(kept)} ("Giving up" in docs/operations.md)`;

const otherDistribution = (
  { distribution }: Landscape,
  { names }: Deployed,
  stacks: readonly DeployedStack[],
): Finding => {
  const list = stacks.map(({ name }) => name).join(" ");
  const destroyed = stacks.filter(({ name }) => name !== "baseline").map(({ name }) => name);
  const given =
    destroyed.length === stacks.length
      ? []
      : ['give up the baseline of the members ("Destroy" in docs/operations.md)'];
  const removed = destroyed.length === 0 ? [] : [destroyCommand(destroyed)];
  return {
    path: ["distribution"],
    message:
      `"${distribution}" was "${names.distribution}" at the last deployment (deployed.lock.json). Other stacks then make ` +
      `the same roles, policies and alarms, which AWS refuses while the old ones stand; left behind would be: ${list}. ` +
      `Write ${names.distribution} back, then ${[...removed, ...given].join(", ")}, npx ir-kit lock --gone ${list}, and ` +
      `change it. Until the new baseline stands, responders have no roles in the accounts`,
  };
};

/** The part of the landscape from which a stack comes. */
function sectionOf(name: string): FieldPath {
  const sections: readonly (readonly [RegExp, FieldPath])[] = [
    [/^(evidence-|custody$|forensic)/, ["forensics"]],
    [/^(detection|administrator|delegation)-/, ["detection"]],
    [/^(log-archive|trail|log-analytics)$/, ["logging"]],
    [/^(identity|emergency-users)$/, ["access", "doors"]],
    [/^(access|alarms-.*|cases|response|sweep|guardrails)$/, ["access"]],
    [/^baseline/, ["members"]],
  ];
  return sections.find(([pattern]) => pattern.test(name))?.[1] ?? [];
}

/** The same stack in another account or region: Terraform would find nothing there, and make everything anew. */
function moved({ plan, landscape }: BuiltPlan, deployed: Deployed, stack: DeployedStack): Finding[] {
  const now = plan.stacks.find(({ name }) => name === stack.name);
  if (!now || (now.account.id === stack.account && now.region === stack.region)) return [];
  const told =
    now.account.id === stack.account
      ? landscape.homeRegion !== deployed.names.homeRegion
      : isLostHub(landscape, stack) || coreMoved(landscape, deployed, stack.account);
  if (told) return [];
  return [
    {
      path: sectionOf(stack.name),
      message:
        `stack ${stack.name} stands in ${place(stack)} (deployed.lock.json), and would be made anew in account ` +
        `${now.account.id}, ${now.region}: the old one would be left behind. Put back what asked for it`,
    },
  ];
}

const coreMoved = ({ accounts }: Landscape, deployed: Deployed, account: string): boolean =>
  deployed.accounts.some(
    ({ id, core = [] }) => id === account && core.some((role) => accounts[role as CoreRole].id !== id),
  );

/** `prevent_destroy` holds only what is in the configuration: what leaves it is planned for removal like all else. */
function losing({ landscape, built }: BuiltPlan, deployed: Deployed, stack: DeployedStack): Finding[] {
  const now = built.get(stack.name);
  if (!now || !stack.kept) return [];
  const present = addressesIn(now);
  const handled = new Set(forgotten(now, stack.name, landscape, deployed).map(({ from }) => from));
  const lost = stack.kept.filter((address) => !present.has(address) && !handled.has(address));
  const told = stack.name === "organization" ? lost.filter((one) => !/^aws_organizations_/.test(one)) : lost;
  if (told.length === 0) return [];
  const way = told.every(isIdentity)
    ? "or say state: retired in its line: then Terraform forgets it, and it stays in AWS"
    : 'or give it up: "Giving up" in docs/operations.md';
  return [
    {
      path: sectionOf(stack.name),
      message:
        `stack ${stack.name} would destroy ${oneOf(told)}, which holds data or an identity (deployed.lock.json). Put back ` +
        `what asked for it, ${way}`,
    },
  ];
}
