/**
 * How complex EventBridge finds a rule's pattern, counted as in AWS's open matcher, whose result was compared with this
 * one for published and for random patterns: it is the same, but for lists of texts in `anything-but`, of which AWS counts
 * some beginnings together that are counted apart here. Source: aws/event-ruler on GitHub, README ("Matching with a Machine").
 *
 * Of all values that a field can have, the worst is looked for: the one that matches the most beginnings of wildcards at
 * once. Exact values, prefixes, suffixes and numbers cost nothing.
 */

export interface Matcher {
  readonly kind: "wildcard" | "anything-but";
  /** One for `wildcard`, one or more for `anything-but`; with the quotes of a JSON text, where they match one. */
  readonly texts: readonly string[];
}

/** Beyond this nobody asks how complex a pattern is; a search for more takes long. */
const highest = 100;

interface Automaton {
  /** By state: the character that leads to the next one, or undefined for a star and at the end. */
  readonly next: readonly (string | undefined)[];
  /** Whether a state's beginning ends in a star, and so goes on to match whatever comes. */
  readonly stays: readonly boolean[];
  /** Whether a star follows, which matches nothing too. */
  readonly starFollows: readonly boolean[];
  /** State before the first character of each text. */
  readonly starts: ReadonlySet<number>;
  /** What is counted: texts of one matcher share the beginnings before their first star, and their ends. */
  readonly counted: readonly string[];
}

/** A star is "*", a character that is meant itself is itself; `\*` and `\\` are meant themselves. */
function tokens(text: string): { readonly character: string; readonly star: boolean }[] {
  const found: { character: string; star: boolean }[] = [];
  const characters = [...text];
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at] ?? "";
    const escaped = character === "\\" && /[*\\]/.test(characters[at + 1] ?? "");
    if (escaped) at++;
    found.push(
      escaped ? { character: characters[at] ?? "", star: false } : { character, star: character === "*" },
    );
  }
  return found;
}

const distinct = (matchers: readonly Matcher[]): Matcher[] => [
  ...new Map(matchers.map((matcher) => [JSON.stringify(matcher), matcher])).values(),
];

function automaton(matchers: readonly Matcher[]): Automaton {
  const next: (string | undefined)[] = [];
  const stays: boolean[] = [];
  const starFollows: boolean[] = [];
  const counted: string[] = [];
  const starts = new Set<number>();
  for (const [matcher, { texts }] of distinct(matchers).entries()) {
    for (const [index, text] of texts.entries()) {
      const parts = tokens(text);
      starts.add(next.length);
      for (let length = 0; length <= parts.length; length++) {
        const following = parts[length];
        const afterStar = length > 0 && parts[length - 1]?.star === true;
        const end = following === undefined && !afterStar;
        next.push(following?.star === false ? following.character : undefined);
        stays.push(afterStar);
        starFollows.push(following?.star === true);
        const beginning = parts.slice(0, length);
        const shared = !beginning.some(({ star }) => star);
        counted.push(JSON.stringify([matcher, end ? "end" : [beginning, shared || index]]));
      }
    }
  }
  return { next, stays, starFollows, starts, counted };
}

const withStars = ({ starFollows }: Automaton, states: readonly number[]): number[] => {
  const all = new Set(states);
  for (const state of states) if (starFollows[state]) all.add(state + 1);
  return [...all].sort((a, b) => a - b);
};

const after = (machine: Automaton, states: readonly number[], character: string | undefined): number[] =>
  withStars(
    machine,
    states.flatMap((state) => [
      ...(machine.stays[state] ? [state] : []),
      ...(character !== undefined && machine.next[state] === character ? [state + 1] : []),
    ]),
  );

/** Complexity of the wildcards of one field: a whole number, at most 100. */
export function complexityOfField(matchers: readonly Matcher[]): number {
  const machine = automaton(matchers);
  const alphabet = [...new Set(machine.next.filter((character) => character !== undefined)), undefined];
  const first = withStars(machine, [...machine.starts]);
  const seen = new Set<string>();
  let most = 0;
  for (let waiting = [first]; waiting.length > 0; ) {
    const states = waiting.pop() ?? [];
    for (const character of alphabet) {
      const reached = after(machine, states, character);
      const key = reached.join();
      if (reached.length === 0 || seen.has(key)) continue;
      seen.add(key);
      most = Math.max(most, new Set(reached.map((state) => machine.counted[state])).size);
      if (most >= highest) return highest;
      waiting.push(reached);
    }
  }
  return most;
}

function wildcardsOf(matcher: unknown): Matcher[] {
  if (matcher === null || typeof matcher !== "object") return [];
  const { wildcard, "anything-but": unwanted } = matcher as Readonly<Record<string, unknown>>;
  const kinds = [
    ["wildcard", wildcard],
    ["anything-but", (unwanted as { wildcard?: unknown } | null | undefined)?.wildcard],
  ] as const;
  return kinds.flatMap(([kind, texts]) =>
    texts === undefined ? [] : [{ kind, texts: [texts].flat().map((text) => JSON.stringify(text)) }],
  );
}

/** Matchers of each field, whichever alternative names it: all of them stand in one machine. */
function fields(pattern: unknown, path: string, found: Map<string, Matcher[]>): Map<string, Matcher[]> {
  for (const [key, value] of Object.entries((pattern ?? {}) as Readonly<Record<string, unknown>>)) {
    if (key === "$or" && Array.isArray(value)) for (const each of value) fields(each, path, found);
    else if (Array.isArray(value)) {
      const field = `${path}.${key}`;
      found.set(field, [...(found.get(field) ?? []), ...value.flatMap(wildcardsOf)]);
    } else fields(value, `${path}.${key}`, found);
  }
  return found;
}

/** Complexity of a rule's pattern: that of its worst field, or 0 without wildcards. At most 100. */
export const ruleComplexity = (pattern: unknown): number =>
  Math.max(0, ...[...fields(pattern, "", new Map()).values()].map(complexityOfField));
