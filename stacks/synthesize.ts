import { mkdirSync } from "node:fs";
import path from "node:path";
import { App } from "cdktf";
import type { ImportBlocks } from "../adoption/file";
import type { Landscape } from "../landscape/model";
import { buildStacks } from "./build";
import { type Omission, type Plan, planStacks } from "./index";

interface Configuration {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface Synthesis {
  readonly directory: string;
  readonly stacks: readonly string[];
  readonly omitted: readonly Omission[];
}

/**
 * Writes the Terraform configuration of every stack that the landscape needs.
 *
 * @param directory where `stacks/<name>/cdk.tf.json` go; left out, CDKTF's own choice (`cdktf.out`, or what its
 *   command line says).
 * @param adopted what exists and becomes the kit's, by stack
 * @param demanded names of stacks that stand on demand and are wanted now
 */
export function synthesize(
  landscape: Landscape,
  directory?: string,
  adopted: ImportBlocks = {},
  demanded: readonly string[] = [],
): Synthesis {
  return withoutStackTraces(() => write(planStacks(landscape, demanded), directory, adopted));
}

function write(plan: Plan, directory: string | undefined, adopted: ImportBlocks): Synthesis {
  if (directory !== undefined) mkdirSync(path.dirname(directory), { recursive: true });
  const app = new App({ stackTraces: false, ...(directory !== undefined && { outdir: directory }) });
  for (const [name, stack] of buildStacks(app, plan)) {
    const { resource = {} } = adopted[name] ? (stack.toTerraform() as Configuration) : {};
    // What the landscape no longer wants is taken over no longer: Terraform refuses a block without its resource.
    const blocks = (adopted[name] ?? []).filter(({ to }) => {
      const [type = "", id = ""] = to.split(".");
      return resource[type]?.[id] !== undefined;
    });
    if (blocks.length > 0) stack.addOverride("import", blocks);
  }
  app.synth();
  return { directory: app.outdir, stacks: plan.stacks.map(({ name }) => name), omitted: plan.omitted };
}

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
