import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { tell } from "../../local-aws/emulator";
import { describeWithTerraform } from "../../support/with-tools";
import { type Status, TemplateFolder } from "../organization-template/folder";
import { folderVariable } from "../organization-template/start";
import { Workspace, type WorkspaceFork } from "../workspace";

export const minutes = 60_000;

/** As long as a template takes on a machine that has much else to do. */
export const longestDeployment = 30 * minutes;

/** The folder of this run's template. */
export function templateFolder(): TemplateFolder {
  const directory = process.env[folderVariable];
  if (directory !== undefined) return new TemplateFolder(directory);
  throw new Error(
    `${folderVariable} is not set: the organization is deployed by Jest's global set-up; run the tests with the ` +
      "repository's own jest.config.js",
  );
}

/** Waits until the template stands, or will never stand. */
export async function untilOver(folder: TemplateFolder): Promise<Exclude<Status, { state: "deploying" }>> {
  for (;;) {
    const status = folder.status();
    if (status?.state === "failed") return status;
    if (status === undefined || !tell(status.processId, 0)) {
      const message = `the process that deploys it is gone: ${lastOf(folder.log)}`;
      return { state: "failed", processId: 0, message };
    }
    if (status.state === "ready") return status;
    await sleep(200);
  }
}

const lastOf = (file: string): string => readFileSync(file, "utf8").slice(-2000);

/** An organization of one's own, as it stands after its deployment. */
export const forkOrganization = async (): Promise<Workspace> =>
  Workspace.createFrom(await deployedTemplate(templateFolder()));

/**
 * Waits until a template stands, and asks it for a copy that lives as long as this process.
 *
 * @throws Error where it was not deployed
 */
export async function deployedTemplate(folder: TemplateFolder): Promise<WorkspaceFork> {
  const status = await untilOver(folder);
  if (status.state === "failed") throw new Error(`the organization was not deployed: ${status.message}`);
  const { port } = status;
  const response = await fetch(`http://127.0.0.1:${port}/fork?owner=${process.pid}`);
  const text = await response.text();
  if (!response.ok) throw new Error(`the organization was not forked: ${text}`);
  const fork = JSON.parse(text) as Omit<WorkspaceFork, "memory"> & { readonly memory: string };
  return { ...fork, memory: Buffer.from(fork.memory, "base64") };
}

/** Tests on a fork of the deployed organization; what they change, no other file sees. */
export function describeOnOrganization(body: (workspaceOf: () => Workspace) => void): void {
  describeWithTerraform("an organization on the local AWS", () => {
    let workspace: Workspace | undefined;
    const workspaceOf = (): Workspace => {
      if (workspace !== undefined) return workspace;
      throw new Error("the organization is not there before the tests begin");
    };

    beforeAll(async () => {
      workspace = await forkOrganization();
    }, longestDeployment);

    afterAll(() => workspace?.close());

    body(workspaceOf);

    it("needed nothing that neither emulator nor front could answer", () => {
      expect(workspaceOf().front.counts().unanswered).toEqual({});
    });
  });
}
