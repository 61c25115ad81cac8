import pc from "picocolors";
import type { Changes, Direction } from "../change/model";
import { addTo } from "../lists";
import { type Severity, severities } from "../rules/terms";
import {
  accessCounts,
  byPlace,
  directionNames,
  mostShown,
  placeName,
  resourceCounts,
  resourceLines,
} from "./changes";
import { type Finding, isOpen, placeOf, type Report } from "./model";

/** So many places of one rule are named; the other formats name all. */
const places = 8;

/** A report for people: grouped by rule, gravest first, as short as it can be. */
export function terminalReport(report: Report, colors = pc.isColorSupported): string {
  const paint = pc.createColors(colors);
  const color: Record<Severity, (text: string) => string> = {
    critical: (text) => paint.bold(paint.red(text)),
    high: paint.red,
    medium: paint.yellow,
    low: paint.cyan,
  };
  const open = report.findings.filter(isOpen);
  const unclear = report.findings.filter(({ verdict }) => verdict === "cannot-tell");
  const group = (findings: readonly Finding[]): string[] => {
    const [{ rule, title, severity, fix }] = findings as [Finding];
    const shown = findings
      .slice(0, places)
      .flatMap((finding) => [
        `  ${placeOf(finding)}${paint.dim(originOf(finding))}`,
        ...finding.messages.map((message) => `    ${message}`),
      ]);
    const more = findings.length - places;
    return [
      `${color[severity](severity.toUpperCase())} ${paint.bold(title)} ${paint.dim(rule)}`,
      ...shown,
      ...(more > 0 ? [`  … and ${more} more`] : []),
      `  ${paint.green("Fix:")} ${fix}`,
      "",
    ];
  };
  return [
    ...byRule(open).flatMap(group),
    ...(unclear.length > 0 ? [paint.bold("Cannot be told, before apply or at all:")] : []),
    ...unclear.flatMap((finding) => [
      `  ${placeOf(finding)} ${paint.dim(finding.rule)}`,
      ...finding.messages.map((message) => `    ${message}`),
    ]),
    ...(unclear.length > 0 ? [""] : []),
    ...(report.changes ? changeLines(report.changes, paint) : []),
    ...report.waivers.map(
      ({ rule, resource, problem }) => `${paint.red("WAIVER")} of ${rule} for ${resource}: ${problem}`,
    ),
    summaryLine(report, severityCounts(open)),
    "",
  ].join("\n");
}

function changeLines(changes: Changes, paint: ReturnType<typeof pc.createColors>): string[] {
  const color: Record<Direction, (text: string) => string> = {
    widened: paint.red,
    narrowed: paint.green,
    "cannot-tell": paint.yellow,
  };
  const bounded = (lines: readonly string[]): string[] =>
    lines.length > mostShown
      ? [...lines.slice(0, mostShown), `  … and ${lines.length - mostShown} more`]
      : [...lines];
  const { newlyFailing, noLongerFailing } = changes.rules;
  return [
    `${paint.bold("Access:")} ${accessCounts(changes)}`,
    ...byPlace(changes.access).flatMap((group) => {
      const [first] = group as [(typeof group)[number]];
      return bounded([
        `  ${color[first.direction](directionNames[first.direction].toUpperCase())} ${placeName(first)}`,
        ...group.map(({ kind, what }) => `    ${what} ${paint.dim(kind)}`),
      ]);
    }),
    `${paint.bold("Resources:")} ${resourceCounts(changes)}`,
    ...bounded(resourceLines(changes).map(({ sign, text }) => `  ${sign} ${text}`)),
    ...(newlyFailing.length > 0 ? [paint.bold("Rules that newly fail:")] : []),
    ...bounded(newlyFailing.map((each) => `  ${placeName(each)} ${paint.dim(each.rule)}`)),
    ...(noLongerFailing.length > 0 ? [paint.bold("Rules that no longer fail:")] : []),
    ...bounded(noLongerFailing.map((each) => `  ${placeName(each)} ${paint.dim(each.rule)}`)),
    "",
  ];
}

function byRule(findings: readonly Finding[]): Finding[][] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) addTo(groups, finding.rule, finding);
  return [...groups.values()];
}

export const severityCounts = (findings: readonly Finding[]): [Severity, number][] =>
  severities
    .map((severity): [Severity, number] => [
      severity,
      findings.filter((finding) => finding.severity === severity).length,
    ])
    .filter(([, count]) => count > 0);

function summaryLine({ summary }: Report, counts: [Severity, number][]): string {
  const { resources, rules, passed, failed, waived, cannotTell } = summary;
  const detail = counts.map(([severity, count]) => `${count} ${severity}`).join(", ");
  return [
    `${resources} resources, ${rules} rules: ${passed} passed`,
    `${failed} failed${detail && ` (${detail})`}`,
    `${waived} waived`,
    `${cannotTell} cannot be told`,
  ].join(", ");
}

/** What made it, as far as that is known and not said already. */
function originOf(finding: Finding): string {
  const { construct, writtenAt } = finding;
  const known = [
    ...(construct && construct !== placeOf(finding) ? [construct] : []),
    ...(writtenAt ? [`${writtenAt.file}:${writtenAt.line}`] : []),
  ];
  return known.length > 0 ? ` (${known.join(", ")})` : "";
}
