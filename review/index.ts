import { type Evaluation, evaluate } from "./evaluate";
import type { Graph } from "./graph";
import { readPlan } from "./read/plan";
import { readSynthesized } from "./read/synthesized";
import { insideTemplates } from "./read/template";
import { compileRules } from "./rules/compile";
import { loadRules } from "./rules/load";
import type { Rule } from "./rules/rule";
import { loadWaivers, type Waived, waive } from "./waivers";

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
export function review(input: ReviewInput): Review {
  const graph = readGraph(input);
  const selected = input.selected ?? (() => true);
  const own = loadRules(input.ownRules);
  const others = (input.rules ?? []).flatMap(loadRules);
  const all = [...own, ...others];
  const rules = all.filter(selected);
  const evaluations = evaluate(graph, [
    ...compileRules(own.filter(selected), true),
    ...compileRules(others.filter(selected), false),
  ]);
  const names = all.map(({ id }) => id);
  const waivers = input.waivers === undefined ? [] : loadWaivers(input.waivers, names);
  const asked = waivers.filter(({ rule }) => rules.some(({ id }) => id === rule));
  return { graph, rules, ...waive(evaluations, asked, input.today) };
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

/** Whether an evaluation is something to act on: a failure that no waiver covers. */
export const isOpen = (evaluation: Evaluation & { readonly waiver?: unknown }): boolean =>
  evaluation.verdict === "fail" && evaluation.waiver === undefined;
