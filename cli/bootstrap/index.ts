import path from "node:path";
import { AssumeRoleCommand } from "@aws-sdk/client-sts";
import { hasId, type Landscape, listedAccounts } from "../../landscape";
import { deployRoleArn } from "../../landscape/arns";
import { type Plan, planStacks } from "../../stacks";
import { compare, synthesize } from "../../stacks/synthesize";
import {
  besideLandscape,
  deployedOrRefuse,
  recordDeployed,
  recordMovedState,
  refuseLossesBeforeIds,
} from "../deployed";
import { Refused } from "../errors";
import { loadOrRefuse } from "../landscape";
import type { Reporter } from "../reporter";
import { type RunOptions, TerraformStackDirectory } from "../terraform";
import { type ManagementClients, managementClients } from "./clients";
import { findExisting, missingTags } from "./existing";
import { createCutPolicy, missingDelegation, missingPolicyTypes } from "./guardrails";
import { checkEditable, refuseForeignUnits, writeIds } from "./ids";
import {
  type Addition,
  checkCaller,
  missingAdditions,
  missingContacts,
  readOrganization,
} from "./organization";
import { createStateBucket, isStateInBucket, localStateDirectory, moveState } from "./state";

export interface BootstrapOptions {
  readonly file: string;
  readonly createOrganization: boolean;
  /** Asked once, before the first change, with what is about to be done. */
  readonly confirm: (changes: readonly string[]) => Promise<boolean>;
  readonly reporter: Reporter;
  /** Where stacks are synthesized: `cdktf.out`. */
  readonly directory: string;
  readonly terraform?: RunOptions;
}

export interface BootstrapResult {
  readonly additions: readonly string[];
  /** Fields of the landscape that were written. */
  readonly written: readonly string[];
  readonly movedState: readonly string[];
  /** Whether the lock file had something to learn. */
  readonly recorded: boolean;
  readonly plan: Plan;
}

/**
 * First ids and state: switches on what the organization has once, makes OUs and accounts, writes their ids into the
 * landscape. Each step looks before it acts, so that a run that broke off is simply run again.
 *
 * @throws Refused, WrongUse, TerraformFailure, MissingTool
 */
export async function bootstrap(options: BootstrapOptions): Promise<BootstrapResult> {
  const { file, reporter } = options;
  const landscape = loadOrRefuse(file);
  refuseLossesBeforeIds(file, landscape);
  const clients = managementClients(landscape);
  await reporter.step("credentials of the management account", () => checkCaller(clients, landscape));
  const facts = await reporter.step("organization", () =>
    readOrganization(clients, landscape, options.createOrganization),
  );
  const additions = [
    ...(await missingAdditions(clients, landscape)),
    ...(await missingPolicyTypes(clients.organizations, landscape)),
  ];
  const existing = await findExisting(clients.organizations, landscape, facts.rootId);
  refuseForeignUnits(file, landscape, existing.referencedUnits);
  checkEditable(file, landscape);
  await confirmed(options, landscape, additions);

  // Before anything is made: a run that breaks off leaves nothing behind that the lock file doesn't know.
  const intended = await recordDeployed(file, landscape, existing.referencedUnits);
  await apply(reporter, additions);
  const cutPolicyId = await createCutPolicy(clients.organizations, landscape);
  const organization = { ...facts, ...(cutPolicyId !== undefined && { cutPolicyId }) };
  const written = writeIds(file, landscape, {
    organization,
    outputs: {},
    referencedUnits: existing.referencedUnits,
  });
  const outputs = await deployOrganization(clients, options, loadOrRefuse(file), existing.unfinished);
  written.push(...writeIds(file, loadOrRefuse(file), { organization, outputs, referencedUnits: new Map() }));

  const prepared = loadOrRefuse(file);
  const completed = await recordDeployed(file, prepared);
  const later = await finish(clients, prepared, options);
  const movedState = await keepState(clients, prepared, options);
  await recordMovedState(file, prepared);
  return {
    additions: [...additions, ...later].map(({ what }) => what),
    written,
    movedState,
    recorded: intended || completed,
    plan: planStacks(prepared, [], deployedOrRefuse(file)),
  };
}

