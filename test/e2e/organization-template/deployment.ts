import { readFileSync, writeFileSync } from "node:fs";
import type { Run } from "../../../cli/terraform";
import { planStacks } from "../../../stacks";
import { withoutIds } from "../../local-aws/local-landscape";
import { exampleWith } from "../../support/landscapes";
import { ForeignEntries } from "../foreign-entries";
import { inDependencyOrder, inLanes } from "../lanes";
import { Workspace } from "../workspace";
import type { Steps, TemplateFolder } from "./folder";

/** Without these there is nothing to fork. */
export class TemplateFailed extends Error {}

/** Stacks that rest on nothing outside of this list, deployed the way a user deploys them. */
const deployedByCdktf = ["organization", "cases"];

const savedPlan = "reviewed.tfplan";

/** An organization from nothing to where every stack stands. */
export class Deployment {
  private constructor(
    readonly workspace: Workspace,
    private readonly foreign: ForeignEntries,
    private readonly folder: TemplateFolder,
    private readonly step: (name: string) => void,
  ) {}

  static async begin(folder: TemplateFolder, step: (name: string) => void): Promise<Deployment> {
    step("an empty AWS");
    // A second region of forensics is deployed as the first, by the same code.
    const text = exampleWith(["forensics:\n  evidence:", "forensics:\n  regions: [eu-west-1]\n  evidence:"]);
    const workspace = await Workspace.create(withoutIds(text, "state"));
    const foreign = await ForeignEntries.plant(workspace);
    return new Deployment(workspace, foreign, folder, step);
  }

  /**
   * @param reviewed whether every stack is planned, and the plan kept, before the first is applied
   * @throws TemplateFailed
   */
  async run(reviewed: boolean): Promise<void> {
    await this.bootstrap();
    this.step("synthesis");
    this.keepWhole("synth", await this.workspace.synth());
    if (reviewed) await this.plan();
    this.step(`cdktf deploy ${deployedByCdktf.join(" ")}`);
    this.keepWhole("cdktf", await this.workspace.deployOrdinarily(...deployedByCdktf));
    await this.apply(reviewed);
    this.folder.keep({ unanswered: this.workspace.front.counts().unanswered });
  }

  private async bootstrap(): Promise<void> {
    this.step("bootstrap");
    const read = () => readFileSync(this.workspace.landscapeFile, "utf8");
    const given = read();
    this.folder.keep({ unasked: await this.workspace.irKit("bootstrap") });
    const afterUnasked = read();
    this.keepWhole("bootstrap", await this.workspace.irKit("bootstrap", "--yes", "--json"));
    this.folder.keep({
      landscapes: { given, afterUnasked, written: read() },
      again: await this.workspace.irKit("bootstrap", "--yes", "--json"),
      foreign: { unitId: this.foreign.unitId, found: await this.foreign.read() },
    });
  }

  private async plan(): Promise<void> {
    const plans = await inLanes(this.workspace.stackNames(), async (name) => {
      this.step(`plan of ${name}`);
      const terraform = this.workspace.terraform(name);
      await terraform.init();
      const plan = await terraform.plan(`-out=${savedPlan}`);
      if (plan.exitCode !== 1) writeFileSync(this.folder.planFile(name), await terraform.show(savedPlan));
      return plan;
    });
    this.folder.keep({ plans });
    const failed = plans.filter(([, { exitCode }]) => exitCode === 1);
    if (failed.length > 0) throw new TemplateFailed(failed.map(said).join("\n"));
  }

  private async apply(reviewed: boolean): Promise<void> {
    const applied: [string, Run][] = [];
    const { stacks } = planStacks(this.workspace.landscape());
    const rest = stacks.filter(({ name }) => !deployedByCdktf.includes(name));
    await inDependencyOrder(rest, async (name) => {
      this.step(`apply of ${name}`);
      const terraform = this.workspace.terraform(name);
      if (!reviewed) await terraform.init();
      const run = await terraform.tryApply(...(reviewed ? [savedPlan] : []));
      applied.push([name, run]);
      this.folder.keep({ applied });
      if (run.exitCode !== 0) throw new TemplateFailed(said([name, run]));
    });
  }

  private keepWhole(name: "bootstrap" | "synth" | "cdktf", run: Run): void {
    this.folder.keep({ [name]: run } satisfies Partial<Steps>);
    if (run.exitCode !== 0) throw new TemplateFailed(said([name, run]));
  }
}

const said = ([name, { exitCode, output }]: readonly [string, Run]) =>
  `${name} ended with ${exitCode}:\n${output.slice(-4000)}`;
