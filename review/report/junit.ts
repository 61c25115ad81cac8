import { type Finding, isOpen, placeOf, type Report } from "./model";

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};
/** No XML document may hold them; the control characters, which none may hold either, are gone already. */
const loneSurrogates = /\p{Surrogate}/gu;

const escaped = (text: string): string =>
  text.replace(loneSurrogates, "\ufffd").replace(/[&<>"']/g, (character) => entities[character] ?? "");

/** JUnit XML: a test case for each finding, and one for all that passed, so that a green run is not an empty one. */
export function junitReport({ findings, summary, waivers }: Report): string {
  const failed = findings.filter(isOpen);
  const skipped = findings.filter((finding) => !failed.includes(finding));
  const count = findings.length + waivers.length + 1;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="ir-kit review" tests="${count}" failures="${failed.length + waivers.length}" errors="0">`,
    `  <testsuite name="ir-kit review" tests="${count}" failures="${failed.length + waivers.length}" errors="0" skipped="${skipped.length}">`,
    `    <testcase classname="passed" name="${summary.passed} of ${summary.resources} resources by ${summary.rules} rules"/>`,
    ...failed.map((finding) =>
      testCase(
        finding,
        `<failure message="${escaped(finding.title)}">${escaped(details(finding))}</failure>`,
      ),
    ),
    ...skipped.map((finding) =>
      testCase(
        finding,
        `<skipped message="${escaped(finding.waiver?.reason ?? finding.messages.join("; "))}"/>`,
      ),
    ),
    ...waivers.map(
      ({ rule, resource, problem }) =>
        `    <testcase classname="waivers" name="${escaped(`${rule} ${resource}`)}"><failure message="${escaped(problem)}"/></testcase>`,
    ),
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

const testCase = (finding: Finding, result: string): string =>
  `    <testcase classname="${escaped(finding.rule)}" name="${escaped(placeOf(finding))}">${result}</testcase>`;

const details = ({ messages, fix, source }: Finding): string =>
  [...messages, `Fix: ${fix}`, source].join("\n");
