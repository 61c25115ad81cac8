import { existsSync } from "node:fs";
import path from "node:path";
import { deployedFile } from "../landscape/deployed/file";
import type { Deployed, DeployedStack } from "../landscape/deployed/schema";
import { accountKey, unitKey } from "../landscape/names";
import { oneOf, show } from "../landscape/problems";
import { destroyCommand } from "../stacks/destroy-command";
import { deployedOrRefuse, writeDeployed } from "./deployed";
import { Refused, WrongUse } from "./errors";
import type { Reporter } from "./reporter";
import { type RunOptions, TerraformStackDirectory } from "./terraform";

export interface DropOptions {
  readonly file: string;
  readonly stacks: readonly string[];
  /** Where the stacks were synthesized last: `cdktf.out`. */
  readonly directory: string;
  readonly reporter: Reporter;
  readonly terraform?: RunOptions;
}

/**
 * Drops from the lock file what Terraform's state of some stacks no longer has: whole stacks, or what they kept.
 *
 * @returns a line for each thing that was dropped
 * @throws WrongUse for a stack that the lock file or the synthesis doesn't have, Refused for one that still stands
 */
export async function dropGone(options: DropOptions): Promise<string[]> {
  const { file, stacks, directory, reporter, terraform } = options;
  const before = deployedOrRefuse(file);
  if (!before) throw new WrongUse(`there is no ${deployedFile(file)}; npx ir-kit lock writes it`);
  let record = before;
  const dropped: string[] = [];
  for (const name of stacks) {
    const folder = folderOf(before, directory, name);
    const present = await reporter.step(`state of ${name}`, async () => {
      const stack = new TerraformStackDirectory(name, folder, terraform);
      await stack.init();
      return stack.managed();
    });
    if (!present) throw new Refused(noState(name));
    const after = withoutGone(record, name, present);
    if (after.dropped.length === 0) throw new Refused(stillStands(record, name, present));
    dropped.push(...after.dropped);
    record = after.record;
  }
  await writeDeployed(file, record, before);
  return dropped;
}

function folderOf({ stacks }: Deployed, directory: string, name: string): string {
  const names = stacks.map((stack) => stack.name);
  if (!names.includes(name))
    throw new WrongUse(`--gone ${show(name)}: the lock file knows no such stack; it knows ${oneOf(names)}`);
  const folder = path.join(directory, "stacks", name);
  if (existsSync(folder)) return folder;
  throw new WrongUse(
    `--gone ${name}: ${folder} is missing, by which its state would be read; run npx cdktf synth with the landscape that still has it`,
  );
}

/** Nothing in AWS stands for it. */
const isOfTerraform = (address: string): boolean => address.startsWith("terraform_data.");

function stillStands({ stacks }: Deployed, name: string, present: readonly string[]): string {
  const { services = [], forgotten = [] } = stacks.find((stack) => stack.name === name) ?? {};
  const toForget = new Set([...services, ...forgotten]);
  const isForgotten = present.every((address) => toForget.has(address) || isOfTerraform(address));
  const first = isForgotten
    ? `Have Terraform forget it first, once the landscape leaves it out: npx cdktf deploy ${name}`
    : `Destroy it first: ${destroyCommand([name])}`;
  return `stack ${name} still stands: Terraform's state has ${oneOf(present)}. ${first}`;
}

const noState = (name: string): string =>
  `there is no state of stack ${name}: it was never deployed, or its state lies elsewhere, as local state of another ` +
  "machine does. Where it was never deployed, take its line out of deployed.lock.json by hand";

interface Drop {
  readonly record: Deployed;
  readonly dropped: readonly string[];
}

/** Pure: the lock file without what a stack's state has no longer. */
export function withoutGone(deployed: Deployed, name: string, present: readonly string[]): Drop {
  const managed = new Set(present);
  const own = deployed.stacks.find((stack) => stack.name === name);
  const lost = addressLists.flatMap((list) => own?.[list] ?? []).filter((address) => !managed.has(address));
  const whole = present.every(isOfTerraform) && name !== "organization";
  const stacks = deployed.stacks.flatMap((stack) => {
    if (stack.name !== name) return [stack];
    if (whole) return [];
    const { kept: _, services: __, forgotten: ___, ...place } = stack;
    return [{ ...place, ...addressesLeft(stack, managed) }];
  });
  const made = name === "organization" ? madeGone(deployed, managed) : { ...deployed, lines: [] };
  const { lines, ...record } = made;
  return {
    record: { ...record, stacks },
    dropped: [
      ...(whole ? [`dropped: stack ${name}`] : lost.map((address) => `dropped: ${address} of stack ${name}`)),
      ...lines,
    ],
  };
}

const addressLists = ["kept", "services", "forgotten"] as const;

type Addresses = Pick<DeployedStack, (typeof addressLists)[number]>;

const addressesLeft = (stack: DeployedStack, managed: ReadonlySet<string>): Addresses =>
  Object.fromEntries(
    addressLists
      .map((list) => [list, (stack[list] ?? []).filter((address) => managed.has(address))] as const)
      .filter(([, addresses]) => addresses.length > 0),
  );

/** Accounts and units that the kit was to make or has made, and that Terraform doesn't know any more. */
function madeGone(deployed: Deployed, managed: ReadonlySet<string>): Deployed & { lines: readonly string[] } {
  const goneAccount = ({ name, made, state }: Deployed["accounts"][number]) =>
    (made === true || state === "retired") && !managed.has(`aws_organizations_account.${accountKey(name)}`);
  const goneUnit = ({ path: unit, made, state }: Deployed["organizationalUnits"][number]) =>
    (made === true || state === "retired") &&
    !managed.has(`aws_organizations_organizational_unit.${unitKey(unit)}`);
  return {
    ...deployed,
    accounts: deployed.accounts.filter((entry) => !goneAccount(entry)),
    organizationalUnits: deployed.organizationalUnits.filter((entry) => !goneUnit(entry)),
    lines: [
      ...deployed.accounts.filter(goneAccount).map(({ name }) => `dropped: account ${name}`),
      ...deployed.organizationalUnits.filter(goneUnit).map(({ path: unit }) => `dropped: unit ${unit}`),
    ],
  };
}
