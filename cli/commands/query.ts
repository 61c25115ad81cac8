import Table from "cli-table3";
import { Command } from "commander";
import { distance } from "fastest-levenshtein";
import pc from "picocolors";
import { landscapePath } from "../../landscape";
import { questions } from "../../questions";
import { parameterKinds, type Question } from "../../questions/question";
import { template, WrongValue } from "../../questions/render";
import { WrongUse } from "../errors";
import { loadOrRefuse } from "../landscape";
import { askAthena } from "../query/athena";
import type { Row } from "../query/duckdb";
import { askLocally } from "../query/local";
import type { ScopeFlags } from "../query/scope";
import { createReporter } from "../reporter";

interface QueryFlags extends ScopeFlags {
  readonly config?: string;
  readonly list?: true;
  readonly show?: true;
  readonly param: readonly string[];
  readonly local?: string;
  readonly maxCost: string;
  readonly yes?: true;
  readonly json?: true;
}

const collect = (value: string, all: readonly string[]): string[] => [...all, value];
const print = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

/** `ir-kit query`: the saved questions of an investigation. */
export const queryCommand = (): Command =>
  new Command("query")
    .description("ask the organization's logs one of the saved questions of an investigation")
    .argument("[question]", "which one; --list shows them")
    .option("--list", "every question, with its parameters")
    .option("--show", "the question's SQL, and ask nothing")
    .option("--param <name=value>", "value of a parameter; once for each", collect, [])
    .option("--account <id>", "only this account; again for more", collect, [])
    .option("--region <region>", "only this region; again for more", collect, [])
    .option("--days <number>", "days to look back; each question has its own number where left out")
    .option("--from <time>", "where to begin: a day, or such as 2026-11-25T03:00:00Z")
    .option("--to <time>", "where to end; now where left out")
    .option("--local <folder>", "ask files that were copied from the buckets, in place of Athena")
    .option("--max-cost <dollars>", "ask without a yes up to this estimate", "1")
    .option("--yes", "ask whatever the estimate is")
    .option("--json", "print the answer as JSON")
    .option("--config <file>", "the landscape; else IR_KIT_CONFIG, config/landscape.yaml")
    .addHelpText(
      "after",
      "\nAthena is asked with your own credentials, in the hub's account:\n" +
        "  npx ir-kit assume investigate --account <hub> --case CASE-1 --exec -- npx ir-kit query …\n" +
        "An estimate of what is read, and what that costs, comes first.",
    )
    .action((id: string | undefined, flags: QueryFlags) => query(id, flags));

async function query(id: string | undefined, flags: QueryFlags): Promise<void> {
  if (flags.list) return print(flags.json ? JSON.stringify(listed(), null, 2) : listTable());
  const question = questionNamed(id);
  if (flags.show) return print(template(question));
  const values = valuesOf(flags.param);
  const answer = await asked(question, values, flags);
  print(flags.json ? JSON.stringify(answer.rows, null, 2) : answerTable(question, answer.rows));
}

async function asked(
  question: Question,
  values: Readonly<Record<string, string>>,
  flags: QueryFlags,
): Promise<{ readonly rows: readonly Row[] }> {
  const reporter = createReporter();
  try {
    if (flags.local === undefined) {
      return await askAthena(loadOrRefuse(landscapePath(flags.config)), question, values, {
        ...flags,
        maxCost: dollars(flags.maxCost),
        confirmed: flags.yes === true,
        reporter,
      });
    }
    const answer = await reporter.step(`ask ${flags.local}: ${question.title}`, () =>
      askLocally(question, values, flags.local ?? "", flags),
    );
    reporter.say(`${counted(answer.files, "file")} read, ${counted(answer.rows.length, "row")}`);
    return answer;
  } catch (error) {
    throw error instanceof WrongValue ? new WrongUse(error.message) : error;
  }
}

const counted = (number: number, thing: string): string => `${number} ${thing}${number === 1 ? "" : "s"}`;

function questionNamed(id: string | undefined): Question {
  if (id === undefined) throw new WrongUse("which question? npx ir-kit query --list shows them");
  const question = questions.find((one) => one.id === id);
  if (question) return question;
  const [nearest] = questions
    .map((one) => one.id)
    .sort((one, other) => distance(id, one) - distance(id, other));
  throw new WrongUse(`there is no question ${JSON.stringify(id)}; did you mean ${nearest}? --list shows all`);
}

function valuesOf(params: readonly string[]): Readonly<Record<string, string>> {
  const pairs = params.map((param) => {
    const at = param.indexOf("=");
    if (at < 1) throw new WrongUse(`--param ${JSON.stringify(param)} is not of the form name=value`);
    return [param.slice(0, at), param.slice(at + 1)] as const;
  });
  const names = pairs.map(([name]) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new WrongUse(`--param ${twice} is given twice`);
  return Object.fromEntries(pairs);
}

function dollars(text: string): number {
  if (!/^\d{1,6}(\.\d{1,4})?$/.test(text)) {
    throw new WrongUse(`--max-cost: ${JSON.stringify(text)} is not a sum of dollars, such as 0.50`);
  }
  return Number(text);
}

const listed = () =>
  questions.map(({ id, title, table, parameters, columns, days }) => ({
    id,
    title,
    table,
    days,
    parameters: parameters.map(({ name, kind, about, otherwise }) => ({
      name,
      about,
      meaning: parameterKinds[kind].meaning,
      ...(otherwise !== undefined && { otherwise }),
    })),
    columns,
  }));

function listTable(): string {
  const table = plainTable(["question", "answers", "parameters", "of", "days"], [34, 54, 24, 13, 6]);
  for (const { id, title, parameters, table: of, days } of questions) {
    const names = parameters.map(({ name, otherwise }) =>
      otherwise === undefined ? name : `${name} (${otherwise})`,
    );
    table.push([pc.bold(id), title, names.join("\n"), of, String(days)]);
  }
  return `${table}\n${questions.length} questions`;
}

function answerTable({ columns }: Question, rows: readonly Row[]): string {
  if (rows.length === 0) return "nothing found";
  const table = plainTable(columns);
  for (const row of rows) table.push(columns.map((column) => String(row[column] ?? "")));
  return table.toString();
}

const plainTable = (head: readonly string[], colWidths?: number[]) =>
  new Table({
    head: head.map((text) => pc.bold(text)),
    ...(colWidths && { colWidths, wordWrap: true }),
    style: { head: [], border: [] },
  });
