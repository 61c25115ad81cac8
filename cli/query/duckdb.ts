import type { DuckDBConnection, DuckDBInstance, DuckDBValue } from "@duckdb/node-api";
import type { TableName } from "../../questions/table";
import { logTables } from "../../questions/tables";
import type { LogFile } from "./local-files";

/** A row of an answer: values as texts and numbers. */
export type Row = Readonly<Record<string, string | number | boolean | null>>;

/**
 * Functions of Athena's SQL (Trino) that DuckDB lacks or does otherwise. Whatever else a question uses must mean the
 * same in both; a test runs every question.
 */
const shim: readonly string[] = [
  // A name with hyphens is `$["x-y"]` to Trino and `$."x-y"` to DuckDB.
  `CREATE MACRO duck_path(path) AS replace(replace(path, '["', '."'), '"]', '"')`,
  // Trino gives nothing for what is no scalar.
  `CREATE MACRO json_extract_scalar(document, path) AS
     CASE WHEN json_type(TRY_CAST(document AS JSON), duck_path(path)) IN ('OBJECT', 'ARRAY', 'NULL') THEN NULL
          ELSE json_extract_string(TRY_CAST(document AS JSON), duck_path(path)) END`,
  "CREATE MACRO json_format(document) AS CAST(document AS VARCHAR)",
  "CREATE MACRO regexp_like(value, pattern) AS regexp_matches(value, pattern)",
  "CREATE MACRO bitwise_and(one, other) AS one & other",
  "CREATE MACRO from_unixtime(seconds) AS CAST(make_timestamp(CAST(seconds AS BIGINT) * 1000000) AS TIMESTAMP)",
];

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const listOf = (files: readonly LogFile[]): string => `[${files.map(({ file }) => quoted(file)).join(", ")}]`;

/** For each table that a statement reads, its files. */
export type TableFiles = Readonly<Partial<Record<TableName, readonly LogFile[]>>>;

/** Runs one statement on files, by DuckDB: the same text that Athena gets. */
export async function askFiles(sql: string, tables: TableFiles): Promise<Row[]> {
  const database = await LogDatabase.open(tables);
  try {
    return await database.ask(sql);
  } finally {
    database.close();
  }
}

/** A DuckDB database whose tables are log files. The caller that opens it closes it. */
export class LogDatabase {
  private constructor(
    private readonly instance: DuckDBInstance,
    private readonly connection: DuckDBConnection,
  ) {}

  /** @param inMemory reads every file now, once, which pays where many statements follow */
  static async open(tables: TableFiles, { inMemory = false } = {}): Promise<LogDatabase> {
    // Loaded when asked: it is large, and no other command needs it.
    const { DuckDBInstance } = require("@duckdb/node-api") as typeof import("@duckdb/node-api");
    const instance = await DuckDBInstance.create(":memory:");
    const database = new LogDatabase(instance, await instance.connect());
    try {
      await database.define(tables, inMemory);
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  }

  private async define(tables: TableFiles, inMemory: boolean): Promise<void> {
    for (const statement of ["SET TimeZone = 'UTC'", ...shim]) await this.connection.run(statement);
    for (const [table, files] of Object.entries(tables) as [TableName, readonly LogFile[]][]) {
      const select = files.length === 0 ? noRows(table) : selections[table](files);
      await this.connection.run(`CREATE ${inMemory ? "TABLE" : "VIEW"} ${table} AS ${select}`);
    }
  }

  readonly ask = (sql: string): Promise<Row[]> => rowsOf(this.connection, sql);

  close(): void {
    this.connection.closeSync();
    this.instance.closeSync();
  }
}

async function rowsOf(connection: DuckDBConnection, sql: string): Promise<Row[]> {
  const reader = await connection.runAndReadAll(sql);
  return reader
    .getRowObjects()
    .map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)])));
}

function plain(value: DuckDBValue): string | number | boolean | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "bigint") {
    return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  }
  return typeof value === "number" || typeof value === "boolean" ? value : String(value);
}

/** A type of Hive, as DuckDB writes it. */
function duckType(hive: string): string {
  const struct = /^struct<(.*)>$/.exec(hive);
  if (struct) {
    return `STRUCT(${splitTop(struct[1] ?? "")
      .map((field) => {
        const at = field.indexOf(":");
        return `"${field.slice(0, at)}" ${duckType(field.slice(at + 1))}`;
      })
      .join(", ")})`;
  }
  const array = /^array<(.*)>$/.exec(hive);
  if (array) return `${duckType(array[1] ?? "")}[]`;
  const map = /^map<(.*)>$/.exec(hive);
  if (map)
    return `MAP(${splitTop(map[1] ?? "")
      .map(duckType)
      .join(", ")})`;
  return { int: "INTEGER", bigint: "BIGINT", string: "VARCHAR" }[hive] ?? "VARCHAR";
}

/** Splits at commas that stand in no angle brackets. */
function splitTop(text: string): string[] {
  let depth = 0;
  return [...text].reduce<string[]>(
    (parts, character) => {
      if (character === "<") depth += 1;
      if (character === ">") depth -= 1;
      if (character === "," && depth === 0) parts.push("");
      else parts[parts.length - 1] += character;
      return parts;
    },
    [""],
  );
}

function noRows(table: TableName): string {
  const { columns, partitionKeys } = logTables[table];
  const fields = [...columns, ...partitionKeys].map(
    ({ name, type }) => `CAST(NULL AS ${duckType(type)}) AS "${name}"`,
  );
  return `SELECT ${fields.join(", ")} WHERE false`;
}

