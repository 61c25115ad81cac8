import Table from "cli-table3";
import { Command } from "commander";
import pc from "picocolors";
import { landscapePath } from "../../landscape";
import { roleArn } from "../../landscape/arns";
import { taskNames } from "../../landscape/tasks";
import { actionNamed } from "../access/actions";
import { type CheckResult, checkAccess } from "../access/check";
import { trailEvents } from "../access/cloudtrail";
import { synthesizedDeployment } from "../access/deployment";
import { accessMatrix, type Explained, explainTask } from "../access/explain";
import { guardrailImpact, type ImpactReport } from "../access/impact";
import { accountNamed, taskNamed } from "../assume/target";
import { WrongUse } from "../errors";
import { loadOrRefuse } from "../landscape";

interface Common {
  readonly config?: string;
  readonly json?: true;
}

/** `ir-kit access`: what each role may do, and why. */
export const accessCommand = (): Command =>
  new Command("access")
    .description("what each role may do and why; decide one request; replay a trail against the guardrails")
    .addCommand(explain())
    .addCommand(check())
    .addCommand(matrix())
    .addCommand(impact());

const common = (command: Command): Command =>
  command
    .option("--config <file>", "the landscape; else IR_KIT_CONFIG, config/landscape.yaml")
    .option("--json", "print the result as JSON");

const landscapeOf = ({ config }: Common) => loadOrRefuse(landscapePath(config));

const print = (text: string) => process.stdout.write(`${text}\n`);

const explain = (): Command =>
  common(
    new Command("explain")
      .description("every permission of a task's role, gravest first, with its reason")
      .argument("<task>", taskNames.join(", ")),
  ).action(async (name: string, options: Common) => {
    const task = taskNamed(name);
    const rows = await explainTask(landscapeOf(options), task);
    print(options.json ? JSON.stringify(rows, null, 2) : explainTable(task, rows));
  });

function explainTable(task: string, rows: readonly Explained[]): string {
  const table = new Table({
    head: ["level", "statement", "actions", "on", "if", "because"].map((head) => pc.bold(head)),
    colWidths: [13, 22, 42, 44, 40, 36],
    wordWrap: true,
    wrapOnWordBoundary: false,
    style: { head: [], border: [] },
  });
  for (const row of rows) {
    const deny = row.effect === "Deny" ? pc.red("never: ") : "";
    table.push([
      row.level,
      `${deny}${row.statement}${row.where === "account" ? "" : ` (${row.where})`}`,
      row.actions.join("\n"),
      row.resources.join("\n"),
      row.conditions.join("\n"),
      wrapped(row.because, 34),
    ]);
  }
  return `${task}: everything else is denied, by the role's policy and by its boundary\n${table}`;
}

/** The table wraps anywhere, as ARNs need it; a sentence is wrapped between words. */
const wrapped = (text: string, width: number): string =>
  text.replace(new RegExp(`(.{1,${width}})(?: +|$)`, "g"), "$1\n").trimEnd();

const check = (): Command =>
  common(
    new Command("check")
      .description(
        "decide one request of a task's role; exit code 0 allowed, 1 denied, 2 unknown task or action",
      )
      .argument("<task>", taskNames.join(", "))
      .argument("<action>", "such as ec2:TerminateInstances")
      .argument("<resource>", "an ARN, or '*' for any resource of the action")
      .option("--account <name>", "account in which the role stands; the first member where left out")
      .option("--context <key=value...>", "context keys, such as aws:ResourceTag/ir:case=CASE-1"),
  ).action(
    async (
      name: string,
      wanted: string,
      resource: string,
      options: Common & { account?: string; context?: string[] },
    ) => {
      const task = taskNamed(name);
      const action = await actionNamed(wanted);
      const context = contextOf(options.context ?? []);
      const landscape = landscapeOf(options);
      const account = options.account
        ? accountNamed(landscape, options.account).id
        : (landscape.members.find(({ id }) => id !== undefined)?.id ??
          landscape.accounts.management.id ??
          "");
      if (resource !== "*" && !resource.startsWith("arn:"))
        throw new WrongUse(`"${resource}" is not an ARN; '*' stands for any resource of the action`);
      const principal = roleArn(landscape, task, account);
      const result = await checkAccess(synthesizedDeployment(landscape), {
        task,
        principal,
        account,
        action,
        resource,
        context,
      });
      print(
        options.json ? JSON.stringify({ principal, action, ...result }, null, 2) : checkText(action, result),
      );
      process.exitCode = result.allowed ? 0 : 1;
    },
  );

