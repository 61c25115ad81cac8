import { fixedTexts } from "../../../landscape/fixed-texts";
import { landscapeOf, synthesized } from "../../support/landscapes";
import { describeWithTerraform } from "../../support/with-tools";
import { keptVersions, readRelease } from "../../upgrades/fixture";
import { lossesOfPlan } from "../../upgrades/losses";
import { type PlanRequest, planAgainst } from "../../upgrades/plan";
import { proseIn, withProse } from "../../upgrades/prose";
import { explain, verdictOn } from "../../upgrades/verdict";

const version = keptVersions().at(-1) ?? "";

interface Stack {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Another text of the same length, since some have a limit. */
const reworded = (text: string): string =>
  fixedTexts.includes(text) ? text : `${text.startsWith("X") ? "Y" : "X"}${text.slice(1)}`;

/** Types of a stack's resources that have text for people in them. */
const typesWithProse = ({ resource = {} }: Stack): string[] =>
  Object.entries(resource).flatMap(([type, named]) => (proseIn(named).length > 0 ? [type] : []));

/** Today's stacks in other words: of several that have the same types in them, the first. */
function rewordedStacks(): PlanRequest[] {
  const { states, landscape } = readRelease(version);
  const seen = new Set<string>();
  return [...synthesized(landscapeOf(landscape)).texts].flatMap(([stack, text]) => {
    const configuration = JSON.parse(text) as Stack;
    const fresh = typesWithProse(configuration).filter((type) => !seen.has(type));
    for (const type of fresh) seen.add(type);
    const state = states[stack];
    if (fresh.length === 0 || state === undefined) return [];
    const resource = withProse(configuration.resource, reworded);
    return [{ stack, configuration: JSON.stringify({ ...configuration, resource }), state }];
  });
}

/** Which attributes AWS's provider can't update, the provider itself says: it plans another resource then. */
describeWithTerraform("texts for people", () => {
  it("may be reworded, all but those that stand apart: nothing is replaced", async () => {
    const requests = rewordedStacks();
    expect(requests.length).toBeGreaterThan(5);
    const plans = await planAgainst(requests);
    const updated = plans.flatMap(({ changes }) =>
      changes.filter(({ change }) => change.actions.includes("update")),
    );
    expect(updated.length).toBeGreaterThan(50);
    const losses = await Promise.all(plans.map(lossesOfPlan));
    expect(explain(version, verdictOn(version, losses.flat()).refused)).toBe("");
  }, 600_000);
});
