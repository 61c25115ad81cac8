import { TrinoSQL } from "dt-sql-parser";
import fc from "fast-check";
import { askFiles } from "../../cli/query/duckdb";
import { questions } from "../../questions";
import { type ParameterKind, parameterKinds } from "../../questions/question";
import { lateness, render, type Scope, template } from "../../questions/render";
import { logTables } from "../../questions/tables";
import { flowLogFormat } from "../../questions/tables/flow-logs";
import { catalogParameters } from "../../questions/tables/placement";
import { exampleLandscape } from "../support/landscapes";
import { answers } from "./answers";

const scope: Scope = {
  accounts: ["111111111111", "222222222222"],
  regions: ["eu-west-1"],
  vpcs: ["vpc-11111111"],
  from: new Date("2026-10-25T00:00:00Z"),
  to: new Date("2026-11-25T12:00:00Z"),
};
const rendered = questions.map(
  (question) => [question.id, render(question, answers.get(question.id)?.values ?? {}, scope)] as const,
);

const parser = new TrinoSQL();

describe("the SQL of saved questions", () => {
  it.each(rendered)("%s is Trino's", (_, sql) => {
    expect(parser.validate(`${sql};`)).toEqual([]);
    expect(parser.splitSQLByStatement(`${sql};`)).toHaveLength(1);
  });

  it("is not Trino's where it is wrong: the grammar refuses", () => {
    expect(parser.validate("SELECT a FROM b WHERE ORDER BY c;")).not.toEqual([]);
  });

  it.each(rendered)("%s quotes nothing with backticks and ends no statement", (_, sql) => {
    expect(sql).not.toMatch(/[`;]/);
    expect(sql).not.toMatch(/\{\{|\}\}/);
  });

  it.each(questions.map((question) => [question.id, question] as const))(
    "%s says where to look by every partition key, before anything else",
    (_, question) => {
      const where = render(question, answers.get(question.id)?.values ?? {}, scope).split("WHERE ")[1] ?? "";
      for (const { name, projection } of logTables[question.table].partitionKeys) {
        // An hour is not narrowed: its day is.
        if (name !== "hour") expect(where).toMatch(new RegExp(`\\b${name} (IN \\(|= |BETWEEN )`));
        if (projection.kind === "injected") expect(where).toMatch(new RegExp(`\\b${name} IN \\('`));
      }
      expect(question.sql).toMatch(/WHERE\s+\{\{scope\}\}/);
    },
  );

  it("uses every parameter, and no other", () => {
    for (const { id, sql, parameters } of questions) {
      for (const { name } of parameters)
        expect([id, sql]).toEqual([id, expect.stringMatching(new RegExp(`:${name}\\b`))]);
      const marks = [...sql.matchAll(/[^:\w'([]:([a-z_]+)\b/g)].map(([, name]) => name);
      expect([id, marks.filter((mark) => !parameters.some(({ name }) => name === mark))]).toEqual([id, []]);
    }
  });

  it("has names that are each used once", () => {
    const ids = questions.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("shows names in place of values where it is saved for the console", () => {
    const question = questions.find(({ id }) => id === "what-key-did");
    if (!question) throw new Error("no such question");
    expect(template(question)).toContain("account = '<account>' AND region = '<region>' AND day = '<day>'");
    expect(template(question)).toContain("useridentity.accesskeyid = '<key>'");
  });
});

describe("values of parameters", () => {
  const question = (kind: ParameterKind) => ({
    id: "x",
    title: "",
    table: "cloudtrail" as const,
    evidence: ["management-events"] as const,
    columns: [],
    days: 1,
    parameters: [{ name: "value", kind, about: "a value" }],
    sql: "SELECT :value",
  });

  it.each(Object.keys(parameterKinds) as ParameterKind[])(
    "of the kind %s never end the text in which they stand",
    (kind) => {
      fc.assert(
        fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[a-z0-9:/'";\\ -]{1,40}$/)), (value) => {
          let sql: string;
          try {
            sql = render(question(kind), { value }, scope);
          } catch {
            return;
          }
          const literal = sql.slice("SELECT ".length);
          expect(literal).toMatch(kind === "number" ? /^\d+$/ : /^'(?:[^']|'')*'$/);
        }),
        { numRuns: 2_000 },
      );
    },
  );

  it("that are wrong, missing or unknown are named, with what would do", () => {
    expect(() => render(question("address"), { value: "10.0.0" }, scope)).toThrow(
      'parameter value: "10.0.0" is not an IPv4 or IPv6 address',
    );
    expect(() => render(question("arn"), {}, scope)).toThrow("parameter value is missing: a value; an ARN");
    expect(() => render(question("arn"), { valu: "x" }, scope)).toThrow(
      "has no parameter valu; it has value",
    );
  });
});

describe("the days of a time", () => {
  it("are exactly those on which its files may lie", async () => {
    const flow = questions.find(({ id }) => id === "reached-from-internet");
    const trail = questions.find(({ id }) => id === "what-root-did");
    if (!flow || !trail) throw new Error("no such question");
    const moment = fc.date({
      min: new Date("2025-11-01T00:00:00Z"),
      max: new Date("2027-02-01T00:00:00Z"),
      noInvalidDate: true,
    });
    await fc.assert(
      fc.asyncProperty(moment, fc.integer({ min: 1, max: 400 * 24 }), async (from, hours) => {
        const to = new Date(from.getTime() + hours * 3_600_000);
        const days = (sql: string, key: RegExp) => key.exec(sql)?.[1] ?? "";
        const wanted = { ...scope, from, to };
        const flowDays = days(render(flow, {}, wanted), /AND (\(+year[\s\S]*?)\n {2}AND start/);
        const trailDays = days(render(trail, {}, wanted), /AND (day BETWEEN '[^']+' AND '[^']+')/);
        const [row] = await askFiles(
          `WITH days AS (SELECT unnest(generate_series(DATE '2025-10-01', DATE '2028-06-01', INTERVAL 1 DAY)) AS d),
             keys AS (SELECT d, year(d) AS year, month(d) AS month, day(d) AS day FROM days),
             texts AS (SELECT d, strftime(d, '%Y/%m/%d') AS day FROM days)
           SELECT (SELECT strftime(min(d), '%Y-%m-%d') || ' ' || strftime(max(d), '%Y-%m-%d') || ' ' || count(*)
                     FROM keys WHERE ${flowDays}) AS flow,
                  (SELECT strftime(min(d), '%Y-%m-%d') || ' ' || strftime(max(d), '%Y-%m-%d') || ' ' || count(*)
                     FROM texts WHERE ${trailDays}) AS trail`,
          {},
        );
        const first = from.toISOString().slice(0, 10);
        const last = new Date(to.getTime() + lateness).toISOString().slice(0, 10);
        const count = (Date.parse(last) - Date.parse(first)) / 86_400_000 + 1;
        expect(row).toEqual({ flow: `${first} ${last} ${count}`, trail: `${first} ${last} ${count}` });
      }),
      { numRuns: 60 },
    );
  });
});

describe("the tables", () => {
  const landscape = exampleLandscape();

  it.each(Object.values(logTables).map((table) => [table.name, table] as const))(
    "%s projects every partition key that its path has, and no other",
    (_, table) => {
      const parameters = catalogParameters(landscape, table);
      const template = parameters["storage.location.template"] ?? "";
      const placed = [...template.matchAll(/\$\{([a-z]+)\}/g)].map(([, key]) => key).sort();
      expect(placed).toEqual(table.partitionKeys.map(({ name }) => name).sort());
      for (const { name } of table.partitionKeys)
        expect(parameters).toHaveProperty([`projection.${name}.type`]);
      expect(template).toMatch(/^s3:\/\/acme-ir-[a-z-]+-333333333333-eu-west-1\/.*\/$/);
      const names = [...table.columns, ...table.partitionKeys].map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
    },
  );

  it("list no account: there is nothing to change when one joins", () => {
    const text = JSON.stringify(Object.values(logTables).map((table) => catalogParameters(landscape, table)));
    for (const { id } of landscape.members) expect(text).not.toContain(id);
  });

  it("ask flow logs for every field of versions 2 to 5, in AWS's spelling", () => {
    const fields = [...flowLogFormat.matchAll(/\$\{([a-z-]+)\}/g)].map(([, field]) => field);
    expect(fields).toHaveLength(29);
    expect(fields).toEqual(
      expect.arrayContaining(["tcp-flags", "az-id", "pkt-dst-aws-service", "flow-direction", "traffic-path"]),
    );
  });
});
