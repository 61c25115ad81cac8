import { Command } from "commander";
import { landscapePath } from "../../landscape";
import { accountNamed } from "../assume/target";
import { managementClients } from "../bootstrap/clients";
import { checkCaller } from "../bootstrap/organization";
import { confirmed } from "../confirm";
import { Refused } from "../errors";
import { loadOrRefuse } from "../landscape";
import { move, planMove, stacksOfMove } from "../rehome";
import { createReporter } from "../reporter";

interface Options {
  readonly hub: string;
  readonly yes?: true;
  readonly config?: string;
}

/** `ir-kit rehome`: moves the hub to another account. */
export const rehomeCommand = (): Command =>
  new Command("rehome")
    .description("move the hub's roles to another account, from which all accounts are then entered")
    .requiredOption("--hub <account>", "name or id of the account that becomes the hub")
    .option("--yes", "do not ask")
    .option("--config <file>", "the landscape; else IR_KIT_CONFIG, config/landscape.yaml")
    .addHelpText(
      "after",
      "\nUses the credentials of the environment, which must be those of the management account.\n" +
        "Writes access.hub and access.sealed into the landscape, then applies the baseline, the hub and the doors.\n" +
        "Nothing in the old account is asked or changed; seal it first: npx ir-kit seal.",
    )
    .action(rehome);

async function rehome({ hub, yes, config }: Options): Promise<void> {
  const file = landscapePath(config);
  const landscape = loadOrRefuse(file);
  const target = accountNamed(landscape, hub);
  const plan = planMove(file, landscape, target.name);
  await checkCaller(managementClients(landscape), landscape);
  const changes = [
    `write access.hub: ${target.name} into ${file}`,
    ...stacksOfMove(plan).map((name) => `apply ${name}`),
  ];
  if (!yes && !(await confirmed(`Moving the hub from ${landscape.hub.name} to ${target.name}`, changes)))
    throw new Refused("nothing was changed");
  await move(plan, { reporter: createReporter(), directory: "cdktf.out" });
  process.stdout.write(
    `The hub is account ${target.name} (${target.id}): responders come in by it.\n` +
      "Then the rest, such as who reads the logs: npx ir-kit bootstrap && npx cdktf deploy '*'\n",
  );
}
