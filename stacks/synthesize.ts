import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { App } from "cdktf";
import type { ImportBlocks } from "../adoption/file";
import type { KitStack } from "../constructs/kit-stack";
import { lineFindings } from "../landscape/deployed/check";
import { recordOf, unrecorded } from "../landscape/deployed/record";
import type { Deployed } from "../landscape/deployed/schema";
import type { Landscape } from "../landscape/model";
import { type Finding, fieldName } from "../landscape/problems";
import { buildStacks } from "./build";
import { type Omission, type Plan, planStacks } from "./index";
import { type BuiltPlan, stackFindings, standing } from "./left-behind";
import { forgotten } from "./remembered";

interface Configuration {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface Synthesis {
  readonly directory: string;
  readonly stacks: readonly string[];
  readonly omitted: readonly Omission[];
}

/** The landscape would destroy what stands, or leave it behind. Nothing was written. */
export class LeavesBehind extends Error {
  constructor(readonly findings: readonly Finding[]) {
    super(findings.map(({ path: field, message }) => `${fieldName(field)}: ${message}`).join("\n"));
  }
}

/** Something is new, and the lock file beside the landscape doesn't know it yet. Nothing was written. */
export class Unrecorded extends Error {
  constructor(readonly missing: readonly string[]) {
    super(`not recorded yet: ${missing.join(", ")}`);
  }
}

/**
 * Writes the Terraform configuration of every stack that the landscape needs, and of those that are given up and stand.
 *
 * @param directory where `stacks/<name>/cdk.tf.json` go; left out, CDKTF's own choice (`cdktf.out`, or what its
 *   command line says).
 * @param adopted what exists and becomes the kit's, by stack
 * @param demanded names of stacks that stand on demand and are wanted now
 * @param deployed what the lock file knows; left out, nothing that the landscape has lost is noticed
 * @throws LeavesBehind where the lock file knows of more than the landscape, Unrecorded where it knows of less
 */
export function synthesize(
  landscape: Landscape,
  directory?: string,
  adopted: ImportBlocks = {},
  demanded: readonly string[] = [],
  deployed?: Deployed,
): Synthesis {
  return withoutStackTraces(() => write({ landscape, directory, adopted, demanded, deployed }));
}

/**
 * What a synthesis would refuse, found without writing anything.
 *
 * @returns one finding for each line that is missing, and what the lock file will know once nothing is
 */
export const compare = (landscape: Landscape, deployed: Deployed | undefined): Comparison =>
  withoutStackTraces(() => {
    const plan = planStacks(landscape, [], deployed);
    // An app makes its folder when it is built, whether it is written or not.
    const outdir = mkdtempSync(path.join(tmpdir(), "ir-kit-compare-"));
    try {
      const built = buildStacks(new App({ stackTraces: false, outdir }), plan);
      return {
        plan,
        findings: deployed ? findings({ landscape, plan, built }, deployed) : [],
        record: recordOf(landscape, standing({ landscape, plan, built }, deployed), deployed),
      };
    } finally {
      rmSync(outdir, { recursive: true, force: true });
    }
  });

export interface Comparison {
  readonly plan: Plan;
  readonly findings: readonly Finding[];
  readonly record: Deployed;
}

interface Wanted {
  readonly landscape: Landscape;
  readonly directory: string | undefined;
  readonly adopted: ImportBlocks;
  readonly demanded: readonly string[];
  readonly deployed: Deployed | undefined;
}

function write({ landscape, directory, adopted, demanded, deployed }: Wanted): Synthesis {
  const plan = planStacks(landscape, demanded, deployed);
  const app = new App({ stackTraces: false, ...(directory !== undefined && { outdir: directory }) });
  const built = buildStacks(app, plan);
  if (deployed) refuseDifferences({ landscape, plan, built }, deployed);
  if (directory !== undefined) mkdirSync(path.dirname(directory), { recursive: true });
  for (const [name, stack] of built) {
    adopt(stack, adopted[name] ?? []);
    const removed = forgotten(stack, name, landscape, deployed);
    if (removed.length > 0) stack.addOverride("removed", removed);
  }
  app.synth();
  return { directory: app.outdir, stacks: plan.stacks.map(({ name }) => name), omitted: plan.omitted };
}

function refuseDifferences(now: BuiltPlan, deployed: Deployed): void {
  const refused = findings(now, deployed);
  if (refused.length > 0) throw new LeavesBehind(refused);
  const missing = unrecorded(recordOf(now.landscape, standing(now, deployed), deployed), deployed);
  if (missing.length > 0) throw new Unrecorded(missing);
}

/** What the landscape no longer wants is taken over no longer: Terraform refuses a block without its resource. */
function adopt(stack: KitStack, wanted: ImportBlocks[string]): void {
  if (wanted.length === 0) return;
  const { resource = {} } = stack.toTerraform() as Configuration;
  const blocks = wanted.filter(({ to }) => {
    const [type = "", id = ""] = to.split(".");
    return resource[type]?.[id] !== undefined;
  });
  if (blocks.length > 0) stack.addOverride("import", blocks);
}

const findings = (now: BuiltPlan, deployed: Deployed): Finding[] => {
  const lines = lineFindings(now.landscape, deployed);
  return [...lines, ...stackFindings(now, deployed)];
};

/**
 * CDKTF captures a stack trace for every node of the tree and for every token, half of the time of a synthesis, and
 * writes none of them out. Errors thrown in between still tell their message; `IR_KIT_STACK_TRACES=1` keeps traces.
 */
function withoutStackTraces<T>(work: () => T): T {
  if (process.env.IR_KIT_STACK_TRACES) return work();
  const capture = Error.captureStackTrace;
  Error.captureStackTrace = (target: { stack?: string }) => {
    target.stack = "";
  };
  try {
    return work();
  } finally {
    Error.captureStackTrace = capture;
  }
}
