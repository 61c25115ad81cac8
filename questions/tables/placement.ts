import type { Landscape } from "../../landscape/model";
import { bucketName, type LogKind, organizationId } from "../../landscape/names";
import type { LogTable, PartitionKey, TableName } from "../table";

/** Bucket in which the files of a table lie. */
export const bucketOfTable: Readonly<Record<TableName, LogKind>> = {
  cloudtrail: "cloudtrail",
  flow_logs: "flow-logs",
  dns_queries: "dns-queries",
};

/** Regions that a table may have: the trail records every region of the partition, VPCs are watched where the kit is. */
export const regionsOfTable = ({ partition, regions }: Landscape, table: TableName): string[] =>
  table === "cloudtrail" ? partition.regions.map(({ name }) => name).sort() : [...regions];

/** Where the files of a table begin, as Athena writes it. */
export const tableLocation = (landscape: Landscape, { name }: LogTable): string =>
  `s3://${bucketName(landscape, bucketOfTable[name])}/`;

/**
 * What Glue's catalog says of a table: that partitions follow from their keys, and where they lie.
 * Source: "Partition projection with Amazon Athena" (Amazon Athena user guide).
 */
export function catalogParameters(landscape: Landscape, table: LogTable): Readonly<Record<string, string>> {
  const projection = Object.fromEntries(
    table.partitionKeys.flatMap((key) =>
      Object.entries(projectionOf(landscape, table, key)).map(([property, value]) => [
        `projection.${key.name}.${property}`,
        value,
      ]),
    ),
  );
  return {
    EXTERNAL: "TRUE",
    "projection.enabled": "true",
    ...projection,
    "storage.location.template": `${tableLocation(landscape, table)}${table.path(organizationId(landscape))}`,
  };
}

function projectionOf(
  landscape: Landscape,
  { name }: LogTable,
  { projection }: PartitionKey,
): Readonly<Record<string, string>> {
  switch (projection.kind) {
    // Accounts and VPCs are not listed: each question names those that it looks at.
    case "injected":
      return { type: "injected" };
    case "regions":
      return { type: "enum", values: regionsOfTable(landscape, name).join(",") };
    case "day":
      return {
        type: "date",
        format: "yyyy/MM/dd",
        // What is kept, and the day on which something late arrives.
        range: `NOW-${landscape.logging.retentionDays}DAYS,NOW+1DAYS`,
        interval: "1",
        "interval.unit": "DAYS",
      };
    case "number":
      return {
        type: "integer",
        range: `${projection.from},${projection.to}`,
        digits: String(projection.digits),
      };
  }
}
