import { inert } from "../../landscape/problems";
import type { LedgerEntry, Note } from "../../runtime/shared/ledger";

/** A case's timeline as Markdown, from its ledger alone; times are UTC. */
export function timeline(caseId: string, entries: readonly LedgerEntry[], notes: readonly Note[]): string {
  const lines = [...entries.flatMap(linesOf), ...notes.map(lineOf)];
  const ordered = lines
    .map((line, index) => ({ ...line, index }))
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.index - b.index));
  const rows = ordered.map(
    ({ at, actor, what, target }) => `| ${at} | ${md(actor)} | ${md(what)} | ${md(target)} |`,
  );
  return [
    `# Timeline of ${caseId}`,
    "",
    "| UTC | who | what | on |",
    "| --- | --- | --- | --- |",
    ...rows,
    "",
  ].join("\n");
}

interface Line {
  readonly at: string;
  readonly actor: string;
  readonly what: string;
  readonly target: string;
}

function linesOf(entry: LedgerEntry): Line[] {
  const { actor, target, title, state, doneAt, intendedAt, undoneAt, undoneBy, why } = entry;
  const made: Line =
    doneAt !== undefined
      ? { at: doneAt, actor, target, what: title }
      : {
          at: intendedAt,
          actor,
          target,
          what: `${title}: ${state === "failed" ? "failed" : "not confirmed"}, ${why ?? "cut off"}`,
        };
  return undoneAt === undefined
    ? [made]
    : [made, { at: undoneAt, actor: undoneBy ?? actor, target, what: `undone: ${title}` }];
}

const lineOf = ({ at, actor, text, target }: Note): Line => ({ at, actor, what: text, target });

/** Names are of anybody's making: nothing in them may act as Markdown, as HTML or on a terminal. */
const md = (text: string): string => inert(text).replace(/[\\`*_{}[\]<>|#]/g, (c) => `&#${c.charCodeAt(0)};`);
