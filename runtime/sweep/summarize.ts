import { PutMetricDataCommand, type StandardUnit } from "@aws-sdk/client-cloudwatch";
import { type Static, Type } from "@sinclair/typebox";
import type { Step } from "../shared/step";
import { metricNamespace, type SweepMetric, sweepNeedsInHub } from "./needs";
import { outdatedAfter, type SweepRecord } from "./record";
import type { SweepSetting } from "./setting";

const input = Type.Object({
  execution: Type.String(),
  /** When the execution began, ISO 8601: records of it are younger. */
  started: Type.String(),
  /** Places that it was to look at. */
  count: Type.Integer({ minimum: 0 }),
  /** Whether these are all there are. */
  whole: Type.Boolean(),
});
const output = Type.Object({
  places: Type.Integer(),
  SilentSources: Type.Integer(),
  UncoveredVpcs: Type.Integer(),
  /** Where something was refused, and places of which nothing was written down: looking at them has failed. */
  RefusedPlaces: Type.Integer(),
  UnwatchedRegions: Type.Integer(),
  /** Sources of which it is told now that they are silent, or no longer. */
  news: Type.Array(Type.String()),
});

/**
 * Counts what the records of all places tell, for alarms, and tells of every source that has become silent, and of
 * every one that delivers again, once.
 */
export const summarize: Step<typeof input, typeof output, SweepSetting> = {
  id: "summarize-sweep",
  title: "What is not logged, in numbers that alarms watch",
  class: "observe",
  criticality: "critical",
  input,
  output,
  needs: sweepNeedsInHub,
  handle: async ({ records, metrics, announce, wanted, clock }, { started, count, whole }) => {
    const oldest = clock.now().getTime() - outdatedAfter * 3_600_000;
    const begun = Math.floor(Date.parse(started) / 1000) * 1000;
    let places = 0;
    let seen = 0;
    const silent: string[] = [];
    const counts: Record<Exclude<SweepMetric, "WholeSweeps">, number> = {
      SilentSources: 0,
      UncoveredVpcs: 0,
      RefusedPlaces: 0,
      UnwatchedRegions: 0,
    };
    for await (const record of records.all()) {
      const at = Date.parse(record.at);
      if (at < oldest || !wanted.regions.includes(record.region)) continue;
      places += 1;
      if (at >= begun) seen += 1;
      silent.push(...silentIn(record));
      counts.SilentSources += record.silent.length;
      counts.UncoveredVpcs += record.vpcs - Math.min(record.flowLogs.covered, record.queryLogs.covered);
      counts.RefusedPlaces += record.refused.length > 0 && !record.young ? 1 : 0;
      counts.UnwatchedRegions += record.unwatched.length;
    }
    counts.RefusedPlaces += Math.max(0, count - seen);
    await metrics.send(
      new PutMetricDataCommand({
        Namespace: metricNamespace,
        MetricData: Object.entries({ ...counts, ...(whole && { WholeSweeps: 1 }) }).map(([name, Value]) => ({
          MetricName: name,
          Value,
          Unit: "Count" satisfies StandardUnit,
          Timestamp: clock.now(),
        })),
      }),
    );
    return { places, ...counts, news: await tellOf(silent, records, announce) } satisfies Static<
      typeof output
    >;
  },
};

const silentIn = ({ account, region, silent }: SweepRecord): string[] =>
  silent.map(({ source }) => `${source} of ${account} in ${region}`);

/** So many are named in a message; the table remembers so many. */
const named = 20;
const remembered = 5000;

/** It is told before it is remembered: a message that comes twice is better than none. */
async function tellOf(
  silent: readonly string[],
  records: SweepSetting["records"],
  announce: SweepSetting["announce"],
): Promise<string[]> {
  const now = [...silent].sort().slice(0, remembered);
  const told = await records.told();
  const began = now.filter((one) => !told.includes(one));
  const ended = told.filter((one) => !now.includes(one));
  if (began.length + ended.length === 0) return [];
  const news = [
    ...began.map((one) => `silent: ${one}`),
    ...ended.map((one) => `delivers again, or is no longer expected: ${one}`),
  ];
  const left = news.length - named;
  await announce(
    `Sources of logs. ${news.slice(0, named).join("; ")}${left > 0 ? `; and ${left} more` : ""}. npx ir-kit coverage says more.`,
  );
  await records.tell(now);
  return news.slice(0, named);
}
