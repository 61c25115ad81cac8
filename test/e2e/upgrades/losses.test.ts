import { describeWithTerraform } from "../../support/with-tools";
import { changes, release } from "../../upgrades/example-changes";
import { type Loss, lossesOfPlan } from "../../upgrades/losses";
import { planAgainst } from "../../upgrades/plan";
import { explain } from "../../upgrades/verdict";

const told = ({ kind, address, because }: Loss): string => `${kind} ${address}: ${because}`;

/** @param text in which a star stands for anything */
const pattern = (text: string): RegExp =>
  new RegExp(`^${text.replaceAll(/[\\^$.+?()[\]{}|]/g, "\\$&").replaceAll("*", ".*")}$`);

describeWithTerraform("what an upgrade would lose", () => {
  const losses = new Map<string, readonly Loss[]>();

  beforeAll(async () => {
    const plans = await planAgainst(Object.values(changes).map(({ request }) => request));
    const found = await Promise.all(plans.map(lossesOfPlan));
    for (const [index, name] of Object.keys(changes).entries()) losses.set(name, found[index] ?? []);
  });

  it.each(Object.entries(changes))("is told of %s", (name, { told: expected }) => {
    const lines = (losses.get(name) ?? []).map(told);
    for (const one of expected) expect(lines).toContainEqual(expect.stringMatching(pattern(one)));
    expect(lines.filter((line) => !expected.some((one) => pattern(one).test(line)))).toEqual([]);
  });

  it("is explained with stack, address, cause and what may be done", () => {
    const text = explain(release.version, losses.get("a text that can't be updated in place") ?? []);
    expect(text).toMatch(
      /^An upgrade from \S+ would lose 2 of what stands:\n {2}access: aws_iam_policy\.contain/,
    );
    expect(text).toContain("ignore_changes");
  });
});
