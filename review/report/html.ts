import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import type { AccessChange } from "../change/model";
import { addTo } from "../lists";
import { type Severity, severities } from "../rules/terms";
import { accessCounts, directionNames, placeName, resourceCounts, resourceLines } from "./changes";
import { mapOf } from "./map";
import { anchorOf, html, type Markup, raw } from "./markup";
import {
  type ControlResult,
  type Finding,
  type FrameworkCoverage,
  isOpen,
  placeOf,
  type Report,
  type RuleResult,
  type StackSummary,
} from "./model";

/** Style and script of the page, which it carries itself. */
export interface PageParts {
  readonly style: string;
  readonly script: string;
}

/** @param folder `review/report/page` of the kit */
export const readPageParts = (folder: string): PageParts => ({
  style: readFileSync(path.join(folder, "page.css"), "utf8"),
  script: readFileSync(path.join(folder, "page.js"), "utf8"),
});

const hashOf = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/**
 * A report as one page that needs nothing else: it asks for nothing from any network, and its policy forbids every
 * script and style but its own, so that nothing that a name brings can run.
 */
export function htmlReport(report: Report, { style, script }: PageParts): string {
  const policy = `default-src 'none'; style-src ${hashOf(style)}; script-src ${hashOf(script)}; base-uri 'none'; form-action 'none'`;
  return `<!DOCTYPE html>\n${html`<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Review: ${headline(report)}</title>
<style>${raw(style)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the report</a>
<header>
<h1>Review of what would be deployed</h1>
<p><button type="button" id="theme" class="needs-script" hidden>Dark or light</button>
<button type="button" id="help" class="needs-script" hidden>Keys</button></p>
</header>
<nav aria-label="Parts of the report"><ul>
<li><a href="#summary">Summary</a></li>
<li><a href="#findings">Findings</a></li>
${report.changes ? html`<li><a href="#changes">Changes</a></li>` : ""}
<li><a href="#controls">Controls</a></li>
<li><a href="#map">Map</a></li>
<li><a href="#reviewed">What was reviewed</a></li>
</ul></nav>
<main id="main">
${summary(report)}
${findings(report)}
${report.changes ? changes(report) : ""}
${controls(report)}
<section aria-labelledby="map"><h2 id="map">Accounts and stacks</h2>
<p class="quiet">Each box is a stack and leads to its findings.</p>
${mapOf(report.stacks)}</section>
${reviewed(report)}
</main>
${keys}
<script>${raw(script)}</script>
</body>
</html>`}\n`;
}

const headline = ({ findings: all, waivers }: Report): string => {
  const open = all.filter(isOpen).length + waivers.length;
  return open === 0 ? "nothing to change" : `${open} to change`;
};

function summary(report: Report): Markup {
  const { summary: counts, findings: all, frameworks, stacks, waivers } = report;
  const of = (severity: Severity, test: (finding: Finding) => boolean) =>
    all.filter((finding) => finding.severity === severity && test(finding)).length;
  return html`<section aria-labelledby="summary"><h2 id="summary">Summary</h2>
<p class="verdict">${headline(report)}: ${counts.resources} resources, ${counts.rules} rules, ${counts.passed} passed, ${counts.failed} failed, ${counts.waived} waived, ${counts.cannotTell} cannot be told before apply.</p>
${waivers.map((waiver) => html`<p><span class="tag high">waiver</span> of ${waiver.rule} for <code>${waiver.resource}</code>: ${waiver.problem}</p>`)}
<div class="tables">
${table(
  "By severity",
  ["Severity", "Failed", "Waived", "Cannot tell"],
  severities.map((severity) => [
    html`<a href="#findings?severity=${severity}">${severity}</a>`,
    of(severity, isOpen),
    of(severity, ({ waiver }) => waiver !== undefined),
    of(severity, ({ verdict }) => verdict === "cannot-tell"),
  ]),
)}
${table(
  "By framework: controls",
  ["Framework", "Hold", "Fail", "Cannot tell", "Served by no rule"],
  frameworks.map(({ id, name, controls: tested, unserved }) => [
    html`<a href="#framework-${id}">${name}</a>`,
    tested.filter((control) => stateOf(control) === "holds").length,
    tested.filter((control) => stateOf(control) === "fails").length,
    tested.filter((control) => stateOf(control) === "cannot tell").length,
    unserved.length,
  ]),
)}
</div>
${table(
  "By stack",
  ["Stack", "Account", "Region", "Resources", ...severities, "Waived", "Cannot tell"],
  [...stacks]
    .sort(worstFirst)
    .map((stack) => [
      html`<a href="#findings?stack=${encodeURIComponent(stack.name)}">${stack.name}</a>`,
      html`${stack.account ?? ""}`,
      html`${stack.region ?? ""}`,
      stack.resources,
      ...severities.map((severity) => stack.failed[severity]),
      stack.waived,
      stack.cannotTell,
    ]),
)}
</section>`;
}

const worstFirst = (a: StackSummary, b: StackSummary): number => {
  for (const severity of severities) {
    const difference = b.failed[severity] - a.failed[severity];
    if (difference !== 0) return difference;
  }
  return a.name < b.name ? -1 : 1;
};

const table = (
  caption: string,
  head: readonly string[],
  rows: readonly (readonly (Markup | number)[])[],
): Markup =>
  html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table><caption>${caption}</caption>
<thead><tr>${head.map((name, at) => html`<th scope="col"${isNumber(rows, at) ? raw(' class="number"') : ""}>${name}</th>`)}</tr></thead>
<tbody>${rows.map(
    ([first, ...cells]) => html`<tr><th scope="row">${first ?? ""}</th>${cells.map((value) =>
      typeof value === "number" ? html`<td class="number">${value}</td>` : html`<td>${value}</td>`,
    )}</tr>
`,
  )}</tbody></table></div>`;

const isNumber = (rows: readonly (readonly (Markup | number)[])[], at: number): boolean =>
  typeof rows[0]?.[at] === "number";

const options = (values: readonly (readonly [value: string, name: string])[]): Markup =>
  html`<option value="">all</option>${values.map(([value, name]) => html`<option value="${value}">${name}</option>`)}`;

function findings({ findings: all, frameworks, stacks }: Report): Markup {
  return html`<section aria-labelledby="findings"><h2 id="findings">Findings</h2>
<form id="filter" role="search" class="needs-script" hidden>
<label>Search <input type="search" name="q" autocomplete="off"></label>
<label>Severity <select name="severity">${options(severities.map((each) => [each, each]))}</select></label>
<label>State <select name="state">${options(Object.entries(states))}</select></label>
<label>Framework <select name="framework">${options(frameworks.map(({ id, name }) => [id, name]))}</select></label>
<label>Stack <select name="stack">${options(stacks.map(({ name }) => [name, name]))}</select></label>
<button type="reset">Show all</button>
</form>
<p id="shown" class="quiet" role="status"></p>
${all.length === 0 ? html`<p>Nothing fails, and nothing is left to tell.</p>` : all.map(finding)}
</section>`;
}

const states = { open: "to change", waived: "waived", unclear: "cannot tell" } as const;

const stateOfFinding = (each: Finding): keyof typeof states =>
  each.verdict === "cannot-tell" ? "unclear" : each.waiver ? "waived" : "open";

/** The same for the same rule and place in every report. */
export const findingId = (each: Finding): string =>
  `f-${createHash("sha256")
    .update(`${each.rule} ${placeOf(each)}`)
    .digest("hex")
    .slice(0, 12)}`;

function finding(each: Finding): Markup {
  const state = stateOfFinding(each);
  const id = findingId(each);
  return html`<article class="finding ${each.severity}" id="${id}" tabindex="-1" data-severity="${each.severity}" data-state="${state}" data-stack="${each.stack ?? ""}" data-frameworks="${Object.keys(each.controls).join(" ")}">
<h3><span class="tag ${each.severity}">${each.severity}</span> ${state === "open" ? "" : html`<span class="tag unclear">${states[state]}</span> `}<a href="#${id}">${each.title}</a></h3>
<p class="place">${placeOf(each)}</p>
<ul>${each.messages.map((message) => html`<li>${message}</li>`)}</ul>
<dl>
${each.construct ? html`<dt>Construct</dt><dd class="place">${each.construct}</dd>` : ""}
${each.writtenAt ? html`<dt>Written at</dt><dd class="place">${each.writtenAt.file}:${each.writtenAt.line}</dd>` : ""}
<dt>Fix</dt><dd>${each.fix}</dd>
<dt>Why</dt><dd>${each.why} <a href="${each.source}" rel="noreferrer">Source<span class="skip"> of ${each.rule}</span></a></dd>
<dt>Rule</dt><dd><code>${each.rule}</code></dd>
<dt>Controls</dt><dd>${Object.entries(each.controls).map(([framework, ids]) =>
    ids.map((control) => html`<a href="#${controlAnchor(framework, control)}">${framework} ${control}</a> `),
  )}</dd>
${each.waiver ? html`<dt>Waiver</dt><dd>${each.waiver.reason} (${each.waiver.owner}, until ${each.waiver.expires})</dd>` : ""}
</dl>
</article>
`;
}

function changes({ changes: all }: Report): Markup {
  if (!all) return html``;
  const lines = resourceLines(all);
  return html`<section aria-labelledby="changes"><h2 id="changes">Changes</h2>
<p class="verdict">Access: ${accessCounts(all)}. Resources: ${resourceCounts(all)}.</p>
${all.access.length > 0 ? table("Access", ["Where", "Access", "Kind", "What"], all.access.map(accessRow)) : ""}
${
  lines.length > 0
    ? table(
        "Resources",
        ["Change", "Where"],
        lines.map(({ sign, text }) => [html`<code>${sign}</code>`, html`<span class="place">${text}</span>`]),
      )
    : ""
}
${ruleList("Rules that newly fail", all.rules.newlyFailing)}
${ruleList("Rules that no longer fail", all.rules.noLongerFailing)}
</section>`;
}

const accessRow = (change: AccessChange): Markup[] => [
  html`<span class="place">${placeName(change)}</span>`,
  html`<span class="tag ${change.direction}">${directionNames[change.direction]}</span>`,
  html`${change.kind}`,
  html`${change.what}${
    change.actions && change.actions.length > 5
      ? html`<details><summary>all ${change.actions.length} actions</summary>${change.actions.join(", ")}</details>`
      : ""
  }`,
];

const ruleList = (
  title: string,
  all: readonly { readonly rule: string; readonly stack: string; readonly address: string }[],
): Markup =>
  all.length === 0
    ? html``
    : html`<h3>${title}</h3><ul>${all.map((each) => html`<li><span class="place">${placeName(each)}</span>: ${each.rule}</li>`)}</ul>`;

const controlAnchor = (framework: string, control: string): string =>
  anchorOf(`control-${framework}-${control}`);

type ControlState = "holds" | "fails" | "cannot tell" | "not applicable";

const stateOf = ({ passed, failed, cannotTell }: ControlResult): ControlState => {
  if (failed > 0) return "fails";
  if (cannotTell > 0) return "cannot tell";
  return passed > 0 ? "holds" : "not applicable";
};

const stateTags: Readonly<Record<ControlState, string>> = {
  holds: "fine",
  fails: "high",
  "cannot tell": "unclear",
  "not applicable": "low",
};

function controls({ frameworks, rules, findings: all }: Report): Markup {
  const byRule = new Map(rules.map((rule) => [rule.id, rule]));
  const found = new Map<string, Finding[]>();
  for (const each of all) addTo(found, each.rule, each);
  return html`<section aria-labelledby="controls"><h2 id="controls">Evidence by control</h2>
<p class="quiet">Of each control: the rules that serve it, where they hold, and where they do not.</p>
${frameworks.map((framework) => frameworkDetails(framework, byRule, found))}
</section>`;
}

function frameworkDetails(
  { id, name, controls: tested, unserved }: FrameworkCoverage,
  rules: ReadonlyMap<string, RuleResult>,
  found: ReadonlyMap<string, readonly Finding[]>,
): Markup {
  return html`<details id="framework-${id}"><summary><strong>${name}</strong>: ${tested.length} of ${tested.length + unserved.length} controls are served by rules</summary>
${tested.map((control) => {
  const state = stateOf(control);
  return html`<details class="control" id="${controlAnchor(id, control.control)}"><summary><strong>${control.control}</strong> <span class="tag ${stateTags[state]}">${state}</span> ${control.passed} passed, ${control.failed} failed, ${control.cannotTell} cannot be told</summary>
${control.rules.map((rule) => evidence(rules.get(rule), found.get(rule) ?? []))}
${idle(control.rules.flatMap((rule) => rules.get(rule) ?? []).filter(({ id: rule, passed }) => passed.length === 0 && !found.has(rule)))}</details>
`;
})}
${unserved.length > 0 ? html`<details class="control"><summary>Served by no rule: ${unserved.length}</summary><p>${unserved.join(", ")}</p></details>` : ""}
</details>
`;
}

const evidence = (rule: RuleResult | undefined, found: readonly Finding[]): Markup =>
  rule && found.length + rule.passed.length > 0
    ? html`<p><strong>${rule.title}</strong> <code>${rule.id}</code></p>
<ul>${found.map((each) => html`<li><a href="#${findingId(each)}"><span class="tag ${each.severity}">${stateOfFinding(each) === "open" ? "fails" : states[stateOfFinding(each)]}</span> <span class="place">${placeOf(each)}</span></a></li>`)}
${rule.passed.map((place) => html`<li><span class="tag fine">holds</span> <span class="place">${place}</span></li>`)}</ul>`
    : html``;

/** Rules that nothing asks. */
const idle = (rules: readonly RuleResult[]): Markup =>
  rules.length === 0
    ? html``
    : html`<p class="quiet">Nothing would be deployed that these apply to: ${rules.map(({ id }) => id).join(", ")}.</p>`;

function reviewed({ source, digests }: Report): Markup {
  return html`<section aria-labelledby="reviewed"><h2 id="reviewed">What was reviewed</h2>
<p>Read from ${{ synthesized: "synthesized stacks", plan: "plans", state: "states" }[source]}; <code>ir-kit review --verify</code> compares these digests, as the report in JSON has them, with what is about to be applied.</p>
${table(
  "SHA-256 by stack",
  ["Stack", "Digest"],
  Object.entries(digests).map(([stack, digest]) => [html`${stack}`, html`<code>${digest}</code>`]),
)}
</section>`;
}

const keys: Markup = html`<dialog id="keys" aria-labelledby="keys-title">
<h2 id="keys-title">Keys</h2>
<ul>
<li><kbd>/</kbd> search</li>
<li><kbd>j</kbd> and <kbd>k</kbd> next and previous finding</li>
<li><kbd>Esc</kbd> leaves the search</li>
<li><kbd>?</kbd> these keys</li>
</ul>
<p><label><span><input type="checkbox" id="single-keys" checked> Single keys do something</span></label></p>
<p><button type="button" id="close">Close</button></p>
</dialog>`;
