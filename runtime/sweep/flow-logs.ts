import {
  CreateFlowLogsCommand,
  type EC2Client,
  type FlowLog,
  paginateDescribeFlowLogs,
} from "@aws-sdk/client-ec2";
import { kitTag } from "../../landscape/tasks";
import type { Refusal } from "./record";
import type { Wanted } from "./wanted";

export interface Covered {
  readonly covered: number;
  readonly repaired: readonly string[];
  readonly refused: readonly Refusal[];
  /** VPCs that are logged as is wanted since some time; those that were switched on just now are not among them. */
  readonly since: ReadonlyMap<string, Date>;
}

export const nothingCovered: Covered = { covered: 0, repaired: [], refused: [], since: new Map() };

/** AWS takes so many resources in one call ("CreateFlowLogs", Amazon EC2 API reference). */
const atOnce = 1000;

/**
 * Switches flow logs on where they are missing: one list for all VPCs, and one call for all that have none.
 *
 * A log that delivers to the same bucket in another form is not replaced: nobody but its owner may delete one. It is
 * told as refused.
 */
export async function coverByFlowLogs(
  ec2: EC2Client,
  vpcs: readonly string[],
  wanted: Wanted["flowLogs"],
): Promise<Covered> {
  if (vpcs.length === 0) return nothingCovered;
  const existing: FlowLog[] = [];
  for await (const { FlowLogs = [] } of paginateDescribeFlowLogs({ client: ec2, pageSize: 1000 }, {})) {
    existing.push(...FlowLogs);
  }
  const ours = existing.filter(({ LogDestination }) => LogDestination === wanted.destinationArn);
  const byVpc = new Map(ours.map((log) => [log.ResourceId ?? "", log]));
  const refused = vpcs.flatMap((vpc) => {
    const log = byVpc.get(vpc);
    const why = log && whyNot(log, wanted);
    return why === undefined ? [] : [{ what: `flow log ${log?.FlowLogId} of ${vpc}`, why }];
  });
  const missing = vpcs.filter((vpc) => !byVpc.has(vpc));
  const made = await create(ec2, missing, wanted);
  return {
    covered: vpcs.length - refused.length - made.refused.length,
    repaired: made.repaired,
    refused: [...refused, ...made.refused],
    since: new Map(
      ours.flatMap((log) =>
        log.ResourceId && log.CreationTime && whyNot(log, wanted) === undefined
          ? [[log.ResourceId, log.CreationTime]]
          : [],
      ),
    ),
  };
}

/** What keeps a log that is there from being the one that is wanted. */
function whyNot(log: FlowLog, { format, interval }: Wanted["flowLogs"]): string | undefined {
  const { FileFormat, HiveCompatiblePartitions, PerHourPartition } = log.DestinationOptions ?? {};
  if (log.DeliverLogsStatus === "FAILED")
    return `delivery fails: ${log.DeliverLogsErrorMessage ?? "no reason given"}`;
  const differs = [
    ...(log.TrafficType !== "ALL" ? [`records ${log.TrafficType} only`] : []),
    ...(FileFormat !== "parquet" || !HiveCompatiblePartitions || !PerHourPartition
      ? ["is not Parquet in hourly folders"]
      : []),
    ...(log.LogFormat !== format ? ["has other fields"] : []),
    ...(log.MaxAggregationInterval !== interval ? [`sums up ${log.MaxAggregationInterval} seconds`] : []),
  ];
  return differs.length === 0
    ? undefined
    : `${differs.join(", ")}: ${isKits(log) ? "the account's deployer" : "its owner"} deletes it, and the next sweep makes the right one`;
}

/** Guardrails let nobody but deployers delete what carries the kit's tag. */
const isKits = ({ Tags = [] }: FlowLog): boolean => Tags.some(({ Key }) => Key === kitTag);

async function create(
  ec2: EC2Client,
  vpcs: readonly string[],
  { destinationArn, format, interval }: Wanted["flowLogs"],
): Promise<Pick<Covered, "repaired" | "refused">> {
  const refused: Refusal[] = [];
  const repaired: string[] = [];
  for (let from = 0; from < vpcs.length; from += atOnce) {
    const part = vpcs.slice(from, from + atOnce);
    try {
      const { Unsuccessful = [] } = await ec2.send(
        new CreateFlowLogsCommand({
          ResourceType: "VPC",
          ResourceIds: [...part],
          TrafficType: "ALL",
          LogDestinationType: "s3",
          LogDestination: destinationArn,
          LogFormat: format,
          MaxAggregationInterval: interval,
          DestinationOptions: {
            FileFormat: "parquet",
            HiveCompatiblePartitions: true,
            PerHourPartition: true,
          },
          TagSpecifications: [
            {
              ResourceType: "vpc-flow-log",
              Tags: [
                { Key: "managed-by", Value: "aws-ir-kit" },
                { Key: kitTag, Value: "true" },
              ],
            },
          ],
        }),
      );
      // Another sweep was faster: the VPC is logged all the same.
      const failed = Unsuccessful.filter(({ Error: error }) => error?.Code !== "FlowLogAlreadyExists");
      const without = new Set(Unsuccessful.map(({ ResourceId }) => ResourceId));
      repaired.push(...part.filter((vpc) => !without.has(vpc)));
      refused.push(
        ...failed.map(({ ResourceId, Error: error }) => ({
          what: `flow log of ${ResourceId}`,
          why: `${error?.Code}: ${error?.Message}`,
        })),
      );
    } catch (error) {
      if ((error as Error).name === "FlowLogAlreadyExists") continue;
      refused.push(...part.map((vpc) => ({ what: `flow log of ${vpc}`, why: reason(error) })));
    }
  }
  return { repaired, refused };
}

/** An error as AWS tells it, on one line. */
export const reason = (error: unknown): string =>
  `${(error as Error).name}: ${(error as Error).message}`.replace(/\s+/g, " ").slice(0, 500);
