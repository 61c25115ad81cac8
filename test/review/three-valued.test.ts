import Ajv from "ajv";
import fc from "fast-check";
import { isUnknown, leftToAws, unknown } from "../../review/graph";
import type { Schema } from "../../review/rules/rule";
import { threeValued } from "../../review/rules/three-valued";

const ajv = new Ajv({ strict: false });
const matches = (schema: Schema | boolean, value: unknown): boolean => ajv.compile(schema)(value) as boolean;
const answer = (schema: Schema, value: unknown): string =>
  matches(threeValued(schema, "must"), value)
    ? "yes"
    : matches(threeValued(schema, "may"), value)
      ? "unknown"
      : "no";

const scalar = fc.constantFrom("a", "b", "ab", true, false, 0, 5);
const name = fc.constantFrom("x", "y");

const { schema } = fc.letrec<{ schema: Schema; value: unknown }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 4 },
    fc.record({ const: scalar }),
    fc.record({ enum: fc.uniqueArray(scalar, { minLength: 1, maxLength: 3 }) }),
    fc.record({ pattern: fc.constantFrom("^a", "b$", ".") }),
    fc.record({ minimum: fc.constantFrom(1, 5) }),
    fc.record({ required: fc.uniqueArray(name, { minLength: 1, maxLength: 2 }) }),
    fc.record({ maxItems: fc.constantFrom(0, 1), minItems: fc.constantFrom(0, 1) }),
    fc.record({ properties: fc.dictionary(name, tie("schema"), { maxKeys: 2 }) }),
    fc.record({ items: tie("schema") }),
    fc.record({ contains: tie("schema") }),
    fc.record({ not: tie("schema") }),
    fc.record({ allOf: fc.array(tie("schema"), { minLength: 1, maxLength: 2 }) }),
    fc.record({ anyOf: fc.array(tie("schema"), { minLength: 1, maxLength: 2 }) }),
    // biome-ignore lint/suspicious/noThenProperty: JSON Schema calls it so
    fc.record({ if: tie("schema"), then: tie("schema"), else: tie("schema") }),
  ) as fc.Arbitrary<Schema>,
  value: fc.oneof(
    { maxDepth: 3 },
    scalar,
    fc.array(tie("value"), { maxLength: 2 }),
    fc.dictionary(name, tie("value"), { maxKeys: 2 }),
  ),
}));

/** A value in which some parts are not known yet. */
const partly: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    { weight: 3, arbitrary: scalar },
    { weight: 2, arbitrary: fc.constant(unknown) },
    { weight: 3, arbitrary: fc.array(tie("value"), { maxLength: 2 }) },
    { weight: 3, arbitrary: fc.dictionary(name, tie("value"), { maxKeys: 2 }) },
  ),
})).value;

/** The value once what is unknown has become what `choices` say, in turn. */
function filled(value: unknown, choices: readonly unknown[]): unknown {
  let next = 0;
  const fill = (part: unknown): unknown => {
    if (isUnknown(part)) return choices[next++ % choices.length];
    if (Array.isArray(part)) return part.map(fill);
    if (typeof part !== "object" || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([key, item]) => [key, fill(item)]));
  };
  return fill(value);
}

describe("an answer about what is partly unknown", () => {
  it("holds whatever the unknown turns out to be", () => {
    const answers = { yes: 0, no: 0, unknown: 0 };
    fc.assert(
      fc.property(
        schema,
        partly,
        fc.array(partly, { minLength: 1, maxLength: 4 }),
        (asked, value, choices) => {
          const known = choices.map((choice) => filled(choice, ["a"]));
          const found = answer(asked, value) as keyof typeof answers;
          answers[found] += 1;
          if (found === "unknown") return;
          expect(matches(asked, filled(value, known))).toBe(found === "yes");
        },
      ),
      { numRuns: 3000 },
    );
    // An answer that is always "unknown" would hold, too.
    expect(answers.yes + answers.no).toBeGreaterThan(answers.unknown);
  });

  it("is the plain one where all is known", () => {
    fc.assert(
      fc.property(schema, partly, (asked, value) => {
        const known = filled(value, ["a", 5, true]);
        expect(answer(asked, known)).toBe(matches(asked, known) ? "yes" : "no");
      }),
      { numRuns: 2000 },
    );
  });

  it("does not take for set what AWS decides, nor for missing", () => {
    expect(answer({ required: ["x"] }, { x: leftToAws })).toBe("unknown");
    expect(answer({ not: { required: ["x"] } }, { x: leftToAws })).toBe("unknown");
    expect(answer({ required: ["x"] }, { x: unknown })).toBe("yes");
    expect(answer({ required: ["x"] }, {})).toBe("no");
  });
});
