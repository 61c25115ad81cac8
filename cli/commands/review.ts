import path from "node:path";
import { Command, Option } from "commander";
import pc from "picocolors";
import { kitFolder } from "../../landscape/kit-folder";
import { version } from "../../package.json";
import { type ReviewInput, type Rule, readGraph, review, UnreadableInput } from "../../review";
import { isRed, type Report, reportOf } from "../../review/report/model";
import { terminalReport } from "../../review/report/terminal";
import { frameworks, type Severity, severities } from "../../review/rules/terms";
import { differencesFrom } from "../../review/verify";
import { WrongUse } from "../errors";

const now = new Date();

type Format = (report: Report, colors: boolean) => string | Promise<string>;

/** What is not asked for is not loaded: a review at a prompt is to be there at once. */
const formats: Readonly<Record<string, Format>> = {
  terminal: terminalReport,
  json: (report) => `${JSON.stringify(report, null, 2)}\n`,
  sarif: async (report) => (await import("../../review/report/sarif")).sarifReport(report, version),
  junit: async (report) => (await import("../../review/report/junit")).junitReport(report),
  markdown: async (report) => (await import("../../review/report/markdown")).markdownReport(report),
  oscal: async (report) => {
    const { oscalReport } = await import("../../review/report/oscal");
    return oscalReport(report, { version, at: now.toISOString() });
  },
  html: async (report) => {
    const { htmlReport, readPageParts } = await import("../../review/report/html");
    return htmlReport(report, readPageParts(path.join(kitFolder(), "review", "report", "page")));
  },
};

interface Flags {
  readonly plan: readonly string[];
  readonly since?: string;
  readonly verify?: string;
  readonly format: string;
  readonly out?: string;
  readonly framework?: string;
  readonly severity: Severity;
  readonly failOn: Severity | "none";
  readonly only: readonly string[];
  readonly skip: readonly string[];
  readonly rules: readonly string[];
  readonly waivers?: string;
}

const again = (value: string, before: readonly string[]): string[] => [...before, value];
const byComma = (value: string, before: readonly string[]): string[] => [...before, ...value.split(",")];

/** `ir-kit review`: what would be deployed, judged before it is. */
export const reviewCommand = (): Command =>
  new Command("review")
    .description("judge what would be deployed, by rules with the controls that they serve")
    .argument("[place]", "what cdktf synth has written, or one stack's cdk.tf.json", "cdktf.out")
    .addOption(
      new Option("--plan <file>", "terraform show -json of a plan or state; may be said again")
        .argParser(again)
        .default([]),
    )
    .option(
      "--since <place>",
      "an earlier cdktf.out, stack, plan or state: what changed, and what access changed",
    )
    .option("--verify <report>", "instead say whether this is what an earlier report, as JSON, has reviewed")
    .addOption(
      new Option("--format <format>", "of the report").choices(Object.keys(formats)).default("terminal"),
    )
    .option("--out <file>", "where the report goes; else standard output")
    .addOption(new Option("--framework <name>", "only rules that serve it").choices(Object.keys(frameworks)))
    .addOption(
      new Option("--severity <least>", "only rules this grave or graver").choices(severities).default("low"),
    )
    .addOption(
      new Option("--fail-on <least>", "exit with 1 for failures this grave or graver")
        .choices([...severities, "none"])
        .default("low"),
    )
    .addOption(new Option("--only <rules>", "only these, by comma").argParser(byComma).default([]))
    .addOption(new Option("--skip <rules>", "not these, by comma").argParser(byComma).default([]))
    .addOption(
      new Option("--rules <folder>", "rules of your own beside the kit's; may be said again")
        .argParser(again)
        .default([]),
    )
    .option("--waivers <file>", "else policies/waivers.yaml, where the kit's own stacks are judged")
    .addHelpText(
      "after",
      "\nExit codes: 0 nothing fails, 1 something fails or a waiver no longer holds, 2 what was given cannot be reviewed.\n" +
        "What is known only after apply is told apart, and fails nobody.",
    )
    .action(async (place: string, flags: Flags) => {
      process.exitCode = await run(place, flags);
    });

async function run(place: string, flags: Flags): Promise<number> {
  try {
    if (flags.verify !== undefined) return verify(flags.verify, place, flags);
    const report = reportOf(await review(inputOf(place, flags)));
    const format = formats[flags.format] ?? terminalReport;
    if (flags.out === undefined) process.stdout.write(await format(report, pc.isColorSupported));
    else await writeWhole(flags.out, await format(report, false));
    return flags.failOn !== "none" && isRed(report, flags.failOn) ? 1 : 0;
  } catch (error) {
    throw error instanceof UnreadableInput ? new WrongUse(error.message) : error;
  }
}

async function writeWhole(file: string, text: string): Promise<void> {
  const { default: writeFileAtomic } = await import("write-file-atomic");
  await writeFileAtomic(file, text);
}

/** Who applies asks this, after who reviews has signed off the report. */
function verify(report: string, place: string, flags: Flags): number {
  const graph = readGraph(placeOf(place, flags));
  const differences = differencesFrom(report, graph);
  const lines = differences.map(({ stack, what }) => `${stack} ${what}`);
  const count = Object.keys(graph.digests).length;
  if (lines.length === 0)
    lines.push(count === 1 ? "1 stack, as it was reviewed" : `${count} stacks, each as it was reviewed`);
  process.stdout.write(`${lines.join("\n")}\n`);
  return differences.length === 0 ? 0 : 1;
}

const placeOf = (place: string, { plan }: Flags) =>
  plan.length > 0 ? { plans: plan } : { synthesized: place };

function inputOf(place: string, flags: Flags): ReviewInput {
  const own = path.join(kitFolder(), "policies");
  const judgesOwn = flags.plan.length === 0 && path.resolve(place) === path.join(kitFolder(), "cdktf.out");
  const waivers = flags.waivers ?? (judgesOwn ? path.join(own, "waivers.yaml") : undefined);
  return {
    ...placeOf(place, flags),
    ...(flags.since !== undefined && { since: flags.since }),
    ownRules: path.join(own, "rules"),
    named: [...flags.only, ...flags.skip],
    rules: flags.rules,
    ...(waivers !== undefined && { waivers }),
    selected: selection(flags),
    today: now.toISOString().slice(0, 10),
  };
}

const selection =
  ({ framework, severity, only, skip }: Flags) =>
  (rule: Rule): boolean =>
    (only.length === 0 || only.includes(rule.id)) &&
    !skip.includes(rule.id) &&
    (framework === undefined || framework in rule.controls) &&
    severities.indexOf(rule.severity) <= severities.indexOf(severity);
