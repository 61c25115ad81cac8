import { statSync } from "node:fs";
import path from "node:path";
import type { Changes } from "./change";
import { evaluate } from "./evaluate";
import type { Graph } from "./graph";
import { ownWaivers } from "./own-waivers";
import { isObject, readJson } from "./read/json";
import { readPlan } from "./read/plan";
import { readSynthesized } from "./read/synthesized";
import { insideTemplates } from "./read/template";
import type { CompiledRule } from "./rules/compile";
import { unservedBy } from "./rules/frameworks";
import { mustBeRule } from "./rules/names";
import { compileOwnRules } from "./rules/own";
import type { Rule } from "./rules/rule";
import type { Framework } from "./rules/terms";
import { type Waived, type Waiver, waive } from "./waivers";

export type { Changes } from "./change";
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
  /** An earlier state to compare with: what `synthesized` may be, or a file of `terraform show -json`. */
  readonly since?: string;
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
  /** Clauses of frameworks that no rule serves, whichever rules were asked. */
  readonly unserved: Readonly<Record<Framework, readonly string[]>>;
  /** Where an earlier state was given. */
  readonly changes?: Changes;
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
  const waivers = await waiversIn(input);
  for (const { rule } of waivers) mustBeRule(rule, ids, `${input.waivers}: `);
  const asked = waivers.filter(({ rule }) => rules.some(({ id }) => id === rule));
  const evaluations = evaluate(graph, compiled);
  return {
    graph,
    rules,
    unserved: unservedBy(all.map(({ rule }) => rule)),
    ...waive(evaluations, asked, { today: input.today, stacks: Object.keys(graph.digests) }),
    ...(input.since !== undefined && {
      changes: await changesFrom(input.since, { graph, evaluations }, (earlier) =>
        evaluate(earlier, compiled),
      ),
    }),
  };
}

/** What compares is loaded only where there is something to compare. */
async function changesFrom(
  since: string,
  now: { readonly graph: Graph; readonly evaluations: Review["evaluations"] },
  judge: (graph: Graph) => Review["evaluations"],
): Promise<Changes> {
  const { alignedWith, changesSince } = await import("./change");
  const earlier = alignedWith(now.graph, readGraph(inputAt(since)));
  return changesSince({ graph: earlier, evaluations: judge(earlier) }, now);
}

/** A folder or a configuration, or else a plan or a state, told by what is in it. */
function inputAt(place: string): Pick<ReviewInput, "synthesized" | "plans"> {
  if (!statSync(place, { throwIfNoEntry: false })?.isFile()) return { synthesized: place };
  const { value } = readJson(place);
  return isObject(value) && "format_version" in value ? { plans: [place] } : { synthesized: place };
}

/** Reading YAML and compiling take longer than a review of all stacks: they are loaded where there is something to. */
async function othersRules(folders: readonly string[]): Promise<CompiledRule[]> {
  if (folders.length === 0) return [];
  const { compileOthersRules } = await import("./rules/others");
  return folders.flatMap(compileOthersRules);
}

async function waiversIn({ waivers: file, ownRules }: ReviewInput): Promise<Waiver[]> {
  if (file === undefined) return [];
  const own = path.resolve(ownRules, "..");
  if (path.dirname(path.resolve(file)) === own)
    return ownWaivers(path.resolve(own, ".."), path.resolve(file));
  const { readWaivers } = await import("./waiver-file");
  return readWaivers(file);
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
    isWhole: graphs.some(({ isWhole }) => isWhole),
    resources: [...resources, ...insideTemplates(resources)],
    digests: Object.assign({}, ...graphs.map(({ digests }) => digests)),
    places: Object.assign({}, ...graphs.map(({ places }) => places)),
  };
}
