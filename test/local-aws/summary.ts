import { readFileSync } from "node:fs";
import path from "node:path";
import Table from "cli-table3";
import pc from "picocolors";
import { type Landscape, listedAccounts } from "../../landscape";
import { planStacks } from "../../stacks";
import type { Counts } from "./front";
import { gaps } from "./gaps";
import type { SessionFolder, Status } from "./session";

export interface SummaryFacts {
  readonly landscape: Landscape;
  /** Resources added, changed or destroyed in this run. */
  readonly changed: number;
  readonly counts: Counts | undefined;
  readonly status: Status;
  readonly folder: SessionFolder;
  readonly seconds: number;
}

/** What now exists on the local AWS, and what to do with it, for a person to read. */
export function summarize(facts: SummaryFacts): string {
  return [
    "",
    accounts(facts.landscape),
    stacks(facts),
    frontAnswers(facts.counts),
    outcome(facts),
    next(facts),
    "",
  ].join("\n");
}

const table = (head: string[], rows: string[][]): string => {
  // Rules between rows make a list of ten accounts a page long.
  const chars = { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" };
  const result = new Table({ head, chars, style: { head: pc.isColorSupported ? ["bold"] : [], border: [] } });
  result.push(...rows);
  return result.toString();
};

const accounts = (landscape: Landscape): string =>
  table(
    ["account", "id", "organizational unit", "owner"],
    listedAccounts(landscape).map(({ name, id, organizationalUnit, owner }) => [
      name,
      id ?? "",
      organizationalUnit ?? "(root)",
      owner?.team ?? "",
    ]),
  );

function stacks({ landscape, folder }: SummaryFacts): string {
  const rows = planStacks(landscape).stacks.map(({ name, account, region }) => ({
    name,
    account: account.name,
    region,
    resources: resourcesInState(path.join(folder.stateDirectory, `${name}.tfstate`)),
  }));
  const total = rows.reduce((sum, { resources }) => sum + resources, 0);
  return table(
    ["stack", "account", "region", "resources"],
    [
      ...rows.map(({ name, account, region, resources }) => [name, account, region, String(resources)]),
      [pc.bold("all"), "", "", pc.bold(String(total))],
    ],
  );
}

function resourcesInState(file: string): number {
  const { resources } = JSON.parse(readFileSync(file, "utf8")) as {
    resources: { mode: string; instances: unknown[] }[];
  };
  return resources
    .filter(({ mode }) => mode === "managed")
    .reduce((sum, { instances }) => sum + instances.length, 0);
}

/** What the emulator lacks and the front supplied: nothing that is claimed may rest on it unseen. */
function frontAnswers(counts: Counts | undefined): string {
  if (!counts) return "";
  const rows = gaps
    .filter(({ id }) => counts.gaps[id])
    .map(({ id, kind, resources }) => [resources.join("\n"), kind, String(counts.gaps[id]), id]);
  const total = Object.values(counts.gaps).reduce((sum, count) => sum + count, 0);
  return [
    `Of ${counts.forwarded + total} AWS calls, the front made or changed ${total} answers:`,
    table(["resource", "how", "calls", "gap"], rows),
  ].join("\n");
}

const outcome = ({ changed, seconds }: SummaryFacts): string =>
  changed === 0
    ? `${pc.green("No changes")}: everything stands as the landscape says (${seconds.toFixed(0)} s).`
    : `${pc.green("Deployed")}: ${changed} resources in ${seconds.toFixed(0)} s.`;

const next = ({ status, folder }: SummaryFacts): string =>
  `
The local AWS stays up at http://127.0.0.1:${status.port}. Look around with its keys, which open nothing else:
  . ${folder.environmentFile}
  aws organizations list-accounts        ${pc.dim("# any AWS tool")}
  npx ir-kit validate                    ${pc.dim(`# ${folder.landscape}, with the ids that bootstrap wrote`)}
  npx cdktf diff trail
  terraform -chdir=cdktf.out/stacks/log-archive state list
Come in as a responder does (an emergency user; any six digits are its MFA code, but 000000):
  . ${folder.responderFile}
  npx ir-kit assume contain --account payments-prod --case CASE-1 --mfa-code 123456 --exec 'aws sts get-caller-identity'
Then edit config/landscape.yaml for your own organization, or run:
  npm start    ${pc.dim("# again: finds this one, reports no changes")}
  npm test     ${pc.dim("# all proofs, on a local AWS of their own")}
  npm stop     ${pc.dim("# ends it")}`;
