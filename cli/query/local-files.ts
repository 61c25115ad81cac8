import { readdirSync } from "node:fs";
import path from "node:path";
import { lateness, type Scope } from "../../questions/render";
import type { TableName } from "../../questions/table";

/** A log file as it was copied from its bucket, with what its path tells. */
export interface LogFile {
  readonly file: string;
  readonly table: TableName;
  readonly account: string;
  readonly region: string;
  readonly vpc?: string;
  /** UTC, yyyy-mm-dd. */
  readonly day: string;
}

/** Paths of the buckets, below whatever folder they were copied into. */
const layouts: Readonly<Record<TableName, RegExp>> = {
  cloudtrail:
    /\/AWSLogs\/(?:o-[a-z0-9]+\/)?(?<account>\d{12})\/CloudTrail\/(?<region>[a-z0-9-]+)\/(?<day>\d{4}\/\d\d\/\d\d)\/[^/]+\.json(?:\.gz)?$/,
  flow_logs:
    /\/aws-account-id=(?<account>\d{12})\/aws-service=vpcflowlogs\/aws-region=(?<region>[a-z0-9-]+)\/(?<day>year=\d{4}\/month=\d\d\/day=\d\d)\/(?:hour=\d\d\/)?[^/]+\.parquet$/,
  dns_queries:
    /\/(?<region>[a-z]{2}(?:-[a-z]+)+-\d)\/AWSLogs\/(?<account>\d{12})\/vpcdnsquerylogs\/(?<vpc>vpc-[0-9a-f]+)\/(?<day>\d{4}\/\d\d\/\d\d)\/[^/]+\.gz$/,
};

/** Every log file below a folder. */
export function findLogFiles(directory: string): LogFile[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .flatMap((entry) => {
      const file = path.join(entry.parentPath ?? entry.path, entry.name);
      return logFile(file.split(path.sep).join("/"));
    })
    .sort((one, other) => (one.file < other.file ? -1 : 1));
}

function logFile(file: string): LogFile[] {
  for (const [table, layout] of Object.entries(layouts) as [TableName, RegExp][]) {
    const groups = layout.exec(file)?.groups;
    if (!groups) continue;
    const { account = "", region = "", vpc, day = "" } = groups;
    const digits = day.match(/\d+/g) ?? [];
    return [{ file, table, account, region, day: digits.join("-"), ...(vpc !== undefined && { vpc }) }];
  }
  return [];
}

/** Only files that Athena would read: those of the accounts, regions and days in question. */
export function filesInScope(files: readonly LogFile[], table: TableName, scope: Scope): LogFile[] {
  const first = scope.from.toISOString().slice(0, 10);
  const last = new Date(scope.to.getTime() + lateness).toISOString().slice(0, 10);
  return files.filter(
    (one) =>
      one.table === table &&
      one.day >= first &&
      one.day <= last &&
      scope.accounts.includes(one.account) &&
      scope.regions.includes(one.region) &&
      (one.vpc === undefined || scope.vpcs.includes(one.vpc)),
  );
}
