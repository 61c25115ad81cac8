import { TerraformResource } from "cdktf";
import { Forgotten } from "../constructs/forgotten";
import type { KitStack } from "../constructs/kit-stack";
import type { Deployed, DeployedStack } from "../landscape/deployed/schema";
import { forensicEndpointsStack } from "../landscape/forensic-names";
import type { Landscape } from "../landscape/model";
import { accountId, accountKey, unitKey } from "../landscape/names";
import type { StackPlan } from "./candidate";
import { isLeftOut, serviceOf } from "./services-left-out";

/** Users carry keys and MFA devices that people have made by hand. */
const identities: readonly string[] = ["aws_iam_user"];

/** Whether an address is that of a user, and not of what holds data. */
export const isIdentity = (address: string): boolean =>
  identities.some((type) => address.startsWith(`${type}.`));

/** Stacks in the accounts of members hang on these: what is no longer asked for goes on standing, and is given up by hand. */
const distributed: readonly string[] = [
  "aws_cloudformation_stack_set",
  "aws_cloudformation_stack_set_instance",
];

const isDistributed = (address: string): boolean =>
  distributed.some((type) => address.startsWith(`${type}.`));

const resourcesOf = (stack: KitStack): TerraformResource[] =>
  stack.node.findAll().filter((one): one is TerraformResource => TerraformResource.isTerraformResource(one));

const addressOf = (resource: TerraformResource): string =>
  `${resource.terraformResourceType}.${resource.friendlyUniqueId}`;

const isKept = ({ lifecycle, terraformResourceType }: TerraformResource): boolean =>
  lifecycle?.preventDestroy === true || [...identities, ...distributed].includes(terraformResourceType);

/** Addresses of what a stack has of data, identity and evidence, and what it distributes: no deployment destroys it. */
export const keptIn = (stack: KitStack): string[] => resourcesOf(stack).filter(isKept).map(addressOf).sort();

/** Addresses of what a stack has of the services of `detection`: Terraform forgets it where its service is left out. */
export const servicesIn = (stack: KitStack): string[] =>
  [...addressesIn(stack)].filter((address) => serviceOf(address) !== undefined).sort();

/** Addresses of all resources of a stack. */
export const addressesIn = (stack: KitStack): ReadonlySet<string> =>
  new Set(resourcesOf(stack).map(addressOf));

/** Made and destroyed as it is wanted, so that nobody misses it. */
export const standsOnDemand = (name: string): boolean => name.startsWith(forensicEndpointsStack(""));

/** A stack as the lock file knows it. */
export function deployedStack(
  landscape: Landscape,
  plan: StackPlan,
  built: KitStack,
  deployed?: Deployed,
): DeployedStack {
  const kept = keptIn(built);
  const services = servicesIn(built);
  const gone = forgotten(built, plan.name, landscape, deployed).map(({ from }) => from);
  const account = accountId(plan.account);
  return {
    name: plan.name,
    account,
    region: plan.region,
    ...(account !== landscape.accounts.management.id && { role: landscape.deployRole }),
    ...(kept.length > 0 && { kept }),
    ...(services.length > 0 && { services }),
    ...(gone.length > 0 && { forgotten: gone }),
  };
}

/** A block by which Terraform forgets a resource that left the configuration, and leaves it standing in AWS. */
export interface RemovedBlock {
  readonly from: string;
  readonly lifecycle: { readonly destroy: false };
}

/**
 * What a stack no longer makes and must not destroy: users, accounts and units that the landscape retires, those that it
 * has retired once and no longer lists, services that it leaves out, and what it no longer distributes.
 */
export function forgotten(
  stack: KitStack,
  name: string,
  landscape: Landscape,
  deployed?: Deployed,
): RemovedBlock[] {
  const present = addressesIn(stack);
  const known = deployed?.stacks.find((one) => one.name === name);
  const addresses = [
    ...stack.node
      .findAll()
      .filter((one): one is Forgotten => one instanceof Forgotten)
      .map(({ address }) => address),
    ...(name === "organization" ? ofOrganization(landscape, deployed) : []),
    ...(known?.kept ?? []).filter(isDistributed),
    ...(known?.services ?? []).filter((address) => isLeftOut(landscape, address)),
    ...(known?.forgotten ?? []),
  ];
  return [...new Set(addresses)]
    .filter((address) => !present.has(address))
    .sort()
    .map((from) => ({ from, lifecycle: { destroy: false } }));
}

function ofOrganization(landscape: Landscape, deployed: Deployed | undefined): string[] {
  const accounts = givenUp(landscape.members, deployed?.accounts).map((account) => accountKey(account.name));
  const units = givenUp(landscape.organizationalUnits, deployed?.organizationalUnits).map(({ path }) =>
    unitKey(path),
  );
  return [
    ...accounts.map((key) => `aws_organizations_account.${key}`),
    ...units.map((key) => `aws_organizations_organizational_unit.${key}`),
  ];
}

/** What a line and the lock file say may differ in all but the id: Terraform knows what stood by what the latter says. */
function givenUp<
  Line extends { readonly id?: string; readonly retired?: true },
  Entry extends { readonly id?: string; readonly state?: "retired" },
>(lines: readonly Line[], entries: readonly Entry[] = []): (Line | Entry)[] {
  const retired = lines.filter((line) => line.retired);
  const ids = new Set(retired.map(({ id }) => id));
  return [
    ...retired,
    ...entries.filter(({ id, state }) => state === "retired" || (id !== undefined && ids.has(id))),
  ];
}
