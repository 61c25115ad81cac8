/** A column of a log table: its name in lower case, its type as Hive writes it, and what it holds. */
export interface Column {
  readonly name: string;
  readonly type: string;
  readonly holds?: string;
}

export const tableNames = ["cloudtrail", "flow_logs", "dns_queries"] as const;
export type TableName = (typeof tableNames)[number];

/** How Athena finds the files of a time, account and region without asking a catalog for them. */
export interface PartitionKey extends Column {
  /** Properties of partition projection, without `projection.<name>.`; `regions` and `days` are filled in. */
  readonly projection:
    | { readonly kind: "injected" }
    | { readonly kind: "regions" }
    | { readonly kind: "day" }
    | { readonly kind: "number"; readonly from: number; readonly to: number; readonly digits: number };
}

export interface LogTable {
  readonly name: TableName;
  readonly holds: string;
  readonly columns: readonly Column[];
  readonly partitionKeys: readonly PartitionKey[];
  /** Path below the bucket, with partition keys as `${key}`; `organization` is filled in. */
  readonly path: (organizationId: string) => string;
  readonly serde: {
    readonly library: string;
    readonly inputFormat: string;
    readonly outputFormat: string;
    readonly parameters: Readonly<Record<string, string>>;
  };
  /** Where the time of a row stands, and how a bound of it is written. */
  readonly time: { readonly column: string; readonly unit: "iso-8601" | "epoch-seconds" };
}
