import path from "node:path";
import type { Run } from "../../../cli/terraform";
import { type Review, review } from "../../../review";
import { resourceCounts } from "../../local-aws/cdktf";
import { repository } from "../../support/repository";
import { describeWithTerraform } from "../../support/with-tools";
import { ForeignEntries } from "../foreign-entries";
import type { Steps, TemplateFolder } from "../organization-template/folder";
import type { Workspace } from "../workspace";
import { forkOrganization, longestDeployment, templateFolder, untilOver } from "./fork";

/** How the organization comes to be, from nothing to where every stack stands, as it was made for the other tests too. */
describeWithTerraform("an organization on the local AWS", () => {
  let folder: TemplateFolder;

  beforeAll(async () => {
    folder = templateFolder();
    await untilOver(folder);
  }, longestDeployment);

  /** What a step came to; where the deployment did not come so far, why. */
  function step<Name extends keyof Steps>(name: Name): Steps[Name] {
    const found = folder.steps()[name];
    if (found !== undefined) return found as Steps[Name];
    const status = folder.status();
    throw new Error(status?.state === "failed" ? status.message : `the deployment has no step ${name}`);
  }
  const worked = { exitCode: 0, output: "" };
  const told = ({ exitCode, output }: Run) => ({ exitCode, output: exitCode === 0 ? "" : output });
  const failures = (runs: readonly (readonly [string, Run])[]) =>
    runs.filter(([, { exitCode }]) => exitCode !== 0).map(([name, { output }]) => [name, output]);

  describe("bootstrap", () => {
    it("refuses to change anything unasked", () => {
      const { exitCode, output } = step("unasked");
      expect(output).toContain("--yes confirms it in a script");
      expect(exitCode).toBe(2);
      const { given, afterUnasked } = step("landscapes");
      expect(afterUnasked).toBe(given);
    });

    it("makes units and accounts and writes their ids, comments kept", () => {
      const made = step("bootstrap");
      expect(told(made)).toEqual(worked);
      const result = JSON.parse(made.stdout) as { written: string[]; omitted: string[]; stacks: string[] };
      expect(result.written).toEqual(
        expect.arrayContaining([
          "organization.id",
          "organization.rootId",
          "organization.cutPolicyId",
          "accounts.security.id",
          "members.0.id",
          "organizationalUnits.0.id",
        ]),
      );
      expect(result.omitted).toEqual([]);

      const { given, written } = step("landscapes");
      const comments = (text: string) => text.match(/#.*$/gm);
      expect(comments(written)).toEqual(comments(given));
      const withoutIds = (text: string) =>
        text.replace(/\n? *,? ?(id|rootId|cutPolicyId|create): ("[^"]+"|true)/g, "").replace(/\s/g, "");
      expect(withoutIds(written)).toBe(withoutIds(given));
    });

    it("references a unit that somebody else made, and keeps those it made itself", async () => {
      const workspace = await fork();
      const units = workspace.landscape().organizationalUnits;
      expect(units.map(({ path, created }) => [path, created])).toEqual([
        ["security", true],
        ["workloads", true],
        ["workloads/prod", true],
        ["workloads/dev", true],
        ["sandbox", false],
      ]);
    });

    it("has nothing left to do when it is run again", () => {
      const { exitCode, stdout } = step("again");
      expect(exitCode).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ additions: [], written: [] });
    });

    it("leaves every foreign entry as it is", async () => {
      const { unitId, found } = step("foreign");
      expect(found).toEqual(ForeignEntries.planted(await fork(), unitId).expected());
    });
  });

  it("can be planned whole before any other stack is applied", async () => {
    expect(told(step("synth"))).toEqual(worked);
    const plans = step("plans");
    expect(plans.map(([name]) => name)).toEqual((await fork()).stackNames());
    for (const [name, plan] of plans) {
      // 2 says that there is something to make; the organization stack was made by bootstrap.
      expect([name, plan.exitCode, plan.exitCode === 1 ? plan.output : ""]).toEqual([
        name,
        name === "organization" ? 0 : 2,
        "",
      ]);
    }
  });

  it("is judged by its plans as by its stacks, by every rule", async () => {
    const workspace = await fork();
    const rules = { ownRules: path.join(repository, "policies", "rules"), today: "2026-12-01" };
    const stacks = await review({ synthesized: path.join(workspace.directory, "cdktf.out"), ...rules });
    const planned = await review({ plans: workspace.stackNames().map(folder.planFile), ...rules });
    const said = ({ evaluations }: Review) =>
      new Map(
        evaluations.map(({ rule, resource, verdict, messages }) => [
          `${rule.id} ${resource?.id ?? "the deployment"}`,
          [verdict, ...messages],
        ]),
      );
    const [bySynthesis, byPlan] = [said(stacks), said(planned)];
    const differing = [...new Set([...bySynthesis.keys(), ...byPlan.keys()])].flatMap((key) => {
      const [synthesized, found] = [bySynthesis.get(key), byPlan.get(key)];
      return JSON.stringify(synthesized) === JSON.stringify(found) ? [] : [{ key, synthesized, found }];
    });
    // A plan knows more: what the stacks leave open, it may tell.
    expect(differing.filter(({ synthesized }) => synthesized?.[0] !== "cannot-tell")).toEqual([]);
    expect(differing.length).toBeLessThan(10);
    expect(byPlan.size).toBeGreaterThan(500);
  });

  it("is deployed: by cdktf as users do, and each other stack by the plan that was reviewed", async () => {
    expect(told(step("cdktf"))).toEqual(worked);
    const applied = step("applied");
    expect(failures(applied)).toEqual([]);
    const counts = [step("cdktf"), ...applied.map(([, run]) => run)].map(resourceCounts);
    const total = (of: (count: (typeof counts)[number]) => number) =>
      counts.reduce((sum, count) => sum + of(count), 0);
    expect({
      added: total(({ added }) => added),
      changed: total(({ changed }) => changed),
      destroyed: total(({ destroyed }) => destroyed),
    }).toEqual({ added: 496, changed: 0, destroyed: 0 });
  });

  it("needed nothing that neither emulator nor front could answer", () => {
    expect(step("unanswered")).toEqual({});
  });

  let forked: Promise<Workspace> | undefined;
  const fork = (): Promise<Workspace> => {
    forked ??= forkOrganization();
    return forked;
  };

  afterAll(async () => (await forked)?.close());
});
