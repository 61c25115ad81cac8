import { readFileSync } from "node:fs";
import path from "node:path";
import { InvalidPattern } from "./invalid-pattern";
import { matchesEvent } from "./match";
import { maximumPatternLength, parsePattern } from "./pattern";

interface Case {
  /** As text, since some are no JSON. */
  readonly pattern: string;
  readonly event?: unknown;
  readonly verdict: "matches" | "differs" | "invalid";
}

const { cases } = JSON.parse(readFileSync(path.join(__dirname, "cases.json"), "utf8")) as {
  readonly cases: readonly Case[];
};

/** Where this matcher and AWS's are known to part, and why that touches no rule of the kit. */
const knownDifferences: readonly (Omit<Case, "verdict"> & { readonly because: string })[] = [
  {
    pattern: '{"detail":{"x":[{"equals-ignore-case":"straße"}]}}',
    event: { detail: { x: "STRASSE" } },
    because: "AWS folds one letter into two; here a letter stays one letter",
  },
  {
    pattern: '{"detail":{"x":[{"cidr":"10.0.0.7/0"}]}}',
    event: { detail: { x: "::1" } },
    because: "AWS compares addresses as texts of digits, so that /0 of IPv4 holds IPv6 too",
  },
];

const same = (one: Omit<Case, "verdict">, other: Omit<Case, "verdict">): boolean =>
  one.pattern === other.pattern && JSON.stringify(one.event) === JSON.stringify(other.event);

function verdict({ pattern, event }: Case): Case["verdict"] {
  try {
    return matchesEvent(parsePattern(pattern), event) ? "matches" : "differs";
  } catch (error) {
    if (error instanceof InvalidPattern) return "invalid";
    throw error;
  }
}

describe("event patterns", () => {
  it("come out as by AWS's own matcher, but for the differences that are known", () => {
    const wrong = cases.filter((one) => verdict(one) !== one.verdict);
    expect(wrong.map(({ pattern, event }) => ({ pattern, event }))).toEqual(
      knownDifferences.map(({ pattern, event }) => ({ pattern, event })),
    );
    expect(knownDifferences.every((known) => cases.some((one) => same(one, known)))).toBe(true);
  });

  it("are tried with every operator, every verdict, and arrays of objects", () => {
    const count = (wanted: Case["verdict"]) => cases.filter((one) => one.verdict === wanted).length;
    for (const wanted of ["matches", "differs", "invalid"] as const) {
      expect(count(wanted)).toBeGreaterThan(40);
    }
    const texts = cases.filter((one) => one.verdict !== "invalid").map(({ pattern }) => pattern);
    for (const operator of [
      "prefix",
      "suffix",
      "equals-ignore-case",
      "wildcard",
      "anything-but",
      "numeric",
      "cidr",
      "exists",
      "$or",
    ]) {
      expect(texts.filter((text) => text.includes(`"${operator}"`)).length).toBeGreaterThanOrEqual(3);
    }
    process.stdout.write(
      `event patterns: ${cases.length} verdicts of AWS's matcher (${count("matches")} match, ${count("differs")} do not, ` +
        `${count("invalid")} are refused), ${knownDifferences.length} known differences\n`,
    );
  });

  it("have at most as many characters as EventBridge takes", () => {
    const of = (length: number) => {
      const empty = JSON.stringify({ source: [""] });
      return JSON.stringify({ source: ["x".repeat(length - empty.length)] });
    };
    expect(() => parsePattern(of(maximumPatternLength))).not.toThrow();
    expect(() => parsePattern(of(maximumPatternLength + 1))).toThrow(InvalidPattern);
  });
});
