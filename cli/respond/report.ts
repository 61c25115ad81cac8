import Table from "cli-table3";
import { type Landscape, listedAccounts } from "../../landscape/model";
import { inert } from "../../landscape/problems";
import type { ChangeResult } from "../../runtime/changes/change";
import type { Principal } from "../../runtime/shared/principal";
import type { Activity } from "../../runtime/steps/trace-activity";
import type { Entry } from "../../runtime/steps/trace-entry";
import type { CheckedAt, Facts } from "../../runtime/workflows/contain-principal";

/** Text of anybody's making, on one line of a terminal: no control characters, and not without end. */
export const line = (text: string, longest = 160): string => {
  const safe = inert(text);
  return safe.length > longest ? `${safe.slice(0, longest - 1)}…` : safe;
};

/** A title with its items below; nothing where there are none. */
export const listed = (title: string, items: readonly string[]): string[] =>
  items.length === 0 ? [] : [title, ...items.map((item) => `  ${line(item, 400)}`)];

export const accountLabel = (landscape: Landscape, id: string): string => {
  const listed = listedAccounts(landscape).find((account) => account.id === id);
  return listed ? `${listed.name} (${id})` : id;
};

export const principalLabel = (landscape: Landscape, { kind, name, account }: Principal): string =>
  `${kind} ${line(name)} in ${accountLabel(landscape, account)}`;

/** What there is to know before something is done: credentials, who uses them, and where they lead. */
export function factsText(
  landscape: Landscape,
  { principal, credentials, activity, entry, unknown }: Facts,
): string {
  const parts = [`${principalLabel(landscape, principal)}: ${principal.arn}`];
  if (principal.kind === "user") {
    parts.push(
      credentials.length === 0
        ? "It holds no credential."
        : table(
            ["credential", "id", "status", "made", "last used"],
            credentials.map(({ kind, id, status, created = "", lastUsed = "" }) => [
              kind,
              line(id),
              status,
              created,
              line(lastUsed),
            ]),
          ),
    );
  }
  parts.push(usersText(activity), ...entryTexts(entry));
  if (activity.chain.length > 0) {
    parts.push(
      `From it an attacker went on to:\n${activity.chain
        .map(({ arn, how, at }) => `  ${line(arn)}, ${line(how)} at ${at}`)
        .join("\n")}`,
    );
  }
  if (unknown.length > 0) parts.push(`Not known:\n${unknown.map((one) => `  ${line(one)}`).join("\n")}`);
  return `${parts.join("\n")}\n`;
}

const mostSources = 10;

/** What stays open behind a containment: none of it is changed, and release opens it again. */
function entryTexts({ trust, callers }: Entry): string[] {
  const shown = callers.slice(0, mostSources);
  return [
    ...(trust.length === 0
      ? []
      : [`Whom its trust policy lets in:\n${trust.map((one) => `  ${line(one, 300)}`).join("\n")}`]),
    ...(shown.length === 0
      ? []
      : [
          `Who opened it:\n${shown
            .map(
              ({ arn, how, times, last }) => `  ${line(arn)}: ${line(how)}, times: ${times}, last at ${last}`,
            )
            .join("\n")}`,
        ]),
  ];
}

function usersText({ calls, refused, sources, incomplete }: Activity): string {
  if (calls === 0 && incomplete.length > 0)
    return "Who uses it is not known, since CloudTrail could not be read whole; whoever uses it loses it.";
  if (calls === 0)
    return "CloudTrail shows no call of it in this time (one of the last 15 minutes may be missing); whoever uses it loses it.";
  const shown = sources.slice(0, mostSources);
  const more = sources.length > shown.length ? `\nand ${sources.length - shown.length} more` : "";
  return `Who uses it (calls: ${calls}, refused: ${refused}); containment cuts off all of them:\n${table(
    ["from", "with", "calls", "first", "last"],
    shown.map(({ ip, agent, calls: count, first, last }) => [
      line(ip, 45),
      line(agent, 50),
      String(count),
      first,
      last,
    ]),
  )}${more}`;
}

const table = (head: string[], rows: string[][]): string => {
  const made = new Table({ head, style: { head: [], border: [] } });
  made.push(...rows);
  return made.toString();
};

const marks = { done: "✓", skipped: "·", failed: "✗", planned: "→" } as const;

export const resultText = ({ title, outcome, why }: ChangeResult): string =>
  `${marks[outcome]} ${line(title)}${outcome === "done" ? "" : `: ${outcome}`}${why === undefined ? "" : `, ${line(why, 300)}`}`;

export const verdictText = (label: string, { seconds, verdict }: CheckedAt): string =>
  [
    `${verdict.verdict} after ${seconds} s: ${label}`,
    ...verdict.checks.map(({ what, says, evidence }) => `  ${line(what)}: ${says}. ${line(evidence, 300)}`),
  ].join("\n");
