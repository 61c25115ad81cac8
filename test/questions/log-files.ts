import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { DuckDBInstance } from "@duckdb/node-api";
import { organizationId } from "./organization";

/** An event as CloudTrail writes it. */
export interface CloudTrailRecord {
  readonly eventTime: string;
  readonly eventSource: string;
  readonly eventName: string;
  readonly awsRegion: string;
  readonly recipientAccountId: string;
  readonly eventID: string;
  readonly sourceIPAddress: string;
  readonly userAgent: string;
  readonly userIdentity: Readonly<Record<string, unknown>>;
  readonly errorCode?: string;
  readonly [field: string]: unknown;
}

export interface Flow {
  readonly account: string;
  readonly region: string;
  /** Epoch seconds. */
  readonly start: number;
  readonly interface: string;
  readonly instance: string;
  readonly source: string;
  readonly destination: string;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly bytes: number;
  readonly action: "ACCEPT" | "REJECT";
  readonly direction: "ingress" | "egress";
  readonly status: "OK" | "NODATA";
  /** Flags of TCP; left out, those of who begins where the port is high, and of who answers where it is low. */
  readonly flags?: number;
}

export interface DnsQuery {
  readonly account: string;
  readonly region: string;
  readonly vpc: string;
  readonly time: string;
  readonly name: string;
  readonly address: string;
  readonly instance?: string;
  readonly code: string;
  readonly firewall?: "ALERT" | "BLOCK";
}

const write = (file: string, content: Buffer): void => {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
};

const grouped = <T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> => {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
};

/** In the folders and the form in which an organization's trail delivers. */
export function writeCloudTrail(directory: string, records: readonly CloudTrailRecord[]): void {
  const folder = ({ recipientAccountId, awsRegion, eventTime }: CloudTrailRecord) =>
    `AWSLogs/${organizationId}/${recipientAccountId}/CloudTrail/${awsRegion}/${eventTime.slice(0, 10).replaceAll("-", "/")}`;
  for (const [where, Records] of grouped(records, folder)) {
    const name = `${Records[0]?.recipientAccountId}_CloudTrail_${Records[0]?.awsRegion}_file.json.gz`;
    write(path.join(directory, "cloudtrail", where, name), gzipSync(JSON.stringify({ Records })));
  }
}

/** In the folders and the form in which the Resolver delivers: a line a query. */
export function writeDnsQueries(directory: string, queries: readonly DnsQuery[]): void {
  const folder = ({ region, account, vpc, time }: DnsQuery) =>
    `${region}/AWSLogs/${account}/vpcdnsquerylogs/${vpc}/${time.slice(0, 10).replaceAll("-", "/")}`;
  for (const [where, lines] of grouped(queries, folder)) {
    const text = lines.map((line) => `${JSON.stringify(dnsRecord(line))}\n`).join("");
    write(path.join(directory, "dns-queries", where, "queries.log.gz"), gzipSync(text));
  }
}

const dnsRecord = ({ account, region, vpc, time, name, address, instance, code, firewall }: DnsQuery) => ({
  version: "1.100000",
  account_id: account,
  region,
  vpc_id: vpc,
  query_timestamp: time,
  query_name: name,
  query_type: "A",
  query_class: "IN",
  rcode: code,
  answers: code === "NOERROR" ? [{ Rdata: "203.0.113.9", Type: "A", Class: "IN" }] : [],
  srcaddr: address,
  srcport: "56067",
  transport: "UDP",
  srcids: instance === undefined ? {} : { instance },
  ...(firewall && {
    firewall_rule_group_id: "rslvr-frg-01234567890abcdef",
    firewall_rule_action: firewall,
    firewall_domain_list_id: "rslvr-fdl-01234567890abcdef",
  }),
});

/** As VPC flow logs are delivered in Parquet, by the hour, with the types of AWS's files. */
export async function writeFlowLogs(directory: string, flows: readonly Flow[]): Promise<void> {
  const lines = path.join(directory, "flows.csv");
  write(lines, Buffer.from(flows.map(csvLine).join("\n")));
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const target = path.join(directory, "flow-logs", "AWSLogs");
  mkdirSync(target, { recursive: true });
  await connection.run(`COPY (SELECT
      5::INTEGER AS version, account AS account_id, interface AS interface_id,
      CASE WHEN ok THEN source ELSE '-' END AS srcaddr, CASE WHEN ok THEN destination ELSE '-' END AS dstaddr,
      CASE WHEN ok THEN source_port END::INTEGER AS srcport,
      CASE WHEN ok THEN destination_port END::INTEGER AS dstport,
      CASE WHEN ok THEN 6 END::INTEGER AS protocol, CASE WHEN ok THEN 10 END::BIGINT AS packets,
      CASE WHEN ok THEN bytes END::BIGINT AS bytes, start::BIGINT AS start, (start + 59)::BIGINT AS "end",
      CASE WHEN ok THEN action ELSE '-' END AS action, status AS log_status,
      'vpc-' || right(account, 8) AS vpc_id, 'subnet-0123456789abcdef0' AS subnet_id, instance AS instance_id,
      flags::INTEGER AS tcp_flags, 'IPv4' AS type, CASE WHEN ok THEN source ELSE '-' END AS pkt_srcaddr,
      CASE WHEN ok THEN destination ELSE '-' END AS pkt_dstaddr, region, 'euw1-az1' AS az_id,
      '-' AS sublocation_type, '-' AS sublocation_id, '-' AS pkt_src_aws_service, '-' AS pkt_dst_aws_service,
      direction AS flow_direction, 1::INTEGER AS traffic_path,
      account AS "aws-account-id", 'vpcflowlogs' AS "aws-service", region AS "aws-region",
      strftime(make_timestamp(start * 1000000), '%Y') AS year,
      strftime(make_timestamp(start * 1000000), '%m') AS month,
      strftime(make_timestamp(start * 1000000), '%d') AS day,
      strftime(make_timestamp(start * 1000000), '%H') AS hour
    FROM (SELECT *, status = 'OK' AS ok FROM read_csv('${lines}', header = false, columns = {
      account: 'VARCHAR', region: 'VARCHAR', start: 'BIGINT', interface: 'VARCHAR', instance: 'VARCHAR',
      source: 'VARCHAR', destination: 'VARCHAR', source_port: 'INTEGER', destination_port: 'INTEGER',
      bytes: 'BIGINT', action: 'VARCHAR', direction: 'VARCHAR', status: 'VARCHAR', flags: 'INTEGER'})))
    TO '${target}' (FORMAT parquet, OVERWRITE_OR_IGNORE,
      PARTITION_BY ("aws-account-id", "aws-service", "aws-region", year, month, day, hour))`);
  connection.closeSync();
  instance.closeSync();
}

const csvLine = (flow: Flow): string =>
  [
    flow.account,
    flow.region,
    flow.start,
    flow.interface,
    flow.instance,
    flow.source,
    flow.destination,
    flow.sourcePort,
    flow.destinationPort,
    flow.bytes,
    flow.action,
    flow.direction,
    flow.status,
    flow.flags ?? (flow.sourcePort >= flow.destinationPort ? 3 : 19),
  ].join(",");
