import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import Table from "cli-table3";
import { Command } from "commander";
import pc from "picocolors";
import { landscapePath } from "../../landscape";
import { sweepName } from "../../landscape/names";
import { questions } from "../../questions";
import { type CoverageGap, coverageGaps } from "../../questions/coverage";
import { TableRecords } from "../../runtime/functions/sweep-records";
import type { SweepRecord } from "../../runtime/sweep/record";
import { Refused } from "../errors";
import { loadOrRefuse } from "../landscape";
import { unreadableTables } from "../query/readable";

interface CoverageFlags {
  readonly account: readonly string[];
  readonly json?: true;
  readonly config?: string;
}

/** `ir-kit coverage`: which questions of an investigation can't be answered, where, and why. */
export const coverageCommand = (): Command =>
  new Command("coverage")
    .description("which questions of an investigation can't be answered in which account and region, and why")
    .option(
      "--account <id>",
      "only this account; again for more",
      (value, all: string[]) => [...all, value],
      [],
    )
    .option("--json", "print the gaps as JSON")
    .option("--config <file>", "the landscape; else IR_KIT_CONFIG, config/landscape.yaml")
    .addHelpText(
      "after",
      "\nReads what the sweep has seen, in the hub's account, with your own credentials. Exit code 1: there are gaps.",
    )
    .action(coverage);

async function coverage(flags: CoverageFlags): Promise<void> {
  const landscape = loadOrRefuse(landscapePath(flags.config));
  const settings = { region: landscape.homeRegion };
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient(settings));
  const records: SweepRecord[] = [];
  for await (const record of new TableRecords(documents, sweepName(landscape)).all()) {
    const wanted = flags.account.length === 0 || flags.account.includes(record.account);
    if (wanted && landscape.regions.includes(record.region)) records.push(record);
  }
  if (records.length === 0) {
    throw new Refused(
      "the sweep has seen no such account yet: it runs by the clock, or start its state machine",
    );
  }
  const gaps = coverageGaps({
    questions,
    logging: landscape.logging,
    records: records.sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1)),
    unreadable: await unreadableTables(new S3Client(settings), landscape),
    now: new Date(),
  });
  process.stdout.write(`${flags.json ? JSON.stringify(gaps, null, 2) : report(records, gaps)}\n`);
  if (gaps.length > 0) process.exitCode = 1;
}

const keyOf = ({ account, region }: SweepRecord): string => `${account} ${region}`;

function report(records: readonly SweepRecord[], gaps: readonly CoverageGap[]): string {
  if (gaps.length === 0) {
    return `all ${questions.length} questions can be answered in ${records.length} accounts and regions`;
  }
  const table = new Table({
    head: ["account", "region", "can't be answered", "because"].map((text) => pc.bold(text)),
    colWidths: [14, 16, 40, 60],
    wordWrap: true,
    style: { head: [], border: [] },
  });
  for (const { account, region, why, questions: ids } of gaps) {
    table.push([account, region, ids.length > 6 ? `${ids.length} questions` : ids.join("\n"), why]);
  }
  const incomplete = new Set(gaps.map(({ account, region }) => `${account} ${region}`));
  const all = new Set([...incomplete, ...records.map(keyOf)]);
  return `${table}\n${incomplete.size} of ${all.size} accounts and regions can't answer all ${questions.length} questions`;
}
