import { fromLiteralJson } from "../../../constructs/terraform-text";
import { findingFormats } from "../../../policies/findings";
import { exampleLandscape, resourcesOf, synthesized } from "../../support/landscapes";
import { matchesEvent } from "./match";
import { parsePattern } from "./pattern";
import { samplesOf } from "./samples";

const landscape = exampleLandscape();
const samples = samplesOf(landscape);
const { stack } = synthesized(landscape);
const matches = (pattern: unknown, event: unknown): boolean =>
  matchesEvent(parsePattern(JSON.stringify(pattern)), event);

/** Rules of the hub's bus that tell somebody, by what their names end in. */
const rules = resourcesOf(stack("alarms-eu-west-1"), "aws_cloudwatch_event_rule").map(
  ({ name, event_pattern }) =>
    [String(name).replace("acme-ir-alarms-on-", ""), fromLiteralJson<unknown>(event_pattern)] as const,
);

const forwarded = Object.values(
  fromLiteralJson<{ Resources: Record<string, { Properties: { EventPattern?: unknown } }> }>(
    stack("baseline").resource?.aws_cloudformation_stack_set?.regional?.template_body,
  ).Resources,
).flatMap(({ Properties: { EventPattern } }) => (EventPattern === undefined ? [] : [EventPattern]));

describe("AWS's samples", () => {
  it.each(rules)("match the pattern of each alarm, and what forwards it: %s", (rule, pattern) => {
    const event = samples[rule]?.event;
    expect(matches(pattern, event)).toBe(true);
    if (rule === "source") return;
    const format = findingFormats.find(({ id }) => id.toLowerCase() === rule);
    const ways = format ? [format.forwarded] : forwarded;
    expect(ways.some((way) => matches(way, event))).toBe(true);
  });

  it("are AWS's own, but where it publishes none, and then called what they are", () => {
    const others = rules.map(([rule]) => rule).filter((rule) => samples[rule]?.by !== "AWS");
    expect(others.sort()).toEqual(["ocsffinding", "source"]);
  });
});
