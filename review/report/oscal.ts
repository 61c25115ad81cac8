import { createHash } from "node:crypto";
import type { Framework } from "../rules/terms";
import { type ControlResult, type FrameworkCoverage, placeOf, type Report, type RuleResult } from "./model";

const oscalVersion = "1.2.1";

export interface OscalOptions {
  /** Of the kit. */
  readonly version: string;
  /** When the review was made, as ISO 8601 with a time zone. */
  readonly at: string;
}

/**
 * NIST's OSCAL assessment results: a result for each framework, with a finding for each control that was tested and an
 * observation for each rule that tested it. Two reports of the same stacks differ in their times only.
 */
export function oscalReport(report: Report, { version, at }: OscalOptions): string {
  const id = identifiers(JSON.stringify(report.digests));
  const subjects = new Map<string, string>();
  const subject = (place: string): string => {
    const uuid = subjects.get(place) ?? id(`subject ${place}`);
    subjects.set(place, uuid);
    return uuid;
  };
  const rules = new Map(report.rules.map((rule) => [rule.id, rule]));
  const results = report.frameworks
    .filter(({ controls }) => controls.some(isTested))
    .map((framework) => {
      subjects.clear();
      const controls = framework.controls.filter(isTested);
      const serving = [...new Set(controls.flatMap((control) => control.rules))].flatMap(
        (each) => rules.get(each) ?? [],
      );
      const observations = serving
        .map((rule) => observationOf(report, framework.id, rule, at, id, subject))
        .filter(({ subjects: seen }) => seen.length > 0);
      return {
        uuid: id(`result ${framework.id}`),
        title: framework.name,
        description: `Controls of ${framework.name} that rules of the review serve.`,
        start: at,
        ...(subjects.size > 0 && {
          "local-definitions": {
            "inventory-items": [...subjects].map(([place, uuid]) => ({ uuid, description: place })),
          },
        }),
        "reviewed-controls": {
          "control-selections": [
            {
              "include-controls": controls.map(({ control }) => ({
                "control-id": controlId(framework.id, control),
              })),
            },
          ],
        },
        observations,
        findings: controls.map((control) =>
          findingOf(framework, control, new Set(observations.map(({ uuid }) => uuid)), id),
        ),
      };
    });
  return `${JSON.stringify(
    {
      "assessment-results": {
        uuid: id("assessment results"),
        metadata: {
          title: "Review of what would be deployed",
          "last-modified": at,
          version: "1",
          "oscal-version": oscalVersion,
          props: [{ name: "tool", value: `aws-ir-kit ${version}`, ns: "https://github.com/aws-ir-kit" }],
        },
        "import-ap": { href: `#${id("plan")}`, remarks: "The rules of the review are the plan." },
        results: results.length > 0 ? results : [nothingTested(id, at)],
        "back-matter": {
          resources: [
            {
              uuid: id("plan"),
              title: "Rules",
              description: `${report.summary.rules} rules of aws-ir-kit ${version}`,
            },
          ],
        },
      },
    },
    null,
    2,
  )}\n`;
}

const isTested = ({ passed, failed, cannotTell }: ControlResult): boolean => passed + failed + cannotTell > 0;

/** OSCAL asks for a result, be it of nothing. */
const nothingTested = (id: (name: string) => string, at: string) => ({
  uuid: id("result of nothing"),
  title: "No control was tested",
  description: "No rule applied to anything that would be deployed.",
  start: at,
  "reviewed-controls": { "control-selections": [{ "include-all": {} }] },
});

function observationOf(
  { findings }: Report,
  framework: Framework,
  rule: RuleResult,
  at: string,
  id: (name: string) => string,
  subject: (place: string) => string,
) {
  const found = findings.filter((finding) => finding.rule === rule.id);
  const verdict = (finding: (typeof found)[number]): string =>
    finding.waiver ? "waived" : finding.verdict === "fail" ? "fail" : "cannot-tell";
  return {
    uuid: id(`observation ${framework} ${rule.id}`),
    title: rule.title,
    description: rule.why,
    methods: ["TEST"],
    types: ["control-objective"],
    subjects: [
      ...found.map((finding) => ({
        ...subjectOf(subject(placeOf(finding)), placeOf(finding), verdict(finding)),
        remarks: [...finding.messages, finding.waiver?.reason].filter(Boolean).join("; "),
      })),
      ...rule.passed.map((place) => subjectOf(subject(place), place, "pass")),
    ],
    collected: at,
    remarks: rule.fix,
  };
}

const subjectOf = (uuid: string, title: string, verdict: string) => ({
  "subject-uuid": uuid,
  type: "inventory-item",
  title,
  props: [{ name: "verdict", value: verdict, ns: "https://github.com/aws-ir-kit" }],
});

function findingOf(
  { id: framework, name }: FrameworkCoverage,
  { control, rules, passed, failed, cannotTell }: ControlResult,
  observations: ReadonlySet<string>,
  id: (name: string) => string,
) {
  const reason = failed > 0 ? "fail" : cannotTell > 0 ? "other" : "pass";
  return {
    uuid: id(`finding ${framework} ${control}`),
    title: `${name}, ${control}`,
    description: `${passed} passed, ${failed} failed, ${cannotTell} cannot be told before apply.`,
    target: {
      type: "objective-id",
      "target-id": controlId(framework, control),
      status: { state: reason === "pass" ? "satisfied" : "not-satisfied", reason },
    },
    "related-observations": rules
      .map((rule) => id(`observation ${framework} ${rule}`))
      .filter((uuid) => observations.has(uuid))
      .map((uuid) => ({ "observation-uuid": uuid })),
  };
}

/** As NIST's catalog writes its controls (`ac-2.1`); of others, a token that begins with a letter, which OSCAL asks for. */
export function controlId(framework: Framework, control: string): string {
  if (framework === "nist-800-53-r5") return control.toLowerCase().replace(/\((\d+)\)/g, ".$1");
  return `${framework}_${control}`.replace(/[^A-Za-z0-9.\-_]/g, "_");
}

/** UUIDs of version 5 (RFC 9562, 5.5): the same for the same names of the same stacks. */
function identifiers(seed: string): (name: string) => string {
  return (name) => {
    const bytes = createHash("sha1").update(`aws-ir-kit ${seed} ${name}`).digest().subarray(0, 16);
    bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
    bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
    const hex = bytes.toString("hex");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  };
}
