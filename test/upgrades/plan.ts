import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { TerraformStackDirectory } from "../../cli/terraform";
import { localEnvironment, localProcessEnvironment } from "../local-aws/environment";
import { lanesWithoutPool, startLocalPool } from "../local-aws/provider-pool/local";
import { atOnce } from "../support/at-once";
import type { TerraformState } from "./fixture";
import { offline } from "./offline";
import { startPlanTimeAws } from "./plan-time-aws";

/** What Terraform would do to one resource, as its plan says (`terraform show -json`). */
export interface ResourceChange {
  readonly address: string;
  readonly previous_address?: string;
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly action_reason?: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly before: Readonly<Record<string, unknown>> | null;
    readonly after: Readonly<Record<string, unknown>> | null;
    /** Attributes that can't be updated in place. */
    readonly replace_paths?: readonly (readonly (string | number)[])[];
  };
}

export interface StackPlan {
  readonly stack: string;
  readonly changes: readonly ResourceChange[];
  /** Terraform's own words where it can't plan. */
  readonly failure?: string;
}

/** A stack to plan: its configuration, and the state that it meets. */
export interface PlanRequest {
  readonly stack: string;
  readonly configuration: string;
  readonly state: string;
}

const planFile = "upgrade.tfplan";

/** Plans stacks against kept states by Terraform and the real provider, without AWS. */
export async function planAgainst(requests: readonly PlanRequest[]): Promise<StackPlan[]> {
  const directory = mkdtempSync(path.join(tmpdir(), "ir-kit-upgrade-"));
  const aws = await startPlanTimeAws();
  const environment = localProcessEnvironment({
    ...localEnvironment(aws.port, "eu-west-1", directory),
  });
  const pool = await startLocalPool({ environment, stackFolders: [directory] });
  try {
    const options = {
      environment: { ...environment, ...pool.environment },
      pooled: pool.steppedAside === undefined,
    };
    // Nothing here waits for AWS: more at once would be more providers and no sooner done.
    const plans = await atOnce(lanesWithoutPool, requests, (request) =>
      planOne(path.join(directory, request.stack), request, options),
    );
    return plans.map(([, plan]) => plan);
  } finally {
    await pool.stop();
    await aws.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function planOne(
  folder: string,
  { stack, configuration, state }: PlanRequest,
  { pooled, ...options }: { readonly environment: NodeJS.ProcessEnv; readonly pooled: boolean },
): Promise<StackPlan> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    path.join(folder, "cdk.tf.json"),
    offline(configuration, JSON.parse(state) as TerraformState),
  );
  writeFileSync(path.join(folder, "terraform.tfstate"), state);
  const terraform = new TerraformStackDirectory(stack, folder, options);
  // With providers that run on there is nothing to install, and no backend to begin with.
  if (!pooled) await terraform.init();
  const { exitCode, output } = await terraform.plan("-refresh=false", `-out=${planFile}`);
  if (exitCode === 1) return { stack, changes: [], failure: output };
  if (exitCode === 0) return { stack, changes: [] };
  const { resource_changes: changes = [] } = JSON.parse(await terraform.show(planFile)) as {
    readonly resource_changes?: readonly ResourceChange[];
  };
  return { stack, changes };
}
