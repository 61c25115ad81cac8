import { evaluate } from "./evaluate";
import type { Graph } from "./graph";
import { readPlan } from "./read/plan";
import { readSynthesized } from "./read/synthesized";
import { insideTemplates } from "./read/template";
import type { CompiledRule } from "./rules/compile";
import { mustBeRule } from "./rules/names";
import { compileOwnRules } from "./rules/own";
import type { Rule } from "./rules/rule";
import { type Waived, type Waiver, waive } from "./waivers";

export type { Evaluation, Verdict } from "./evaluate";
export type { Graph, Resource } from "./graph";
export { UnreadableInput } from "./problem";
export type { Rule } from "./rules/rule";
export type { Waiver } from "./waivers";

export interface ReviewInput {
  /** A folder that `cdktf synth` has written, or one stack's `cdk.tf.json`. */
  readonly synthesized?: string;
  /** Files of `terraform show -json`, each a stack's. */
  readonly plans?: readonly string[];
  /** Folder of the kit's own rules. */
  readonly ownRules: string;
  /** Folders of others' rules, which run no code and take no more than linear time. */
  readonly rules?: readonly string[];
  readonly waivers?: string;
  /** Ids that must be among those of the rules. */
  readonly named?: readonly string[];
  /** Which of the rules are asked. */
  readonly selected?: (rule: Rule) => boolean;
  /** As `2026-01-31`: waivers end. */
  readonly today: string;
}

export interface Review extends Waived {
  readonly graph: Graph;
  readonly rules: readonly Rule[];
}

/**
 * Judges what would stand once stacks or plans have been applied.
 *
 * @throws UnreadableInput for what cannot be read, naming file, place and remedy
 */
export async function review(input: ReviewInput): Promise<Review> {
  const graph = readGraph(input);
  const all = [...(await compileOwnRules(input.ownRules)), ...(await othersRules(input.rules ?? []))];
  const ids = all.map(({ rule }) => rule.id);
  for (const name of input.named ?? []) mustBeRule(name, ids);
  const compiled = input.selected ? all.filter(({ rule }) => input.selected?.(rule)) : all;
  const rules = compiled.map(({ rule }) => rule);
  const waivers = await waiversIn(input.waivers, ids);
  const asked = waivers.filter(({ rule }) => rules.some(({ id }) => id === rule));
  return {
    graph,
    rules,
    ...waive(evaluate(graph, compiled), asked, { today: input.today, stacks: Object.keys(graph.digests) }),
  };
}

/** Reading YAML and compiling take longer than a review of all stacks: they are loaded where there is something to. */
async function othersRules(folders: readonly string[]): Promise<CompiledRule[]> {
  if (folders.length === 0) return [];
  const { compileOthersRules } = await import("./rules/others");
  return folders.flatMap(compileOthersRules);
}

async function waiversIn(file: string | undefined, rules: readonly string[]): Promise<Waiver[]> {
  if (file === undefined) return [];
  const { loadWaivers } = await import("./waiver-file");
  return loadWaivers(file, rules);
}

/** What is reviewed, with what CloudFormation templates make. */
export function readGraph({ synthesized, plans = [] }: Pick<ReviewInput, "synthesized" | "plans">): Graph {
  const graphs = [
    ...(synthesized === undefined ? [] : [readSynthesized(synthesized)]),
    ...plans.map(readPlan),
  ];
  const resources = graphs.flatMap((graph) => graph.resources);
  return {
    source: graphs[0]?.source ?? "synthesized",
    resources: [...resources, ...insideTemplates(resources)],
    digests: Object.assign({}, ...graphs.map(({ digests }) => digests)),
  };
}
