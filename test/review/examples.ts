import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import Ajv from "ajv";
import { parse } from "yaml";
import { type Evaluation, evaluate, type Verdict } from "../../review/evaluate";
import type { Graph } from "../../review/graph";
import { readGraph } from "../../review/index";
import { type CompiledRule, compiledBy, compileRules, type Validator } from "../../review/rules/compile";
import { loadRules } from "../../review/rules/load";
import { repository } from "../support/repository";

/** What somebody may have written, and what a rule says of it. */
export interface Example {
  readonly verdict: Verdict;
  /** Address of what is judged; nothing for the deployment as a whole. */
  readonly at?: string;
  /** Part of what the rule says. */
  readonly message?: string;
  /** Why it is so, where the example does not tell. */
  readonly because?: string;
  /** In Terraform's JSON syntax. */
  readonly resources: Readonly<Record<string, unknown>>;
}

const ajv = new Ajv({ strict: false, validateSchema: false });

export const rules = loadRules(path.join(repository, "policies", "rules"));
export const compiled: readonly CompiledRule[] = compileRules(
  rules,
  compiledBy((schema) => ajv.compile(schema) as Validator),
);

const folder = path.join(__dirname, "examples");

export const exampleFiles = readdirSync(folder).map((name) => name.replace(".yaml", ""));

export const examplesOf = (rule: string): Example[] =>
  parse(readFileSync(path.join(folder, `${rule}.yaml`), "utf8")) as Example[];

/** The graph of an example as the stack "example". */
export function graphOf({ resources }: Example): Graph {
  const directory = mkdtempSync(path.join(tmpdir(), "ir-kit-example-"));
  try {
    const file = path.join(directory, "example.tf.json");
    writeFileSync(file, JSON.stringify({ resource: resources }));
    return readGraph({ synthesized: file });
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** What a rule says of the place that an example means. */
export function judged(
  rule: CompiledRule,
  graph: Graph,
  { at }: Example,
): Pick<Evaluation, "verdict" | "messages"> {
  const found = evaluate(graph, [rule]).find(({ resource }) => resource?.address === at);
  return { verdict: found?.verdict ?? "not-applicable", messages: found?.messages ?? [] };
}

export const compiledRule = (id: string): CompiledRule => {
  const found = compiled.find(({ rule }) => rule.id === id);
  if (!found) throw new Error(`no rule ${id}`);
  return found;
};
