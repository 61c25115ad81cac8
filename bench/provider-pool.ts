import { terraformCommand } from "../cli/terraform";
import { Workspace } from "../test/e2e/workspace";
import { withoutIds } from "../test/local-aws/local-landscape";
import { atOnce } from "../test/support/at-once";
import { exampleText } from "./landscapes";
import type { Measurement } from "./measurement";
import { cpuOf, type Usage, usageOf } from "./usage";

/** None rests on another, and AWS is not waited for long. */
const five = [
  "administrator-eu-west-1",
  "administrator-us-east-1",
  "cases",
  "alarms-eu-west-1",
  "log-archive",
];

/**
 * What Terraform costs with providers that run on, against providers that it starts itself, on two copies of one
 * organization of which only accounts stand. The providers' own CPU counts; that of the local AWS counts on neither
 * side, and that of the pool's server lies in this process with it.
 */
export async function* providerPool(): AsyncIterable<Measurement> {
  const bootstrapped = await Workspace.create(withoutIds(exampleText, "state"));
  const copies: Workspace[] = [bootstrapped];
  try {
    await must(bootstrapped.irKit("bootstrap", "--yes"));
    await must(bootstrapped.synth());
    const copy = async () => {
      const workspace = await Workspace.createFrom(await bootstrapped.fork(process.pid));
      copies.push(workspace);
      return workspace;
    };
    const [pooled, ordinary] = [await copy(), await copy()];
    for (const name of five) {
      await terraform(pooled, name, "init", true);
      await terraform(ordinary, name, "init", false);
    }
    // The first asks for schemas, which is once and for all.
    await terraform(pooled, "cases", "plan", true);
    const plan = {
      pool: await measured(pooled, () => terraform(pooled, "log-archive", "plan", true)),
      ordinary: await measured(ordinary, () => terraform(ordinary, "log-archive", "plan", false)),
    };
    yield cpu("a plan of log-archive", plan, 0.2);
    yield memory(plan);
    const apply = (workspace: Workspace, pool: boolean) =>
      measured(workspace, async () => {
        const runs = await atOnce(pool ? five.length : 2, five, (name) =>
          terraform(workspace, name, "apply", pool),
        );
        return sum(runs.map(([, usage]) => usage));
      });
    const deploy = { pool: await apply(pooled, true), ordinary: await apply(ordinary, false) };
    yield cpu("a deploy of five stacks", deploy, 0.2);
  } finally {
    for (const workspace of copies.reverse()) await workspace.close();
  }
}

interface Pair {
  readonly pool: Usage;
  readonly ordinary: Usage;
}

const cpu = (what: string, { pool, ordinary }: Pair, goal: number): Measurement => ({
  what: `${what}: CPU with providers that run on`,
  baseline: "providers that Terraform starts",
  ratio: pool.cpu / ordinary.cpu,
  goal,
  detail: `${pool.cpu.toFixed(1)} s of ${ordinary.cpu.toFixed(1)} s`,
});

const memory = ({ pool, ordinary }: Pair): Measurement => ({
  what: "Terraform's memory in that plan",
  baseline: "the largest process of the ordinary way",
  ratio: pool.memory / ordinary.memory,
  goal: 0.1,
  detail: `${pool.memory.toFixed(0)} MiB of ${ordinary.memory.toFixed(0)} MiB`,
});

async function must(running: ReturnType<Workspace["synth"]>): Promise<void> {
  const { exitCode, output } = await running;
  if (exitCode !== 0) throw new Error(output.slice(-2000));
}

const commands = {
  init: ["init", "-input=false"],
  plan: ["plan", "-input=false", "-lock=false"],
  apply: ["apply", "-input=false", "-auto-approve"],
} as const;

const terraform = (
  workspace: Workspace,
  name: string,
  command: keyof typeof commands,
  pool: boolean,
): Promise<Usage> =>
  usageOf(
    [terraformCommand(), `-chdir=${workspace.stackFolder(name)}`, ...commands[command]],
    pool ? workspace.environment : workspace.ordinaryEnvironment(),
  );

/** With what providers that run on have used meanwhile; those that Terraform starts are among its own. */
async function measured(workspace: Workspace, work: () => Promise<Usage>): Promise<Usage> {
  const cpuOfProviders = () => cpuOf(workspace.providers());
  const before = cpuOfProviders();
  const used = await work();
  return { ...used, cpu: used.cpu + cpuOfProviders() - before };
}

const sum = (usages: readonly Usage[]): Usage => ({
  cpu: usages.reduce((total, usage) => total + usage.cpu, 0),
  memory: Math.max(...usages.map((usage) => usage.memory)),
});