async function confirmed(
  { confirm }: BootstrapOptions,
  landscape: Landscape,
  additions: readonly Addition[],
): Promise<void> {
  const units = landscape.organizationalUnits.filter(({ id }) => id === undefined);
  const accounts = listedAccounts(landscape).filter((account) => !hasId(account));
  const changes = [
    ...additions.map(({ what }) => what),
    ...units.map(({ path: unit }) => `organizational unit ${unit}`),
    ...accounts.map(({ name, rootEmail }) => `account ${name} (${rootEmail})`),
  ];
  if (changes.length > 0 && !(await confirm(changes))) throw new Refused("nothing was changed");
}

async function apply(reporter: Reporter, additions: readonly Addition[]): Promise<void> {
  for (const addition of additions) await reporter.step(addition.what, addition.apply);
}

/** The `organization` stack, with local state until it was moved into a bucket. */
async function deployOrganization(
  clients: ManagementClients,
  { file, reporter, directory, terraform }: BootstrapOptions,
  landscape: Landscape,
  unfinished: readonly { readonly address: string; readonly id: string }[],
): Promise<Readonly<Record<string, string>>> {
  const wanted =
    landscape.organizationalUnits.some(({ id }) => id === undefined) ||
    listedAccounts(landscape).some((account) => !hasId(account));
  if (!wanted) return {};
  const isKept =
    landscape.backend.type === "local" || (await isStateInBucket(clients, landscape, "organization"));
  const backend = isKept ? landscape.backend : ({ type: "local", directory: localStateDirectory } as const);
  return reporter.step("organizational units and accounts", async (detail) => {
    const here = { ...landscape, backend };
    const { deployed, adopted } = besideLandscape(file);
    // Where state is to lie in a bucket, the file knows no stack before the account of the bucket has an id.
    synthesize(here, { directory, adopted, deployed: compare(here, deployed).record });
    const stack = new TerraformStackDirectory(
      "organization",
      path.join(directory, "stacks", "organization"),
      {
        ...terraform,
        onLine: detail,
      },
    );
    await stack.init();
    const known = await stack.resources();
    for (const { address, id } of unfinished) if (!known.includes(address)) await stack.import(address, id);
    await stack.apply();
    return stack.outputs();
  });
}

/** What can only be done once every account has an id. */
async function finish(
  clients: ManagementClients,
  landscape: Landscape,
  { reporter }: BootstrapOptions,
): Promise<Addition[]> {
  const additions = [
    ...(await missingContacts(clients, landscape)),
    ...(await missingTags(clients.organizations, landscape)),
    ...(await missingDelegation(clients.organizations, landscape)),
  ];
  await apply(reporter, additions);
  await reporter.step(`role ${landscape.deployRole} in the core accounts`, () =>
    checkDeployRole(clients, landscape),
  );
  return additions;
}

const attempts = 6;
const pause = 5_000;

/** A new account's role may take some seconds to be assumable. */
async function checkDeployRole({ sts }: ManagementClients, landscape: Landscape): Promise<void> {
  const others = [...new Set(Object.values(landscape.accounts))].filter(
    (account) => hasId(account) && account.id !== landscape.accounts.management.id,
  );
  for (const account of others) {
    const RoleArn = deployRoleArn(landscape, account);
    for (let attempt = 1; ; attempt += 1) {
      try {
        await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "aws-ir-kit-bootstrap" }));
        break;
      } catch (error) {
        if (attempt < attempts && account.rootEmail !== undefined) {
          await new Promise((resolve) => setTimeout(resolve, pause));
          continue;
        }
        throw new Refused(
          `the deployer cannot assume ${RoleArn} in account ${account.name}: ${(error as Error).message}. ` +
            "Create it with a trust in the management account, or name another with deployRole.",
        );
      }
    }
  }
}

async function keepState(
  clients: ManagementClients,
  landscape: Landscape,
  { file, reporter, directory, terraform }: BootstrapOptions,
): Promise<string[]> {
  if (landscape.backend.type !== "s3") return [];
  await reporter.step("state bucket", () => createStateBucket(clients, landscape));
  return reporter.step("state into the bucket", () =>
    moveState(landscape, { directory, ...besideLandscape(file) }, terraform ?? {}),
  );
}
