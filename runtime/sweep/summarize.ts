import { PutMetricDataCommand, type StandardUnit } from "@aws-sdk/client-cloudwatch";
import { type Static, Type } from "@sinclair/typebox";
import type { Step } from "../shared/step";
import { metricNamespace, sweepMetrics, sweepNeedsInHub } from "./needs";
import type { SweepSetting } from "./setting";

/** Hours after which a record tells nothing: its account has left, or its region is watched no longer. */
const outdatedAfter = 48;

const input = Type.Object({ execution: Type.String() });
const output = Type.Object({
  places: Type.Integer(),
  SilentSources: Type.Integer(),
  UncoveredVpcs: Type.Integer(),
  RefusedPlaces: Type.Integer(),
  UnwatchedRegions: Type.Integer(),
});

/** Counts what the records of all places tell, for alarms: each is raised once, and recovery clears it. */
export const summarize: Step<typeof input, typeof output, SweepSetting> = {
  id: "summarize-sweep",
  title: "What is not logged, in numbers that alarms watch",
  class: "observe",
  criticality: "critical",
  input,
  output,
  needs: sweepNeedsInHub,
  handle: async ({ records, metrics, wanted, clock }) => {
    const oldest = clock.now().getTime() - outdatedAfter * 3_600_000;
    const counts: Static<typeof output> = {
      places: 0,
      SilentSources: 0,
      UncoveredVpcs: 0,
      RefusedPlaces: 0,
      UnwatchedRegions: 0,
    };
    for await (const record of records.all()) {
      if (Date.parse(record.at) < oldest || !wanted.regions.includes(record.region)) continue;
      counts.places += 1;
      counts.SilentSources += record.silent.length;
      counts.UncoveredVpcs += record.vpcs - Math.min(record.flowLogs.covered, record.queryLogs.covered);
      counts.RefusedPlaces += record.refused.length > 0 ? 1 : 0;
      counts.UnwatchedRegions += record.unwatched.length;
    }
    await metrics.send(
      new PutMetricDataCommand({
        Namespace: metricNamespace,
        MetricData: sweepMetrics.map((name) => ({
          MetricName: name,
          Value: counts[name],
          Unit: "Count" satisfies StandardUnit,
          Timestamp: clock.now(),
        })),
      }),
    );
    return counts;
  },
};
