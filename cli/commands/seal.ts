import { Command } from "commander";
import { landscapePath } from "../../landscape";
import { managementClients } from "../bootstrap/clients";
import { checkCaller } from "../bootstrap/organization";
import { confirmed } from "../confirm";
import { Refused } from "../errors";
import { loadOrRefuse } from "../landscape";
import { type SealPolicy, sealPolicies, setSeal } from "../seal";

interface Options {
  readonly release?: true;
  readonly yes?: true;
  readonly json?: true;
  readonly config?: string;
}

/** `ir-kit seal`: shuts out the hub's account when it is lost or hostile. */
export const sealCommand = (): Command =>
  new Command("seal")
    .description("shut the hub's account out: its principals do nothing, and reach nothing elsewhere")
    .option("--release", "lift the seal")
    .option("--yes", "do not ask")
    .option("--json", "print the result as JSON")
    .option("--config <file>", "the landscape; else IR_KIT_CONFIG, config/landscape.yaml")
    .addHelpText(
      "after",
      "\nUses the credentials of the environment, which must be those of the management account.\n" +
        "Attaches two policies that stand ready. Responders have no way in until the hub is moved: npx ir-kit rehome.",
    )
    .action(seal);

async function seal({ release, yes, json, config }: Options): Promise<void> {
  const landscape = loadOrRefuse(landscapePath(config));
  const clients = managementClients(landscape);
  await checkCaller(clients, landscape);
  const policies = await sealPolicies(clients.organizations, landscape);
  const wanted = !release;
  const pending = policies.filter(({ attached }) => attached !== wanted);
  const account = `${landscape.sealed.name} (${landscape.sealed.id})`;
  const title = wanted ? `Shutting out account ${account}` : `Letting account ${account} in again`;
  if (pending.length > 0 && !yes && !(await confirmed(title, pending.map(described))))
    throw new Refused("nothing was changed");
  const changed = await setSeal(clients.organizations, policies, wanted);
  if (json) {
    process.stdout.write(
      `${JSON.stringify({ sealed: wanted, account: landscape.sealed.id, changed }, null, 2)}\n`,
    );
    return;
  }
  const state = wanted ? "sealed" : "not sealed";
  process.stdout.write(
    changed.length === 0
      ? `Account ${account} is ${state} already\n`
      : `${changed.map((policy) => `${wanted ? "attached" : "detached"}: ${described(policy)}\n`).join("")}Account ${account} is ${state}\n`,
  );
  if (wanted) {
    process.stdout.write(
      "Open sessions of it are denied as well. Responders come in again by: npx ir-kit rehome --hub <account>\n",
    );
  }
}

const described = ({ name, type, target }: SealPolicy): string => `${name} (${type}) at ${target}`;
