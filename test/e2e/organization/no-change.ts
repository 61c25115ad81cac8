import { inLanes } from "../lanes";
import type { Workspace } from "../workspace";

/** Nothing that was done meanwhile has changed what Terraform made. */
export async function expectNoChange(workspace: Workspace, stacks: readonly string[]): Promise<void> {
  const plans = await inLanes(stacks, (name) => workspace.terraform(name).plan());
  for (const [name, { exitCode, output }] of plans) {
    expect([name, exitCode, exitCode === 0 ? "" : output]).toEqual([name, 0, ""]);
  }
}
