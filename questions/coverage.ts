import type { Logging } from "../landscape/model";
import { outdatedAfter, type SweepRecord } from "../runtime/sweep/record";
import type { Evidence, Question } from "./question";
import type { TableName } from "./table";

/** Why some questions can't be answered for an account and region. */
export interface CoverageGap {
  readonly account: string;
  readonly region: string;
  readonly why: string;
  /** Ids of the questions. */
  readonly questions: readonly string[];
}

export interface CoverageInput {
  readonly questions: readonly Question[];
  readonly logging: Pick<Logging, "retentionDays" | "dataEvents" | "networkEvents">;
  /** What the sweep has seen, one record an account and region. */
  readonly records: readonly SweepRecord[];
  /** Tables whose files the caller can't read, and why. */
  readonly unreadable: ReadonlyMap<TableName, string>;
  readonly now: Date;
}

/** Why a kind of record is not there, by the landscape: what the trail is told to record. */
function missingFromTrail(
  evidence: Evidence,
  { dataEvents, networkEvents }: CoverageInput["logging"],
): string | undefined {
  switch (evidence) {
    case "s3-read":
    case "s3-write":
    case "lambda-invoke":
      return dataEvents.includes(evidence)
        ? undefined
        : `no data events: logging.dataEvents lacks ${evidence}`;
    case "network-events":
      return networkEvents.length > 0 ? undefined : "no network events: logging.networkEvents is empty";
    default:
      return undefined;
  }
}

/** Why a question can't be answered in full anywhere, looking back so many days: by the landscape alone. */
export function shortfalls(
  { evidence }: Pick<Question, "evidence">,
  logging: CoverageInput["logging"],
  days: number,
): string[] {
  return [
    ...evidence.flatMap((kind) => missingFromTrail(kind, logging) ?? []),
    ...(days > logging.retentionDays
      ? [`looks back ${days} days, and logs are kept for ${logging.retentionDays}`]
      : []),
  ];
}

const sourceOf: Readonly<Record<TableName, SweepRecord["silent"][number]["source"]>> = {
  cloudtrail: "cloudtrail",
  flow_logs: "flow-logs",
  dns_queries: "dns-queries",
};

const told: Readonly<Record<TableName, string>> = {
  cloudtrail: "CloudTrail",
  flow_logs: "flow logs",
  dns_queries: "query logs",
};

/** Why a place can't answer questions of a table, whatever they ask. */
function* reasonsOf(table: TableName, record: SweepRecord): Generator<string> {
  const silence = record.silent.find(({ source }) => source === sourceOf[table]);
  if (silence)
    yield `${told[table]}: ${silence.last ? `nothing since ${silence.last}` : "nothing was ever delivered"}`;
  const refusedTo = (what: string) => record.refused.find((one) => one.what === what);
  const judging = refusedTo("judging sources");
  if (judging) yield `${told[table]}: whether anything is delivered could not be seen (${judging.why})`;
  if (table === "cloudtrail") return;
  const { covered, repaired } = table === "flow_logs" ? record.flowLogs : record.queryLogs;
  const entering = refusedTo("entering the account");
  const listing = refusedTo("listing VPCs");
  if (entering) yield `${told[table]}: the account could not be entered (${entering.why})`;
  else if (listing) yield `${told[table]}: VPCs could not be listed (${listing.why})`;
  else if (covered < record.vpcs)
    yield `${told[table]}: ${record.vpcs - covered} of ${record.vpcs} VPCs have none`;
  if (repaired.length > 0) yield `${told[table]}: of ${repaired.join(", ")} only since ${record.at}`;
}

/**
 * Which questions can't be answered, or not in full, where, and why. Reasons that hold everywhere are told for every
 * account and region all the same, so that each can be read by itself.
 */
export function coverageGaps({ questions, logging, records, unreadable, now }: CoverageInput): CoverageGap[] {
  const oldest = now.getTime() - outdatedAfter * 3_600_000;
  const everywhere = (question: Question): string[] => {
    const unread = unreadable.get(question.table);
    return [
      ...shortfalls(question, logging, question.days),
      ...(unread === undefined ? [] : [`${told[question.table]} can't be read: ${unread}`]),
    ];
  };
  return records.flatMap((record) => {
    if (record.notEnabled) return [];
    const outdated =
      Date.parse(record.at) < oldest
        ? [`not looked at since ${record.at}: the account has left, or the sweep does not come to it`]
        : [];
    const byReason = new Map<string, string[]>();
    for (const question of questions) {
      for (const why of [...everywhere(question), ...outdated, ...reasonsOf(question.table, record)]) {
        byReason.set(why, [...(byReason.get(why) ?? []), question.id]);
      }
    }
    const ofNetworks = questions.filter(({ table }) => table !== "cloudtrail").map(({ id }) => id);
    return [
      ...[...byReason].map(([why, ids]) => ({
        account: record.account,
        region: record.region,
        why,
        questions: ids,
      })),
      ...record.unwatched.map((region) => ({
        account: record.account,
        region,
        why: "the region is enabled, and the landscape does not watch it: VPCs in it are not logged",
        questions: ofNetworks,
      })),
    ];
  });
}
