/** Attributes whose values have blanks in them and are no prose: AWS reads them. */
const notForPeople = /(_expression|_version|Expression|Version)$/;

/** Whether a text is written for people: words, and no document, reference or JSON. */
export const isProse = (text: string): boolean =>
  /^\S+(\s+\S+){2,}$/s.test(text.trim()) && !/^["{[]/.test(text) && !text.includes("${");

/** Changes each text for people inside of a value; documents that stand in it as text are gone through too. */
export function withProse(value: unknown, change: (text: string) => string): unknown {
  if (Array.isArray(value)) return value.map((one) => withProse(one, change));
  if (typeof value === "string") return inText(value, change);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      name === "//" || notForPeople.test(name) ? inner : withProse(inner, change),
    ]),
  );
}

function inText(text: string, change: (text: string) => string): string {
  if (isProse(text)) return change(text);
  if (!text.startsWith("{")) return text;
  try {
    return JSON.stringify(withProse(JSON.parse(text), change));
  } catch (error) {
    // Not every text in braces is JSON.
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}

/** Every text for people inside of a value. */
export function proseIn(value: unknown): string[] {
  const found: string[] = [];
  withProse(value, (text) => {
    found.push(text);
    return text;
  });
  return found;
}
