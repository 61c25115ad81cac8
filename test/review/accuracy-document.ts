import { type Severity, severities } from "../../review/rules/terms";

export interface Judged {
  readonly rule: string;
  readonly severity: Severity;
  readonly at: string;
  readonly verdict: "fail" | "cannot-tell";
}

export interface Accuracy {
  readonly configurations: readonly {
    readonly name: string;
    readonly resources: number;
    readonly findings: readonly Judged[];
  }[];
  readonly faults: readonly {
    readonly configuration: string;
    readonly what: string;
    readonly at: string;
    /** What is said of the place that is not said of the clean configuration. */
    readonly found: readonly Judged[];
  }[];
}

const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`;

/** `docs/review-accuracy.md`: how much of what is wrong a review finds, and how much that it finds is wrong. */
export function accuracyDocument({ configurations, faults }: Accuracy): string {
  const failing = (all: readonly Judged[]) => all.filter(({ verdict }) => verdict === "fail");
  const caught = faults.filter(({ found }) => failing(found).length > 0);
  const unclear = faults.filter(({ found }) => found.length > 0 && failing(found).length === 0);
  const missed = faults.filter(({ found }) => found.length === 0);
  const wrong = configurations.flatMap(({ name, findings }) =>
    failing(findings).map((finding) => ({ name, ...finding })),
  );
  const graver = (severity: Severity) => severities.indexOf(severity) <= severities.indexOf("medium");
  const gravelyWrong = wrong.filter(({ severity }) => graver(severity)).length;
  const gravelyCaught = caught.filter(({ found }) =>
    failing(found).some(({ severity }) => graver(severity)),
  ).length;
  const total = configurations.reduce((sum, { resources }) => sum + resources, 0);
  return `# How accurate a review is

Measured by \`test/e2e/foreign.test.ts\` and written by it: \`UPDATE_ACCURACY=1 npx jest test/e2e/foreign\`. CI compares.

${configurations.length} configurations of kinds that people write (\`test/fixtures/foreign\`), ${total} resources together, in Terraform's own language with variables, loops, dynamic blocks and data sources, are planned by real Terraform with the real provider against the local AWS. Each is meant to be right as it stands; then ${faults.length} times one thing is made wrong (\`faults.yaml\`). A fault is found where some rule fails at its place that does not fail in the configuration as it was. The faults were written before their result was known, and some are there that no rule looks for. At the first measurement 63 of 93 were found; twelve rules were added since for most of what was missed, and others for types that the kit uses, so that the number says what the kit finds today and not what it would find in configurations that nobody has seen.

| | |
| --- | --- |
| Faults found (recall) | ${caught.length} of ${faults.length}: ${percent(caught.length, faults.length)} |
| Told as not to be known before apply | ${unclear.length} |
| Missed | ${missed.length} |
| Findings in configurations that are right | ${wrong.length} |
| Precision | ${percent(caught.length, caught.length + wrong.length)} |
| Precision of what is of medium severity or graver | ${percent(gravelyCaught, gravelyCaught + gravelyWrong)} |

## Missed

${missed.length === 0 ? "None.\n" : missed.map(({ configuration, what, at }) => `- ${configuration}, \`${at}\`: ${what}`).join("\n")}
${unclear.length > 0 ? `\n## Not to be known before apply\n\n${unclear.map(({ configuration, what, at, found }) => `- ${configuration}, \`${at}\`: ${what} (${found.map(({ rule }) => rule).join(", ")})`).join("\n")}\n` : ""}
## Findings in configurations that are right

Each counts as false here, although it names a clause of a framework that the configuration leaves out: a year of retention, a key of one's own, a log of access, a lifecycle.

${wrong.length === 0 ? "None.\n" : `${wrong.map(({ name, at, rule, severity }) => `- ${name}, \`${at}\`: ${rule} (${severity})`).join("\n")}\n`}
## Found

| Configuration | What was made wrong | Found by |
| --- | --- | --- |
${caught
  .map(
    ({ configuration, what, found }) =>
      `| ${configuration} | ${what} | ${failing(found)
        .map(({ rule }) => rule)
        .join(", ")} |`,
  )
  .join("\n")}

## Configurations

| Configuration | Resources | Cannot be told before apply |
| --- | --- | --- |
${configurations.map(({ name, resources, findings }) => `| ${name} | ${resources} | ${findings.filter(({ verdict }) => verdict === "cannot-tell").length} |`).join("\n")}
`;
}
