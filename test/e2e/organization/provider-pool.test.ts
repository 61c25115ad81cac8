import { cpSync, mkdtempSync } from "node:fs";
import path from "node:path";
import { TerraformStackDirectory } from "../../../cli/terraform";
import { atOnce } from "../../support/at-once";
import { shareAt, shareOf, wholeRun } from "../../support/share";
import type { Workspace } from "../workspace";
import { describeOnOrganization } from "./fork";

const minutes = 60_000;

interface Plan {
  readonly timestamp: string;
  readonly relevant_attributes?: readonly unknown[];
}

/** Terraform itself writes one list in another order each time. */
const comparable = ({ timestamp: _, relevant_attributes = [], ...plan }: Plan) => ({
  ...plan,
  relevant_attributes: relevant_attributes.map((attribute) => JSON.stringify(attribute)).sort(),
});

/** Providers that Terraform starts take a core each. */
const atATime = 2;

describeOnOrganization((workspaceOf) => {
  let workspace: Workspace;

  beforeAll(() => {
    workspace = workspaceOf();
  });

  /** A copy of a stack, and of its state where it is to be there. */
  function copyOf(name: string, withState: boolean): string {
    const copy = mkdtempSync(path.join(workspace.directory, "planned-"));
    const folder = path.join(copy, "cdktf.out", "stacks", name);
    cpSync(workspace.stackFolder(name), folder, { recursive: true, verbatimSymlinks: true });
    const state = path.join("state", `${name}.tfstate`);
    if (withState) cpSync(path.join(workspace.directory, state), path.join(copy, state));
    return folder;
  }

  async function planned(name: string, folder: string, environment: NodeJS.ProcessEnv) {
    const terraform = new TerraformStackDirectory(name, folder, { environment });
    await terraform.init();
    const { exitCode, output } = await terraform.plan("-out=the.tfplan");
    expect([name, exitCode, exitCode === 1 ? output : ""]).toEqual([name, expect.any(Number), ""]);
    return exitCode;
  }

  /** A plan that was kept, as a folder's Terraform tells it with one or the other kind of providers. */
  async function shown(name: string, folder: string, environment: NodeJS.ProcessEnv) {
    const text = await new TerraformStackDirectory(name, folder, { environment }).show("the.tfplan");
    return comparable(JSON.parse(text) as Plan);
  }

  describe("providers that run on", () => {
    it.each([
      ["that are to be made", false, 2, 0],
      ["that stand", true, 0, 1],
    ] as const)(
      "plan stacks %s just as providers do that Terraform starts",
      async (_, withState, expected, half) => {
        expect(workspace.environment.TF_REATTACH_PROVIDERS).toBeDefined();
        expect(workspace.ordinaryEnvironment().TF_REATTACH_PROVIDERS).toBeUndefined();
        const share = shareOf("stacks planned with both kinds of providers", workspace.stackNames(), 3);
        expect(share.length).toBeGreaterThan(5);
        // In an ordinary run each stack of the share is planned once: with its state or without.
        const names = wholeRun() ? share : shareAt(share, 2, half);
        const plans = await atOnce(atATime, names, async (name) => {
          const folder = copyOf(name, withState);
          const [own, pool] = [workspace.ordinaryEnvironment(), workspace.environment];
          const byOwn = { exitCode: await planned(name, folder, own), plan: await shown(name, folder, pool) };
          // What shows a plan is compared once: it starts a provider too.
          if (name === names[0]) expect(await shown(name, folder, own)).toEqual(byOwn.plan);
          const byPool = {
            exitCode: await planned(name, folder, pool),
            plan: await shown(name, folder, pool),
          };
          return { byOwn, byPool };
        });
        // Where the pool steps aside, both ways are the same one.
        expect(workspace.providers().length).toBeGreaterThan(0);
        for (const [name, { byOwn, byPool }] of plans) {
          expect([name, byPool.exitCode]).toEqual([name, expected]);
          expect([name, byPool]).toEqual([name, byOwn]);
        }
        expect(plans.length).toBe(names.length);
      },
      20 * minutes,
    );
  });
});
