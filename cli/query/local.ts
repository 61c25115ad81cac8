import { existsSync, statSync } from "node:fs";
import type { Question } from "../../questions/question";
import { render } from "../../questions/render";
import { WrongUse } from "../errors";
import { askFiles, type Row } from "./duckdb";
import { filesInScope, findLogFiles } from "./local-files";
import { chosen, type ScopeFlags, scopeOf, windowOf } from "./scope";

/** An answer, and what was read for it. */
export interface LocalAnswer {
  readonly rows: readonly Row[];
  readonly sql: string;
  readonly files: number;
}

const distinct = (values: readonly string[]): string[] => [...new Set(values)].sort();

const layout: Readonly<Record<Question["table"], string>> = {
  cloudtrail: "AWSLogs/<organization>/<account>/CloudTrail/<region>/<yyyy>/<mm>/<dd>/*.json.gz",
  flow_logs:
    "aws-account-id=<account>/aws-service=vpcflowlogs/aws-region=<region>/year=…/month=…/day=…/hour=…/*.parquet",
  dns_queries: "<region>/AWSLogs/<account>/vpcdnsquerylogs/<vpc>/<yyyy>/<mm>/<dd>/*.gz",
};

/**
 * Asks log files that were copied from their buckets.
 *
 * @throws WrongUse for a folder without such files, and for places of which it has none
 */
export async function askLocally(
  question: Question,
  values: Readonly<Record<string, string>>,
  directory: string,
  flags: ScopeFlags,
): Promise<LocalAnswer> {
  if (!existsSync(directory) || !statSync(directory).isDirectory()) {
    throw new WrongUse(`--local ${directory}: there is no such folder`);
  }
  const all = findLogFiles(directory);
  const own = all.filter(({ table }) => table === question.table);
  if (own.length === 0) {
    const others = distinct(all.map(({ table }) => table));
    throw new WrongUse(
      `--local ${directory}: no logs of the table ${question.table} below it, which lie as ${layout[question.table]}` +
        `${others.length === 0 ? "" : `; there are logs of ${others.join(" and ")}`}`,
    );
  }
  const scope = scopeOf(windowOf(flags, question, endOf(own.map(({ day }) => day))), {
    accounts: chosen("--account", flags.account, distinct(own.map(({ account }) => account))),
    regions: chosen("--region", flags.region, distinct(own.map(({ region }) => region))),
    vpcs: distinct(own.flatMap(({ vpc }) => vpc ?? [])),
  });
  const files = filesInScope(all, question.table, scope);
  const sql = render(question, values, scope);
  return { rows: await askFiles(sql, { [question.table]: files }), sql, files: files.length };
}

/** Copied logs may be old: "until now" means until they end. */
const endOf = (days: readonly string[]): Date =>
  new Date(Date.parse(`${[...days].sort()[days.length - 1]}T00:00:00Z`) + 86_400_000);
