import { alarmPatterns } from "../../policies/alarms";
import { limitOf } from "../../quotas";
import { complexityOfField, type Matcher, ruleComplexity } from "../../quotas/rule-complexity";
import { exampleLandscape } from "../support/landscapes";
import cases from "./rule-complexity-cases.json";

describe("the complexity of a rule is what AWS's open matcher says", () => {
  it.each(cases.fields.map((each) => [JSON.stringify(each.matchers), each] as const))(
    "in its published test of %s",
    (_, { matchers, complexity }) => {
      expect(complexityOfField(matchers as Matcher[])).toBe(complexity);
    },
  );

  it("of patterns that were made at random", () => {
    expect(cases.rules.length).toBeGreaterThan(50);
    for (const { pattern, complexity } of cases.rules)
      expect({ pattern, complexity: ruleComplexity(pattern) }).toEqual({ pattern, complexity });
  });

  it("of lists in anything-but, or more, never less", () => {
    const more = cases.lists.map(({ pattern, complexity }) => ruleComplexity(pattern) - complexity);
    expect(Math.min(...more)).toBe(0);
    expect(more.filter((each) => each === 0).length).toBeGreaterThan(more.length / 2);
  });

  it("and no more than 100 is counted", () => {
    expect(ruleComplexity({ field: [{ wildcard: "F*e*a*t*u*r*e*".repeat(50) }] })).toBe(100);
  });
});

describe("alarms", () => {
  const wildcards = (tasks: number) => ({
    detail: {
      roleArn: Array.from({ length: tasks }, (_, index) => ({
        wildcard: `arn:aws:iam::*:role/acme-ir/acme-ir-${"abcdef"[index]}task`,
      })),
    },
  });

  it("would be as complex as EventBridge takes with a wildcard a task, and too complex with a sixth", () => {
    expect(ruleComplexity(wildcards(5))).toBe(limitOf("rule-complexity"));
    expect(ruleComplexity(wildcards(6))).toBe(12);
  });

  it.each(alarmPatterns(exampleLandscape()).map(({ id, pattern }) => [id, pattern] as const))(
    "%s leaves room for half as much again",
    (_, pattern) => {
      expect(ruleComplexity(pattern)).toBeLessThanOrEqual(limitOf("rule-complexity") / 2);
    },
  );
});
