import fc from "fast-check";
import { parse, stringify } from "yaml";
import { parseLandscape } from "../../landscape";
import { parseQuickly } from "../../landscape/quick-yaml";
import { exampleText, synthesized } from "../support/landscapes";

type Data = Record<string | number, unknown>;

/** Every place in the example, as keys and indexes. */
function places(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (value === null || typeof value !== "object") return [path];
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [path, ...entries.flatMap(([key, inner]) => places(inner, [...path, key]))];
}

const parsedExample = parse(exampleText) as Data;
const example = (): Data => structuredClone(parsedExample);
const allPlaces = places(example()).filter((path) => path.length > 0);

/** Values that come close to being right, besides arbitrary ones. */
const value = fc.oneof(
  fc.constantFrom<unknown>(
    "",
    "x",
    "555555555555",
    555555555555,
    "eu-west-1",
    "sandbox",
    "kit",
    "existing",
    "compliance",
  ),
  fc.constantFrom<unknown>(
    "direct",
    "control-tower",
    true,
    false,
    0,
    -1,
    365,
    null,
    [],
    {},
    "${x}",
    "a\u0000b",
    "workloads/prod",
  ),
  fc.constantFrom<unknown>(
    { email: "new@example.com" },
    { create: { email: "new@example.com" } },
    { type: "s3" },
  ),
  fc.jsonValue(),
);

type Mutation =
  | { readonly kind: "set"; readonly path: (string | number)[]; readonly value: unknown }
  | { readonly kind: "delete"; readonly path: (string | number)[] }
  | { readonly kind: "copy"; readonly from: (string | number)[]; readonly path: (string | number)[] };

const place = fc.constantFrom(...allPlaces);
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({ kind: fc.constant("set" as const), path: place, value }),
  fc.record({ kind: fc.constant("delete" as const), path: place }),
  fc.record({ kind: fc.constant("copy" as const), from: place, path: place }),
);

const at = (root: unknown, path: readonly (string | number)[]): unknown =>
  path.reduce<unknown>((inner, key) => (inner as Data | undefined | null)?.[key], root);

function mutate(data: Data, change: Mutation): void {
  const holder = at(data, change.path.slice(0, -1));
  const last = change.path[change.path.length - 1];
  if (holder === null || typeof holder !== "object" || last === undefined) return;
  if (change.kind === "delete") {
    if (Array.isArray(holder)) holder.splice(Number(last), 1);
    else delete (holder as Data)[last];
    return;
  }
  (holder as Data)[last] = structuredClone(change.kind === "set" ? change.value : at(data, change.from));
}

/** Landscapes that were synthesized: a change in a comment, or one that is the default, makes no other. */
const seen = new Set<string>();

/**
 * Accepted and synthesized, or reported with a message each; anything thrown fails the property.
 *
 * @returns whether it was accepted
 */
function acceptOrReport(text: string): boolean {
  const result = parseLandscape("landscape.yaml", text);
  if (result.ok) {
    const landscape = JSON.stringify(result.value);
    if (!seen.has(landscape)) synthesized(result.value);
    seen.add(landscape);
    return true;
  }
  expect(result.problems.length).toBeGreaterThan(0);
  for (const { message, line } of result.problems) {
    expect(message.length).toBeGreaterThan(5);

    expect(message).not.toMatch(/\p{Cc}/u);
    if (line !== undefined) expect(line).toBeLessThanOrEqual(text.split("\n").length);
  }
  return false;
}

describe("the quick way to read a large file", () => {
  // Long enough to be read the quick way, by a comment that changes nothing.
  const large = (text: string) => `# ${"x".repeat(70_000)}\n${text}`;

  it("gives the same data as the exact one, whatever it accepts", () => {
    let quick = 0;
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), (mutations) => {
        const data = example();
        for (const change of mutations) mutate(data, change);
        const text = large(stringify(data));
        const read = parseQuickly(text);
        if (read === undefined) return;
        quick += 1;
        expect(read).toEqual(parse(text));
      }),
      { numRuns: 400 },
    );
    expect(quick).toBeGreaterThan(100);
  }, 120_000);

  it("leaves every mistake to the exact one", () => {
    const problems = (text: string) => {
      const result = parseLandscape("landscape.yaml", text);
      return result.ok ? [] : result.problems.map(({ field, message }) => [field, message]);
    };
    const broken = exampleText.replace('"555555555555"', '"5"').replace("lock: governance", "lock: none");
    expect(problems(large(broken))).toEqual(problems(broken));
    expect(problems(large(exampleText))).toEqual([]);
  });
});

describe("any landscape", () => {
  it("with fields set, removed or copied is accepted and synthesizes, or is reported", () => {
    let accepted = 0;
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), (mutations) => {
        const data = example();
        for (const change of mutations) mutate(data, change);
        if (acceptOrReport(stringify(data))) accepted += 1;
      }),
      { numRuns: 400 },
    );
    // A loader that refused everything would pass otherwise.
    expect(accepted).toBeGreaterThan(10);
  }, 120_000);

  it("with characters changed is accepted and synthesizes, or is reported", () => {
    const character = fc.oneof(
      fc.constantFrom("\n", " ", "\t", ":", "-", "{", "}", "[", "]", "*", "&", "!", "'", '"', "#"),
      fc.string({ unit: "binary", maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.nat(exampleText.length - 1), fc.nat(8), character, (start, length, inserted) => {
        acceptOrReport(exampleText.slice(0, start) + inserted + exampleText.slice(start + length));
      }),
      { numRuns: 400 },
    );
  }, 120_000);
});