/** What a file's path tells, as a column. */
const fromPath = (pattern: string): string => `regexp_extract(filename, '${pattern}', 1)`;

/** Names as CloudTrail spells them in its files; Athena's reader takes them in lower case. */
const cloudTrailNames: Readonly<Record<string, string>> = {
  accesskeyid: "accessKeyId",
  accountid: "accountId",
  additionaleventdata: "additionalEventData",
  apiversion: "apiVersion",
  arn: "arn",
  awsregion: "awsRegion",
  ciphersuite: "cipherSuite",
  clientprovidedhostheader: "clientProvidedHostHeader",
  creationdate: "creationDate",
  ec2roledelivery: "ec2RoleDelivery",
  errorcode: "errorCode",
  errormessage: "errorMessage",
  eventcategory: "eventCategory",
  eventid: "eventID",
  eventname: "eventName",
  eventsource: "eventSource",
  eventtime: "eventTime",
  eventtype: "eventType",
  eventversion: "eventVersion",
  federatedprovider: "federatedProvider",
  identitystorearn: "identityStoreArn",
  invokedby: "invokedBy",
  mfaauthenticated: "mfaAuthenticated",
  onbehalfof: "onBehalfOf",
  principalid: "principalId",
  readonly: "readOnly",
  recipientaccountid: "recipientAccountId",
  requestid: "requestID",
  requestparameters: "requestParameters",
  responseelements: "responseElements",
  serviceeventdetails: "serviceEventDetails",
  sessioncontext: "sessionContext",
  sessioncredentialfromconsole: "sessionCredentialFromConsole",
  sessionissuer: "sessionIssuer",
  sharedeventid: "sharedEventID",
  sourceidentity: "sourceIdentity",
  sourceipaddress: "sourceIPAddress",
  tlsdetails: "tlsDetails",
  tlsversion: "tlsVersion",
  useragent: "userAgent",
  useridentity: "userIdentity",
  userid: "userId",
  username: "userName",
  vpcendpointaccountid: "vpcEndpointAccountId",
  vpcendpointid: "vpcEndpointId",
  webidfederationdata: "webIdFederationData",
};

const spelled = (name: string): string => cloudTrailNames[name] ?? name;
const spelledType = (column: string, type: string): string => {
  const spelledOut = duckType(type).replace(/"([a-z0-9]+)"/g, (_, name: string) => `"${spelled(name)}"`);
  return column === "resources" ? spelledOut.replace('"arn"', '"ARN"') : spelledOut;
};

/** Objects in the file and texts of JSON in the table. */
const documents = new Set([
  "requestparameters",
  "responseelements",
  "additionaleventdata",
  "serviceeventdetails",
]);

const selections: Readonly<Record<TableName, (files: readonly LogFile[]) => string>> = {
  cloudtrail: (files) => {
    const { columns } = logTables.cloudtrail;
    const record = columns.map(
      ({ name, type }) => `"${spelled(name)}" ${documents.has(name) ? "JSON" : spelledType(name, type)}`,
    );
    const fields = columns.map(({ name }) =>
      documents.has(name)
        ? `nullif(CAST(record."${spelled(name)}" AS VARCHAR), 'null') AS ${name}`
        : `record."${spelled(name)}" AS ${name}`,
    );
    return `SELECT ${fields.join(", ")},
        ${fromPath("/(\\d{12})/CloudTrail/")} AS account, ${fromPath("/CloudTrail/([a-z0-9-]+)/")} AS region,
        ${fromPath("/CloudTrail/[a-z0-9-]+/(\\d{4}/\\d\\d/\\d\\d)/")} AS day
      FROM (SELECT unnest("Records") AS record, filename FROM read_json(${listOf(files)},
        columns = {Records: ${quoted(`STRUCT(${record.join(", ")})[]`)}}, filename = true,
        format = 'unstructured', maximum_object_size = 268435456))`;
  },
  flow_logs: (files) => {
    const fields = logTables.flow_logs.columns.map(({ name }) => `"${name}"`);
    const number = (key: string) => `CAST(${fromPath(`/${key}=(\\d+)/`)} AS INTEGER) AS ${key}`;
    return `SELECT ${fields.join(", ")},
        ${fromPath("/aws-account-id=(\\d{12})/")} AS account, ${fromPath("/aws-region=([a-z0-9-]+)/")} AS region,
        ${number("year")}, ${number("month")}, ${number("day")}, TRY_${number("hour")}
      FROM read_parquet(${listOf(files)}, filename = true, hive_partitioning = false, union_by_name = true)`;
  },
  dns_queries: (files) => {
    const { columns } = logTables.dns_queries;
    // Answers are spelled with capitals in the files.
    const spelledAnswers = (type: string) =>
      duckType(type).replace('"rdata"', '"Rdata"').replace('"type"', '"Type"').replace('"class"', '"Class"');
    const types = columns.map(({ name, type }) => `${name}: ${quoted(spelledAnswers(type))}`);
    return `SELECT * EXCLUDE (filename),
        ${fromPath("/([a-z0-9-]+)/AWSLogs/")} AS region, ${fromPath("/AWSLogs/(\\d{12})/")} AS account,
        ${fromPath("/vpcdnsquerylogs/(vpc-[0-9a-f]+)/")} AS vpc,
        ${fromPath("/vpcdnsquerylogs/vpc-[0-9a-f]+/(\\d{4}/\\d\\d/\\d\\d)/")} AS day
      FROM read_json(${listOf(files)}, columns = {${types.join(", ")}}, filename = true,
        format = 'newline_delimited', compression = 'gzip')`;
  },
};