function contextOf(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const match = /^([^=]+)=(.*)$/.exec(pair);
      if (!match?.[1]) throw new WrongUse(`--context "${pair}" is not key=value`);
      return [match[1], match[2] ?? ""];
    }),
  );
}

function checkText(action: string, { allowed, decisions, couldBeAllowedBy }: CheckResult): string {
  const lines = [`${action}: ${allowed ? pc.green("allowed") : pc.red("denied")}`];
  for (const { resource, verdict, because, stoppedBy } of decisions) {
    const by = because.length > 0 ? ` by ${[...new Set(because)].join(", ")}` : "";
    const where = stoppedBy.length > 0 ? ` (${stoppedBy.join(", ")})` : "";
    lines.push(
      `  ${resource}: ${verdict === "unmatched" ? "denied, since nothing allows it" : verdict}${by}${where}`,
    );
  }
  for (const { statement, conditions } of couldBeAllowedBy) {
    lines.push(`  ${statement} allows it on its own resources if ${conditions.join(", and ")}`);
  }
  return lines.join("\n");
}

const matrix = (): Command =>
  common(new Command("matrix").description("services by tasks, with the access levels of each")).action(
    async (options: Common) => {
      const rows = await accessMatrix(landscapeOf(options));
      print(options.json ? JSON.stringify(rows, null, 2) : matrixTable(rows));
    },
  );

function matrixTable(rows: Awaited<ReturnType<typeof accessMatrix>>): string {
  const table = new Table({
    head: ["service", ...taskNames].map((head) => pc.bold(head)),
    style: { head: [], border: [] },
  });
  for (const [service, cells] of Object.entries(rows)) {
    table.push([
      service,
      ...taskNames.map((task) => (cells[task] ?? []).map((level) => level.split(" ")[0]).join(", ")),
    ]);
  }
  return `${table}\nPermissions: changes who may do what. A cell names the levels of AWS's service reference.`;
}

const impact = (): Command =>
  common(
    new Command("impact")
      .description("what the guardrails would have denied in a trail; exit code 1 where they would have")
      .argument("<dir>", "folder of CloudTrail files (.json, .json.gz), or one file"),
  ).action(async (directory: string, options: Common) => {
    const report = await guardrailImpact(synthesizedDeployment(landscapeOf(options)), trailEvents(directory));
    print(options.json ? JSON.stringify(report, null, 2) : impactText(report));
    process.exitCode = report.impacts.some(({ verdict }) => verdict === "denied") ? 1 : 0;
  });

function impactText({ events, skipped, impacts }: ImpactReport): string {
  const summary = `${events} events replayed; ${skipped} that no guardrail concerns left out`;
  if (impacts.length === 0) return `${summary}\n${pc.green("nothing would have been denied")}`;
  const table = new Table({
    head: ["", "count", "principal", "action", "by", "for example"].map((head) => pc.bold(head)),
    colWidths: [13, 7, 50, 34, 30, 46],
    wordWrap: true,
    wrapOnWordBoundary: false,
    style: { head: [], border: [] },
  });
  for (const { verdict, count, principal, action, because, example } of impacts) {
    const colored = verdict === "denied" ? pc.red(verdict) : pc.yellow("can't tell");
    table.push([
      colored,
      count,
      principal,
      action,
      because.join(", "),
      `${example.account} ${example.region}\n${example.resource}`,
    ]);
  }
  return `${summary}\n${table}`;
}
