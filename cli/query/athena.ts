import { setTimeout as sleep } from "node:timers/promises";
import {
  AthenaClient,
  GetQueryExecutionCommand,
  paginateGetQueryResults,
  type ResultSet,
  StartQueryExecutionCommand,
} from "@aws-sdk/client-athena";
import { S3Client } from "@aws-sdk/client-s3";
import type { Landscape } from "../../landscape";
import { investigationWorkgroupName, logDatabaseName } from "../../landscape/names";
import { prices } from "../../landscape/prices";
import { shortfalls } from "../../questions/coverage";
import type { Question } from "../../questions/question";
import { render, type Scope } from "../../questions/render";
import { regionsOfTable } from "../../questions/tables/placement";
import { confirmed } from "../confirm";
import { Refused } from "../errors";
import type { Reporter } from "../reporter";
import { CentralLogs } from "./central-logs";
import type { Row } from "./duckdb";
import { chosen, type ScopeFlags, scopeOf, type Window, windowOf } from "./scope";

export interface AthenaOptions extends ScopeFlags {
  /** Dollars up to which no yes is needed. */
  readonly maxCost: number;
  readonly confirmed: boolean;
  readonly reporter: Reporter;
}

export interface AthenaAnswer {
  readonly rows: readonly Row[];
  readonly bytesScanned: number;
}

/** Dollars for a terabyte that Athena reads, and the least that it counts. */
const dollarsPerTerabyte = prices.athena.dollars["us-east-1"];
const leastBytes = 10_000_000;
const terabyte = 1e12;

/** Athena takes so many values in a list for an injected partition key ("Dynamic ID partitioning"). */
const longestList = 1000;

/** Accounts whose folders are measured for an estimate; of more, these stand for all. */
const sampled = 20;

/**
 * Asks Athena, in the hub's account, with the caller's own credentials.
 *
 * @throws WrongUse for places without logs, or where a yes is needed and nobody can give it; Refused where Athena fails
 */
export async function askAthena(
  landscape: Landscape,
  question: Question,
  values: Readonly<Record<string, string>>,
  options: AthenaOptions,
): Promise<AthenaAnswer> {
  const settings = { region: landscape.homeRegion };
  const logs = new CentralLogs(new S3Client(settings), landscape);
  const window = windowOf(options, question, new Date());
  const { reporter } = options;
  // A wrong value is told before anything is asked.
  render(question, values, scopeOf(window, { accounts: ["0"], regions: ["-"], vpcs: ["-"] }));

  const days = Math.floor((Date.now() - window.from.getTime()) / 86_400_000);
  for (const why of shortfalls(question, landscape.logging, days)) {
    reporter.say(`what is found may not be all: ${why}`);
  }

  const { scopes, bytes } = await reporter.step(
    "look which logs there are, and how much of them",
    async () => {
      const regions = chosen("--region", options.region, regionsOfTable(landscape, question.table));
      const accounts = chosen("--account", options.account, await logs.accounts(question.table, regions));
      return {
        scopes: await scopesOf(logs, question, window, accounts, regions),
        bytes: await estimate(logs, question, window, accounts, regions),
      };
    },
  );
  if (scopes.length === 0) {
    reporter.say("there are no such logs yet");
    return { rows: [], bytesScanned: 0 };
  }
  const cost = costOf(bytes, scopes.length);
  const price = `about ${size(bytes)} to read, ${dollars(cost)} at ${dollars(dollarsPerTerabyte)} a terabyte`;
  reporter.say(price);
  if (cost > options.maxCost && !options.confirmed) {
    const otherwise = `${price}: more than --max-cost ${dollars(options.maxCost)}; narrow it by --account, --region or --days, or give --yes`;
    if (!(await confirmed(`Ask ${question.id}`, [price], otherwise))) throw new Refused("nothing was asked");
  }

  const athena = new AthenaClient(settings);
  const answers = await reporter.step(`ask Athena: ${question.title}`, () =>
    inTurn(scopes, (scope) => ask(athena, landscape, render(question, values, scope))),
  );
  const bytesScanned = answers.reduce((sum, answer) => sum + answer.bytesScanned, 0);
  const parts = scopes.length === 1 ? "" : `, in ${scopes.length} parts, each in its own order`;
  reporter.say(`${size(bytesScanned)} read${parts}`);
  return { rows: answers.flatMap(({ rows }) => rows), bytesScanned };
}

