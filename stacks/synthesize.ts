import { mkdirSync } from "node:fs";
import path from "node:path";
import { App } from "cdktf";
import type { ImportBlocks } from "../adoption/file";
import type { KitStack } from "../constructs/kit-stack";
import { lineFindings } from "../landscape/deployed/check";
import { recordOf, unrecorded } from "../landscape/deployed/record";
import type { Deployed } from "../landscape/deployed/schema";
import type { Landscape } from "../landscape/model";
import { type Finding, fieldName } from "../landscape/problems";
import { buildStacks, inUnwrittenApp } from "./build";
import { type Omission, type Plan, planStacks } from "./index";
import { type BuiltPlan, stackFindings, standing } from "./left-behind";
import { forgotten } from "./remembered";
import { withServices } from "./services-before";

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

export interface SynthesisOptions {
  /**
   * What the lock file knows. `undefined` where there is none, or where nothing is applied of what is synthesized:
   * nothing that the landscape has lost is noticed then, and what is given up is not kept.
   */
  readonly deployed: Deployed | undefined;
  /**
   * Where `stacks/<name>/cdk.tf.json` go; left out, CDKTF's own choice (`cdktf.out`, or what its command line says).
   */
  readonly directory?: string;
  /** What exists and becomes the kit's, by stack. */
  readonly adopted?: ImportBlocks;
  /** Names of stacks that stand on demand and are wanted now. */
  readonly demanded?: readonly string[];
}

/**
 * Writes the Terraform configuration of every stack that the landscape needs, and of those that are given up and stand.
 *
 * @throws LeavesBehind where the lock file knows of more than the landscape, Unrecorded where it knows of less
 */
export const synthesize = (landscape: Landscape, options: SynthesisOptions): Synthesis =>
  withoutStackTraces(() => write(landscape, options));

/**
 * What a synthesis would refuse, found without writing anything.
 *
 * @returns one finding for each line that is missing, and what the lock file will know once nothing is
 */
export const compare = (landscape: Landscape, known: Deployed | undefined): Comparison =>
  withoutStackTraces(() => {
    const deployed = known && withServices(landscape, known);
    const plan = planStacks(landscape, [], deployed);
    return inUnwrittenApp((app) => {
      const built = buildStacks(app, plan);
      return {
        plan,
        findings: deployed ? findings({ landscape, plan, built }, deployed) : [],
        record: recordOf(landscape, standing({ landscape, plan, built }, deployed), deployed),
      };
    });
  });

export interface Comparison {
  readonly plan: Plan;
  readonly findings: readonly Finding[];
  readonly record: Deployed;
}

function write(
  landscape: Landscape,
  { deployed: known, directory, adopted = {}, demanded = [] }: SynthesisOptions,
): Synthesis {
  const deployed = known && withServices(landscape, known);
  const plan = planStacks(landscape, demanded, deployed);
  const app = new App({ stackTraces: false, ...(directory !== undefined && { outdir: directory }) });
  const built = buildStacks(app, plan);
  if (known && deployed) refuseDifferences({ landscape, plan, built }, deployed, known);
  if (directory !== undefined) mkdirSync(path.dirname(directory), { recursive: true });
  for (const [name, stack] of built) {
    adopt(stack, adopted[name] ?? []);
    const removed = forgotten(stack, name, landscape, deployed);
    if (removed.length > 0) stack.addOverride("removed", removed);
  }
  app.synth();
  return { directory: app.outdir, stacks: plan.stacks.map(({ name }) => name), omitted: plan.omitted };
}

/** @param known the lock file as it is, which may be of an earlier version */
function refuseDifferences(now: BuiltPlan, deployed: Deployed, known: Deployed): void {
  const refused = findings(now, deployed);
  if (refused.length > 0) throw new LeavesBehind(refused);
  const missing = unrecorded(recordOf(now.landscape, standing(now, deployed), deployed), known);
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
