import { RE2JS } from "re2js";
import { marker } from "../graph";

/** What of an expression ajv asks. */
interface RegExpLike {
  readonly test: (text: string) => boolean;
}

/**
 * A pattern that takes time in proportion to the text, whatever either is: RE2's, which knows no lookaround and no
 * references back.
 *
 * @throws where the pattern is none, or needs more than that
 */
export function linearPattern(pattern: string): RegExpLike {
  const compiled = RE2JS.compile(RE2JS.translateRegExp(pattern));
  return { test: (text) => compiled.test(text) };
}

interface Engine {
  (pattern: string, flags: string): RegExpLike;
  code: string;
}

/** For rules that others have written. The marker's own pattern is asked of every text, and is harmless. */
export const linearEngine: Engine = Object.assign(
  (pattern: string, flags: string): RegExpLike => {
    const found = pattern === marker ? new RegExp(pattern, flags) : linearPattern(pattern);
    // Ajv tells patterns apart by their text.
    return Object.assign(found, { toString: () => `/${pattern}/${flags}` });
  },
  { code: "linearEngine" },
);
