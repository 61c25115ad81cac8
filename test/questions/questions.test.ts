import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { askFiles, LogDatabase, type Row } from "../../cli/query/duckdb";
import { filesInScope, findLogFiles, type LogFile } from "../../cli/query/local-files";
import { questions } from "../../questions";
import type { Question } from "../../questions/question";
import { render, type Scope } from "../../questions/render";
import { tableNames } from "../../questions/table";
import { shareOf } from "../support/share";
import { answers } from "./answers";
import { attack, flows, lookUps } from "./attack";
import { benignEvents, benignFlows, benignQueries } from "./benign";
import { decoys } from "./decoys";
import { writeCloudTrail, writeDnsQueries, writeFlowLogs } from "./log-files";
import { accounts, regions, vpcOf } from "./organization";

const ordinary = { events: 60_000, flows: 30_000, queries: 15_000 };

/** What one text has and the other lacks. */
const diff = (whole: string, shorter: string): string => {
  const at = [...whole].findIndex((character, index) => character !== shorter[index]);
  return whole.slice(at, at + whole.length - shorter.length).trim();
};

describe("saved questions, asked of planted logs", () => {
  let directory: string;
  let files: readonly LogFile[];
  /** What the files hold, read once. */
  let database: LogDatabase;

  beforeAll(async () => {
    directory = mkdtempSync(path.join(tmpdir(), "ir-kit-logs-"));
    writeCloudTrail(directory, [
      ...benignEvents(ordinary.events),
      ...decoys,
      ...attack.map(({ record }) => record),
    ]);
    writeDnsQueries(directory, [...benignQueries(ordinary.queries), ...lookUps]);
    await writeFlowLogs(directory, [...benignFlows(ordinary.flows), ...flows]);
    files = findLogFiles(directory);
    const tables = tableNames.map((table) => [table, filesInScope(files, table, everywhere)]);
    database = await LogDatabase.open(Object.fromEntries(tables), { inMemory: true });
  }, 120_000);

  afterAll(() => {
    database.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const everywhere: Scope = {
    accounts,
    regions,
    vpcs: accounts.map(vpcOf),
    from: new Date("2026-11-01T00:00:00Z"),
    to: new Date("2026-11-21T00:00:00Z"),
  };

  const valuesOf = (question: Question) => answers.get(question.id)?.values ?? {};

  const ask = (question: Question): Promise<Row[]> =>
    database.ask(render(question, valuesOf(question), everywhere));

  /** As `ir-kit query` does, which reads the files anew for each question. */
  const askOfFiles = (question: Question, scope = everywhere): Promise<Row[]> =>
    askFiles(render(question, valuesOf(question), scope), {
      [question.table]: filesInScope(files, question.table, scope),
    });

  it("are at least 25, and each has an answer planted", () => {
    expect(questions.length).toBeGreaterThanOrEqual(25);
    expect([...answers.keys()].sort()).toEqual(questions.map(({ id }) => id).sort());
    for (const [id, { rows }] of answers) expect([id, rows.length > 0]).toEqual([id, true]);
  });

  it("stand among at least 100,000 rows of ordinary life", async () => {
    const count = async (table: "cloudtrail" | "flow_logs" | "dns_queries") => {
      const [row] = await askFiles(`SELECT count(*) AS rows FROM ${table}`, {
        [table]: filesInScope(files, table, everywhere),
      });
      return Number(row?.rows);
    };
    const [events, connections, names] = [
      await count("cloudtrail"),
      await count("flow_logs"),
      await count("dns_queries"),
    ];
    expect([events, connections, names]).toEqual([
      ordinary.events + decoys.length + attack.length,
      ordinary.flows + flows.length,
      ordinary.queries + lookUps.length,
    ]);
    expect(ordinary.events + ordinary.flows + ordinary.queries).toBeGreaterThanOrEqual(100_000);
  }, 60_000);

  it.each(questions.map((question) => [question.id, question] as const))(
    "%s: exactly the planted rows",
    async (id, question) => {
      const rows = await ask(question);
      expect(rows).toEqual(answers.get(id)?.rows);
      for (const row of rows) expect(Object.keys(row)).toEqual(question.columns);
    },
    60_000,
  );

  it.each(shareOf("questions asked of the files themselves", questions, 6).map(({ id }) => id))(
    "%s: the same rows from the files themselves",
    async (id) => {
      const question = questions.find((other) => other.id === id) as Question;
      expect(await askOfFiles(question)).toEqual(answers.get(id)?.rows);
    },
    60_000,
  );

  /** The question without one of its conditions; those on accounts, regions and time stay. */
  const withoutCondition = (question: Question): Question[] =>
    [...question.sql.matchAll(/\n {2}AND (?:[^\n]|\n {4})+/g)].map(([condition]) => ({
      ...question,
      sql: question.sql.replace(condition, ""),
    }));

  it("have no condition that the planted logs don't need", async () => {
    const idle: string[] = [];
    for (const question of shareOf("questions whose conditions are taken away", questions, 6)) {
      for (const weaker of withoutCondition(question)) {
        const rows = await ask(weaker);
        if (JSON.stringify(rows) === JSON.stringify(answers.get(question.id)?.rows)) {
          idle.push(`${question.id}: ${diff(question.sql, weaker.sql)}`);
        }
      }
    }
    expect(idle).toEqual([]);
  }, 300_000);

  it("look only at the accounts and the time they are given", async () => {
    const question = questions.find(({ id }) => id === "what-key-did") as Question;
    expect(await askOfFiles(question, { ...everywhere, accounts: ["222222222222"] })).toEqual([]);
    expect(await askOfFiles(question, { ...everywhere, to: new Date("2026-11-15T03:01:00Z") })).toEqual([]);
    expect(await askOfFiles(question, { ...everywhere, to: new Date("2026-11-15T03:01:01Z") })).toHaveLength(
      1,
    );
  });
});
