import { getPriority, setPriority } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { tell } from "../../local-aws/emulator";
import type { Workspace } from "../workspace";
import { Deployment } from "./deployment";
import { TemplateFolder } from "./folder";
import { serveForks } from "./fork-server";

/** How long a template that is kept waits for the next who wants it. */
const idleMilliseconds = 30 * 60_000;

/** As of `nice`: programs of a deployment have a third of the CPU that tests have, and all that tests leave. */
const deploymentPriority = 5;

/** What the process is told on its command line. */
export interface Assignment {
  readonly directory: string;
  /** Whether every stack is planned before the first is applied. */
  readonly reviewed: boolean;
  /** Process with which the template ends; without one it ends when nobody has wanted it for half an hour. */
  readonly owner?: number;
}

/** Deploys the organization, and then makes forks of it until it is told to end. */
async function main({ directory, reviewed, owner }: Assignment): Promise<void> {
  const folder = new TemplateFolder(directory);
  let workspace: Workspace | undefined;
  let lastWanted = Date.now();
  const end = async (): Promise<void> => {
    await workspace?.close();
    process.exit(0);
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void end());
  const watch = async (): Promise<void> => {
    for (;;) {
      await sleep(1000);
      const wanted = owner === undefined ? Date.now() - lastWanted < idleMilliseconds : tell(owner, 0);
      if (!wanted) return end();
    }
  };
  void watch();

  const begun = Date.now();
  const step = (name: string): void => {
    process.stderr.write(`${((Date.now() - begun) / 1000).toFixed(0)} s: ${name}\n`);
    folder.say({ state: "deploying", processId: process.pid, step: name });
  };
  const deployment = await Deployment.begin(folder, step);
  workspace = deployment.workspace;
  // Terraform and its providers, which begin after this, would leave nothing to the tests that run meanwhile. The
  // emulator has begun before, and so its forks have the priority of tests.
  setPriority(Math.max(getPriority(), deploymentPriority));
  await deployment.run(reviewed);
  const { port } = await serveForks((owner) => {
    lastWanted = Date.now();
    return deployment.workspace.fork(owner);
  });
  step("ready");
  folder.say({ state: "ready", processId: process.pid, port });
}

const assignment = JSON.parse(process.argv[2] ?? "{}") as Assignment;
main(assignment).catch((error: Error) => {
  const folder = new TemplateFolder(assignment.directory);
  folder.say({ state: "failed", processId: process.pid, message: error.message });
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
