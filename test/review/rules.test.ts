import type { Verdict } from "../../review/evaluate";
import { type Graph, leftToAws } from "../../review/graph";
import type { CompiledCheck, CompiledRule } from "../../review/rules/compile";
import { frameworks } from "../../review/rules/terms";
import { withUnsaid } from "../../review/rules/unsaid";
import {
  compiled,
  compiledRule,
  type Example,
  exampleFiles,
  examplesOf,
  graphOf,
  judged,
  rules,
} from "./examples";

const yes = () => "yes" as const;

const titleOf = ({ verdict, at = "the deployment", message, because }: Example): string =>
  [`${verdict} ${at}`, message, because].filter(Boolean).join(": ");

describe.each(exampleFiles)("rule %s", (id) => {
  const examples = examplesOf(id);

  it.each(examples.map((example) => [titleOf(example), example] as const))("%s", (_title, example) => {
    const { verdict, messages } = judged(compiledRule(id), graphOf(example), example);
    expect({ verdict, messages }).toEqual({
      verdict: example.verdict,
      messages: example.message ? [expect.stringContaining(example.message)] : expect.anything(),
    });
  });

  it("says the same where the provider computes what AWS does unsaid", () => {
    for (const check of compiledRule(id).checks) {
      for (const example of "unsaid" in check.check ? examples : []) {
        const { verdict } = judged(compiledRule(id), leftOpenBy(check)(graphOf(example)), example);
        expect([titleOf(example), verdict]).toEqual([titleOf(example), example.verdict]);
      }
    }
  });

  it.each(mutantsOf(compiledRule(id)))("would be seen without %s", (_name, mutant, leftOpen) => {
    const changed = examples.filter((example) => {
      const { verdict, messages } = judged(mutant, leftOpen(graphOf(example)), example);
      return (
        verdict !== example.verdict ||
        !messages.join().includes(example.verdict === "fail" ? (example.message ?? "") : "")
      );
    });
    expect(changed).not.toEqual([]);
  });
});

type Mutant = [name: string, rule: CompiledRule, leftOpen: (graph: Graph) => Graph];

/** As a plan shows resources: what a check takes for said where nothing is said, the provider computes. */
function leftOpenBy({ check }: CompiledCheck): (graph: Graph) => Graph {
  return (graph) => {
    if (!("unsaid" in check) || check.unsaid === undefined) return graph;
    const open = Object.fromEntries(Object.keys(check.unsaid).map((at) => [at, leftToAws]));
    return {
      ...graph,
      resources: graph.resources.map((resource) =>
        check.types.includes(resource.type)
          ? { ...resource, attributes: withUnsaid(resource.attributes, open) }
          : resource,
      ),
    };
  };
}

/** The rule with one part of it taken away, each in turn. */
function mutantsOf(rule: CompiledRule): Mutant[] {
  return rule.checks.flatMap((check, index) => {
    const without = (name: string, change: Partial<CompiledCheck>): Mutant => [
      `${name} of check ${index + 1}`,
      { ...rule, checks: rule.checks.with(index, { ...check, ...change }) },
      leftOpenBy(check),
    ];
    const applies = "when" in check.check && check.check.when !== undefined;
    const matches =
      check.check.kind === "presence" || (check.check.kind === "companion" && check.check.companion.when);
    return [
      ...check.clauses.map(({ message }, at) =>
        without(`"${message}"`, { clauses: check.clauses.with(at, { message, holds: yes }) }),
      ),
      ...(check.statement
        ? [without("the statement", { statement: { ...check.statement, holds: yes } })]
        : []),
      ...("unsaid" in check.check && check.check.unsaid
        ? [without("what AWS does unsaid", { check: { ...check.check, unsaid: {} } })]
        : []),
      ...("referring" in check.check && check.check.referring
        ? [without("what references tell", { check: { ...check.check, referring: {} } })]
        : []),
      ...(applies ? [without("its condition", { when: yes })] : []),
      ...(matches ? [without("what must match", { matches: yes })] : []),
      [
        `check ${index + 1}`,
        { ...rule, checks: rule.checks.toSpliced(index, 1) },
        leftOpenBy(check),
      ] as Mutant,
    ];
  });
}

/** By rule, the verdicts that it gives of nothing that Terraform plans. */
const cannotOccur: Readonly<Record<string, readonly Verdict[]>> = {
  // That the resource is there is what is wrong.
  "iam-no-user-keys": ["pass", "cannot-tell"],
  // Only whether a key is named counts, and that is written.
  "log-group-encrypted-with-own-key": ["cannot-tell"],
  // The provider plans no function whose runtime is not known.
  "function-supported": ["cannot-tell"],
};

describe("the rules", () => {
  it("have examples, each of them", () => {
    expect(exampleFiles.toSorted()).toEqual(rules.map(({ id }) => id).toSorted());
  });

  it("have an example of a failure, each of them", () => {
    const without = rules.filter(({ id }) => !examplesOf(id).some(({ verdict }) => verdict === "fail"));
    expect(without.map(({ id }) => id)).toEqual([]);
  });

  it("have an example of each verdict that can occur, each of them", () => {
    const missing = rules.flatMap(({ id, checks }) => {
      const shown = new Set(examplesOf(id).map(({ verdict }) => verdict));
      const isConditional = checks.some((check) => check.kind !== "resource" || check.when !== undefined);
      const possible: readonly Verdict[] = [
        "pass",
        "fail",
        "cannot-tell",
        ...(isConditional && checks.every(({ kind }) => kind !== "companion")
          ? (["not-applicable"] as const)
          : []),
      ];
      return possible
        .filter((verdict) => !shown.has(verdict) && !(cannotOccur[id] ?? []).includes(verdict))
        .map((verdict) => `${id}: ${verdict}`);
    });
    expect(missing).toEqual([]);
  });

  it("say nothing good of what no rule has looked at", () => {
    const nothing = graphOf({ verdict: "pass", resources: {} });
    for (const rule of compiled) {
      expect([rule.rule.id, judged(rule, nothing, { verdict: "pass", resources: {} }).verdict]).toEqual([
        rule.rule.id,
        "not-applicable",
      ]);
    }
  });

  it("serve every framework that a review can be asked for", () => {
    for (const framework of Object.keys(frameworks)) {
      expect(rules.filter(({ controls }) => framework in controls)).not.toEqual([]);
    }
  });
});
