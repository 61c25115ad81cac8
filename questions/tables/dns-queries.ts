import type { LogTable } from "../table";

const text = (name: string, holds?: string) => ({
  name,
  type: "string",
  ...(holds !== undefined && { holds }),
});

/**
 * Names that VPCs asked the Resolver for. What its cache answered is not logged.
 *
 * Source: "Query Route 53 resolver query logs" (Amazon Athena user guide). Files name no region: each region has a
 * folder of its own in the bucket.
 */
export const dnsQueries: LogTable = {
  name: "dns_queries",
  holds: "names that every VPC looked up",
  columns: [
    text("version"),
    text("account_id"),
    text("vpc_id"),
    text("query_timestamp", "ISO 8601, UTC"),
    text("query_name", "with a dot at its end"),
    text("query_type"),
    text("query_class"),
    text("rcode", "NOERROR, NXDOMAIN …"),
    { name: "answers", type: "array<struct<rdata:string,type:string,class:string>>" },
    text("srcaddr"),
    text("srcport"),
    text("transport"),
    { name: "srcids", type: "struct<instance:string,resolver_endpoint:string>" },
    text("firewall_rule_action", "of DNS Firewall: ALERT or BLOCK"),
    text("firewall_rule_group_id"),
    text("firewall_domain_list_id"),
  ],
  partitionKeys: [
    { name: "region", type: "string", projection: { kind: "regions" } },
    { name: "account", type: "string", holds: "account id", projection: { kind: "injected" } },
    { name: "vpc", type: "string", holds: "VPC id", projection: { kind: "injected" } },
    { name: "day", type: "string", holds: "yyyy/MM/dd, UTC", projection: { kind: "day" } },
  ],
  path: () => "${region}/AWSLogs/${account}/vpcdnsquerylogs/${vpc}/${day}/",
  serde: {
    library: "org.openx.data.jsonserde.JsonSerDe",
    inputFormat: "org.apache.hadoop.mapred.TextInputFormat",
    outputFormat: "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
    parameters: {},
  },
  time: { column: "query_timestamp", unit: "iso-8601" },
};
