/** A part of all texts that patterns cannot tell apart further: which of them match, and a short such text. */
export interface Region {
  readonly example: string;
  /** By the patterns' order. */
  readonly matches: readonly boolean[];
}

/** Patterns that would take more states than this to tell apart are not told apart. */
const mostStates = 50_000;

/** Of these, one that no pattern spells out stands for all such characters. */
const others = [..."xyzqw0123~"];

/**
 * Parts the texts by patterns of IAM, where `*` is any text and `?` any character, so that two texts of one region are
 * the same to every pattern. What holds of the examples of all regions holds of every text.
 *
 * @returns nothing where the patterns are too many to tell apart
 */
export function regionsOf(patterns: readonly string[]): readonly Region[] | undefined {
  const all = new Automaton(patterns);
  const spelled = new Set(patterns.join(""));
  const other = others.find((character) => !spelled.has(character)) ?? "\u00a4";
  const regions = new Map<string, Region>();
  const start = all.start();
  const seen = new Set([start.join(",")]);
  const queue = [{ text: "", state: start }];
  for (let at = 0; at < queue.length; at += 1) {
    if (queue.length > mostStates) return undefined;
    const { text, state } = queue[at] as (typeof queue)[number];
    const matching = all.matching(state);
    const signature = matching.join(",");
    // An ARN is never empty: where another text does as well, it is the better example.
    if (!regions.get(signature)?.example) {
      const matches = patterns.map((_, index) => matching.includes(index));
      regions.set(signature, { example: text, matches });
    }
    for (const character of [...all.awaited(state), other]) {
      const next = all.step(state, character);
      const key = next.join(",");
      if (seen.has(key)) continue;
      seen.add(key);
      queue.push({ text: text + character, state: next });
    }
  }
  return [...regions.values()];
}

/** Whether a text matches a pattern of IAM. */
export function matchesGlob(pattern: string, text: string): boolean {
  if (pattern === "*") return true;
  if (!/[*?]/.test(pattern)) return pattern === text;
  const one = new Automaton([pattern]);
  let state = one.start();
  for (const character of text) {
    state = one.step(state, character);
    if (state.length === 0) return false;
  }
  return one.matching(state).length > 0;
}

/** Places in patterns, counted through all of them, at which a text that is read so far may stand; in order. */
type State = readonly number[];

class Automaton {
  /** The sign at each place; nothing at the end of a pattern. */
  private readonly signs: (string | undefined)[] = [];
  private readonly starts: number[] = [];
  /** By the place of a pattern's end, its index. */
  private readonly ends = new Map<number, number>();

  constructor(patterns: readonly string[]) {
    for (const [index, pattern] of patterns.entries()) {
      this.starts.push(this.signs.length);
      this.signs.push(...pattern, undefined);
      this.ends.set(this.signs.length - 1, index);
    }
  }

  start(): State {
    return this.pastStars(this.starts);
  }

  step(state: State, character: string): State {
    const next: number[] = [];
    for (const place of state) {
      const sign = this.signs[place];
      if (sign === "*") next.push(place);
      else if (sign === "?" || sign === character) next.push(place + 1);
    }
    return this.pastStars(next);
  }

  /** Patterns that a text matches if it ends here. */
  matching(state: State): number[] {
    return state.flatMap((place) => this.ends.get(place) ?? []);
  }

  /** Characters that some pattern waits for. */
  awaited(state: State): ReadonlySet<string> {
    const awaited = new Set<string>();
    for (const place of state) {
      const sign = this.signs[place];
      if (sign !== undefined && sign !== "*" && sign !== "?") awaited.add(sign);
    }
    return awaited;
  }

  /** A star may be nothing. */
  private pastStars(places: readonly number[]): State {
    const all: number[] = [];
    for (const place of places) {
      let here = place;
      all.push(here);
      while (this.signs[here] === "*") {
        here += 1;
        all.push(here);
      }
    }
    return all.length > 1 ? [...new Set(all)].sort((a, b) => a - b) : all;
  }
}