const chunks = <T>(all: readonly T[], longest: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / longest) }, (_, index) =>
    all.slice(index * longest, (index + 1) * longest),
  );

async function inTurn<T, R>(all: readonly T[], work: (one: T) => Promise<R>): Promise<R[]> {
  const done: R[] = [];
  for (const one of all) done.push(await work(one));
  return done;
}

/** As many statements as the lists in them are long. */
async function scopesOf(
  logs: CentralLogs,
  question: Question,
  window: Window,
  accounts: readonly string[],
  regions: readonly string[],
): Promise<Scope[]> {
  if (question.table !== "dns_queries") {
    return chunks(accounts, longestList).map((part) =>
      scopeOf(window, { accounts: part, regions, vpcs: [] }),
    );
  }
  const pairs = await inTurn(accounts, async (account) =>
    (await logs.vpcs(account, regions)).map((vpc) => ({ account, vpc })),
  );
  return chunks(pairs.flat(), longestList).map((part) =>
    scopeOf(window, {
      accounts: [...new Set(part.map(({ account }) => account))],
      regions,
      vpcs: part.map(({ vpc }) => vpc),
    }),
  );
}

/** Bytes to read; of many accounts, some evenly chosen stand for all. */
async function estimate(
  logs: CentralLogs,
  question: Question,
  window: Window,
  accounts: readonly string[],
  regions: readonly string[],
): Promise<number> {
  const step = Math.max(1, accounts.length / sampled);
  const sample = accounts.filter((_, index) => Math.floor(index / step) > Math.floor((index - 1) / step));
  const sizes = await inTurn(sample, (account) => logs.bytes(question.table, account, regions, window));
  const total = sizes.reduce((sum, one) => sum + one, 0);
  return sample.length === 0 ? 0 : Math.round((total / sample.length) * accounts.length);
}

export const costOf = (bytes: number, statements: number): number =>
  (Math.max(bytes, leastBytes * statements) / terabyte) * dollarsPerTerabyte;

const dollars = (sum: number): string => `$${sum < 0.01 ? sum.toFixed(5) : sum.toFixed(2)}`;

function size(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${(bytes / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}

async function ask(athena: AthenaClient, landscape: Landscape, QueryString: string): Promise<AthenaAnswer> {
  const { QueryExecutionId } = await athena.send(
    new StartQueryExecutionCommand({
      QueryString,
      WorkGroup: investigationWorkgroupName(landscape),
      QueryExecutionContext: { Database: logDatabaseName(landscape) },
    }),
  );
  for (let wait = 200; ; wait = Math.min(wait * 1.5, 5_000)) {
    const { QueryExecution } = await athena.send(new GetQueryExecutionCommand({ QueryExecutionId }));
    const { State, StateChangeReason } = QueryExecution?.Status ?? {};
    if (State === "SUCCEEDED") {
      const bytesScanned = QueryExecution?.Statistics?.DataScannedInBytes ?? 0;
      return { rows: await results(athena, QueryExecutionId ?? ""), bytesScanned };
    }
    if (State === "FAILED" || State === "CANCELLED") {
      throw new Refused(`Athena: ${State.toLowerCase()}: ${StateChangeReason ?? "no reason given"}`);
    }
    await sleep(wait);
  }
}

const numeric = /^(tinyint|smallint|integer|bigint|float|double|decimal)/;

async function results(athena: AthenaClient, QueryExecutionId: string): Promise<Row[]> {
  const rows: Row[] = [];
  let isFirst = true;
  for await (const { ResultSet } of paginateGetQueryResults({ client: athena }, { QueryExecutionId })) {
    // The first row of the first page holds the columns' names.
    rows.push(...rowsOf(ResultSet, isFirst ? 1 : 0));
    isFirst = false;
  }
  return rows;
}

function rowsOf(set: ResultSet | undefined, from: number): Row[] {
  const columns = set?.ResultSetMetadata?.ColumnInfo ?? [];
  return (set?.Rows ?? []).slice(from).map(({ Data = [] }) =>
    Object.fromEntries(
      columns.map(({ Name = "", Type = "" }, index) => {
        const value = Data[index]?.VarCharValue;
        return [Name, value === undefined ? null : numeric.test(Type) ? Number(value) : value];
      }),
    ),
  );
}
