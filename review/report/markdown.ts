import type { Changes } from "../change/model";
import { accessCounts, directionNames, mostShown, placeName, resourceCounts, resourceLines } from "./changes";
import { type Finding, isOpen, placeOf, type Report } from "./model";
import { severityCounts } from "./terminal";

/** GitHub takes comments of 65,536 characters; so many rows stay below that, whatever names they hold. */
const rows = 100;
const longestCell = 200;

/** What would be markup in a table's cell is shown as it is written. */
const cell = (text: string): string => {
  const short = text.length > longestCell ? `${text.slice(0, longestCell)}…` : text;
  return short.replace(/[\\`*_{}[\]<>()#+!|~@&-]/g, (character) => `&#${character.charCodeAt(0)};`);
};

/** A report for a pull request: bounded, and nothing in it is markup that a name has brought. */
export function markdownReport({ summary, findings, waivers, changes }: Report): string {
  const open = findings.filter(isOpen);
  const counts = severityCounts(open);
  const listed = [...open, ...findings.filter(({ verdict }) => verdict === "cannot-tell")];
  return [
    `### Review: ${open.length + waivers.length === 0 ? "nothing to change" : `${open.length} to change`}`,
    "",
    `${summary.resources} resources, ${summary.rules} rules: ${summary.passed} passed, ${summary.failed} failed${
      counts.length > 0 ? ` (${counts.map(([severity, count]) => `${count} ${severity}`).join(", ")})` : ""
    }, ${summary.waived} waived, ${summary.cannotTell} cannot be told before apply.`,
    "",
    ...(listed.length > 0
      ? ["| Severity | Rule | Where | What |", "| --- | --- | --- | --- |", ...listed.slice(0, rows).map(row)]
      : []),
    ...more(listed.length - rows),
    ...waivers.map(
      ({ rule, resource, problem }) => `\n- Waiver of ${cell(rule)} for ${cell(resource)}: ${cell(problem)}`,
    ),
    ...(changes ? changeLines(changes) : []),
    "",
  ].join("\n");
}

function changeLines(changes: Changes): string[] {
  const { access } = changes;
  const resources = resourceLines(changes);
  return [
    "",
    `#### Access: ${accessCounts(changes)}`,
    ...(access.length > 0 ? ["", "| Access | Where | What |", "| --- | --- | --- |"] : []),
    ...access
      .slice(0, rows)
      .map(
        (change) =>
          `| ${directionNames[change.direction]} | ${cell(placeName(change))} | ${cell(change.what)} |`,
      ),
    ...more(access.length - rows),
    "",
    `#### Resources: ${resourceCounts(changes)}`,
    "",
    ...resources.slice(0, mostShown).map(({ sign, text }) => `- ${cell(sign)} ${cell(text)}`),
    ...more(resources.length - mostShown),
  ];
}

const more = (left: number): string[] =>
  left > 0 ? ["", `… and ${left} more; the full report lists all.`] : [];

const row = (finding: Finding): string =>
  `| ${finding.verdict === "fail" ? finding.severity : "cannot tell"} | [${cell(finding.rule)}](${finding.source}) | ${cell(placeOf(finding))} | ${cell(
    [...finding.messages, ...(finding.verdict === "fail" ? [finding.fix] : [])].join("; "),
  )} |`;
