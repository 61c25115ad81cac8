import type { Severity } from "../rules/terms";
import { type Finding, placeOf, type Report } from "./model";

const levels: Record<Severity, string> = { critical: "error", high: "error", medium: "warning", low: "note" };
/** What GitHub sorts alerts by. Source: "SARIF support for code scanning" (GitHub docs). */
const scores: Record<Severity, string> = { critical: "9.5", high: "8.0", medium: "5.5", low: "3.0" };

/** SARIF 2.1.0, for code scanning. What is waived is told as suppressed, what cannot be told as in need of review. */
export function sarifReport(report: Report, version: string): string {
  const rules = [...new Map(report.findings.map((finding) => [finding.rule, finding])).values()];
  const results = report.findings.map((finding) => ({
    ruleId: finding.rule,
    ruleIndex: rules.findIndex(({ rule }) => rule === finding.rule),
    kind: finding.verdict === "fail" ? "fail" : "review",
    level: finding.verdict === "fail" ? levels[finding.severity] : "none",
    message: { text: [placeOf(finding), ...finding.messages].join("\n") },
    locations: [locationOf(finding)],
    partialFingerprints: { "ruleAndResource/v1": `${finding.rule} ${placeOf(finding)}` },
    ...(finding.waiver && {
      suppressions: [{ kind: "external", status: "accepted", justification: finding.waiver.reason }],
    }),
  }));
  return json({
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "aws-ir-kit",
            semanticVersion: version,
            rules: rules.map((finding) => ({
              id: finding.rule,
              shortDescription: { text: finding.title },
              fullDescription: { text: finding.why },
              help: { text: finding.fix },
              helpUri: finding.source,
              defaultConfiguration: { level: levels[finding.severity] },
              properties: {
                "security-severity": scores[finding.severity],
                tags: Object.entries(finding.controls).flatMap(([framework, controls]) =>
                  controls.map((control) => `${framework}/${control}`),
                ),
              },
            })),
          },
        },
        results,
      },
    ],
  });
}

const locationOf = (finding: Finding) => ({
  physicalLocation: {
    artifactLocation: {
      uri: finding.writtenAt
        ? finding.writtenAt.file.split(/[\\/]/).map(encodeURIComponent).join("/")
        : finding.stack === undefined
          ? "cdktf.out/manifest.json"
          : `cdktf.out/stacks/${encodeURIComponent(finding.stack)}/cdk.tf.json`,
    },
    region: { startLine: finding.writtenAt?.line ?? 1 },
  },
  logicalLocations: [{ fullyQualifiedName: finding.construct ?? placeOf(finding), kind: "resource" }],
});

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
