import type { LogTable, TableName } from "../table";
import { cloudtrail } from "./cloudtrail";
import { dnsQueries } from "./dns-queries";
import { flowLogs } from "./flow-logs";

export const logTables: Readonly<Record<TableName, LogTable>> = {
  cloudtrail,
  flow_logs: flowLogs,
  dns_queries: dnsQueries,
};
