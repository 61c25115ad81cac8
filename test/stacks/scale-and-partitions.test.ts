import { exampleLandscape, exampleWith, landscapeOf, synthesized } from "../support/landscapes";

const manyMembers = (count: number): string => {
  const members = Array.from(
    { length: count },
    (_, index) => `  - { name: member-${index}, id: "${800_000_000_000 + index}", ou: sandbox }\n`,
  ).join("");
  return exampleWith(["securityContact:", `${members}\nsecurityContact:`]);
};

describe("an organization of many accounts", () => {
  it("has byte for byte the stacks of a small one", () => {
    const small = synthesized(landscapeOf(manyMembers(10))).texts;
    const large = synthesized(landscapeOf(manyMembers(10_000))).texts;
    expect([...large.keys()]).toEqual([...small.keys()]);
    for (const [name, text] of large) expect(text).toBe(small.get(name));
  });

  it("has, without StackSets, stacks of its own for each account and region", () => {
    const { texts } = synthesized(exampleLandscape(["distribution: stackset", "distribution: direct"]));
    const baselines = [...texts.keys()].filter((name) => name.startsWith("baseline-"));
    expect(baselines).toHaveLength(7 * 3);
    expect(texts.has("baseline")).toBe(false);
  });
});

describe.each([
  ["aws-us-gov", "us-gov-west-1", "us-gov-east-1"],
  ["aws-cn", "cn-north-1", "cn-northwest-1"],
])("in partition %s", (partition, home, other) => {
  const landscape = exampleLandscape(
    ["partition: aws #", `partition: ${partition} #`],
    ["homeRegion: eu-west-1", `homeRegion: ${home}`],
    ["[eu-west-1, us-east-1]", `[${home}, ${other}]`],
    ["instanceArn: arn:aws:", `instanceArn: arn:${partition}:`],
  );

  it("no ARN names another", () => {
    const { texts } = synthesized(landscape);
    const all = [...texts.values()].join("\n");
    expect(all).not.toContain("arn:aws:");
    expect(all).toContain(`arn:${partition}:`);
    expect(all).not.toContain("us-east-1");
  });
});
