import type { LogTable } from "../table";

/**
 * Fields of a flow log in the order in which they are asked for, with the types of AWS's Parquet files.
 * Source: "Flow log records" (Amazon VPC user guide); versions 2 to 5.
 */
const fields = [
  ["version", "int"],
  ["account-id", "string"],
  ["interface-id", "string"],
  ["srcaddr", "string"],
  ["dstaddr", "string"],
  ["srcport", "int"],
  ["dstport", "int"],
  ["protocol", "int"],
  ["packets", "bigint"],
  ["bytes", "bigint"],
  ["start", "bigint"],
  ["end", "bigint"],
  ["action", "string"],
  ["log-status", "string"],
  ["vpc-id", "string"],
  ["subnet-id", "string"],
  ["instance-id", "string"],
  ["tcp-flags", "int"],
  ["type", "string"],
  ["pkt-srcaddr", "string"],
  ["pkt-dstaddr", "string"],
  ["region", "string"],
  ["az-id", "string"],
  ["sublocation-type", "string"],
  ["sublocation-id", "string"],
  ["pkt-src-aws-service", "string"],
  ["pkt-dst-aws-service", "string"],
  ["flow-direction", "string"],
  ["traffic-path", "int"],
] as const;

/** The format of every flow log of the kit. */
export const flowLogFormat = fields.map(([name]) => `\${${name}}`).join(" ");

/** Seconds over which a flow log sums up: the least there is. */
export const flowLogInterval = 60;

const number = (name: string, from: number, to: number, digits: number) => ({
  name,
  type: "int",
  projection: { kind: "number", from, to, digits } as const,
});

/** A field that is a partition key too can't be a column beside it. */
const partitioned = new Set(["region"]);

/** Flow logs of every VPC, in Parquet, by the hour. Source of the path: "Flow log files" (Amazon VPC user guide). */
export const flowLogs: LogTable = {
  name: "flow_logs",
  holds: "connections of every VPC, by minute",
  columns: fields
    .filter(([name]) => !partitioned.has(name))
    .map(([name, type]) => ({ name: name.replaceAll("-", "_"), type })),
  partitionKeys: [
    { name: "account", type: "string", holds: "account id", projection: { kind: "injected" } },
    { name: "region", type: "string", projection: { kind: "regions" } },
    number("year", 2024, 2099, 4),
    number("month", 1, 12, 2),
    number("day", 1, 31, 2),
    number("hour", 0, 23, 2),
  ],
  path: () =>
    "AWSLogs/aws-account-id=${account}/aws-service=vpcflowlogs/aws-region=${region}/" +
    "year=${year}/month=${month}/day=${day}/hour=${hour}/",
  serde: {
    library: "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
    inputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
    outputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
    parameters: { "serialization.format": "1" },
  },
  time: { column: "start", unit: "epoch-seconds" },
};
