/** HTML that is safe to put into HTML. */
export class Markup {
  constructor(readonly text: string) {}
  toString(): string {
    return this.text;
  }
}

type Part = Markup | string | number | readonly Part[];

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => entities[sign] ?? "");

const partText = (part: Part): string => {
  if (part instanceof Markup) return part.text;
  return typeof part === "object" ? part.map(partText).join("") : escaped(String(part));
};

/** A template of HTML: whatever is put in is text, unless it is markup itself. */
export const html = (texts: TemplateStringsArray, ...parts: readonly Part[]): Markup =>
  new Markup(texts.map((text, at) => text + partText(parts[at] ?? "")).join(""));

/** What the kit itself has written. */
export const raw = (text: string): Markup => new Markup(text);

/** A text as an id, to which a link can lead. */
export const anchorOf = (text: string): string => text.replace(/[^A-Za-z0-9.-]+/g, "-");
