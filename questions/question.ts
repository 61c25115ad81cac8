import type { TableName } from "./table";

/** What a value of a parameter looks like; anything else is refused, so that no value can end a text in the query. */
export const parameterKinds = {
  "access-key": {
    pattern: /^(AKIA|ASIA)[A-Z0-9]{12,124}$/,
    meaning: "an access key's id, such as AKIAIOSFODNN7EXAMPLE",
  },
  address: {
    pattern: /^(\d{1,3}(\.\d{1,3}){3}|[0-9a-f:]*:[0-9a-f:.]+)$/,
    meaning: "an IPv4 or IPv6 address, such as 203.0.113.7",
  },
  arn: { pattern: /^arn:[a-z0-9-]+:[a-z0-9-]+:[a-z0-9-]*:[0-9]*:[!-&(-~]+$/, meaning: "an ARN" },
  bucket: { pattern: /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, meaning: "a bucket's name" },
  "source-identity": {
    pattern: /^[A-Za-z0-9_+=,.@-]{2,64}$/,
    meaning: "a source identity, such as anna@example.com",
  },
  domain: {
    pattern: /^[A-Za-z0-9_]([A-Za-z0-9_.-]{0,251}[A-Za-z0-9_])?$/,
    meaning: "a domain's name, such as example.com",
  },
  "event-name": { pattern: /^[A-Za-z0-9_]{1,128}$/, meaning: "an API call's name, such as GetObject" },
  instance: {
    pattern: /^i-([0-9a-f]{8}|[0-9a-f]{17})$/,
    meaning: "an instance's id, such as i-0123456789abcdef0",
  },
  number: { pattern: /^[0-9]{1,9}$/, meaning: "a whole number" },
} as const;
export type ParameterKind = keyof typeof parameterKinds;

export interface Parameter {
  readonly name: string;
  readonly kind: ParameterKind;
  readonly about: string;
  /** Value where none is given; without one, the parameter must be given. */
  readonly otherwise?: string;
}

/** Records on which an answer rests, beside those that every landscape keeps. */
export type Evidence =
  | "management-events"
  | "s3-read"
  | "s3-write"
  | "lambda-invoke"
  | "network-events"
  | "flow-logs"
  | "dns-queries";

/** A question of an investigation, asked again in every case. */
export interface Question {
  readonly id: string;
  readonly title: string;
  readonly table: TableName;
  /** Every kind of record that it needs to be whole. */
  readonly evidence: readonly Evidence[];
  readonly parameters: readonly Parameter[];
  /** Columns of the answer, in order. */
  readonly columns: readonly string[];
  /** Days to look back where no time is given. */
  readonly days: number;
  /**
   * One statement in the SQL of Athena (Trino). `{{scope}}` stands for accounts, regions and time; `:name` for the
   * value of a parameter.
   */
  readonly sql: string;
}

type Draft = Omit<Question, "table" | "evidence" | "days" | "parameters"> &
  Partial<Pick<Question, "evidence" | "days" | "parameters">>;

const ofTable =
  (table: TableName, evidence: Evidence, days: number) =>
  (draft: Draft): Question => ({ table, evidence: [evidence], days, parameters: [], ...draft });

/** A question to CloudTrail: of the 90 days in which a long-term key is commonly used before it is found. */
export const askCloudTrail = ofTable("cloudtrail", "management-events", 90);
export const askFlowLogs = ofTable("flow_logs", "flow-logs", 7);
export const askDnsQueries = ofTable("dns_queries", "dns-queries", 7);
