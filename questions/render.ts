import { type Parameter, parameterKinds, type Question } from "./question";
import type { LogTable, TableName } from "./table";
import { logTables } from "./tables";

/** Where and when to look. Accounts, and for names looked up VPCs, are listed: Athena needs them to find files. */
export interface Scope {
  readonly accounts: readonly string[];
  readonly regions: readonly string[];
  /** VPC ids; used by questions about names looked up. */
  readonly vpcs: readonly string[];
  readonly from: Date;
  /** Not included. */
  readonly to: Date;
}

/** A value that a question can't take. */
export class WrongValue extends Error {
  override readonly name = "WrongValue";
}

/** Milliseconds by which a log may come after what it tells: files lie under the day or hour of their delivery. */
export const lateness = 24 * 3_600_000;

/**
 * The question as one statement of Athena's SQL.
 *
 * @param values by parameter; what is left out takes its usual value
 * @throws WrongValue for a value of the wrong form, one that is missing, or one that the question doesn't know
 */
export function render(question: Question, values: Readonly<Record<string, string>>, scope: Scope): string {
  const literals = literalsOf(question, values);
  return fill(question, scopePredicate(logTables[question.table], scope), literals);
}

/** The question as a saved query shows it: with names in place of values. */
export function template(question: Question): string {
  const table = logTables[question.table];
  const keys = table.partitionKeys.map(
    ({ name, type }) => `${name} = ${type === "int" ? `<${name}>` : `'<${name}>'`}`,
  );
  const literals = Object.fromEntries(
    question.parameters.map(({ name, kind }) => [name, kind === "number" ? `<${name}>` : `'<${name}>'`]),
  );
  return fill(question, keys.join(" AND "), literals);
}

function fill(
  { sql, parameters }: Question,
  scope: string,
  literals: Readonly<Record<string, string>>,
): string {
  const names = parameters.map(({ name }) => name);
  const pattern = new RegExp(`\\{\\{scope\\}\\}${names.map((name) => `|:${name}\\b`).join("")}`, "g");
  return sql.replace(pattern, (mark) => (mark === "{{scope}}" ? scope : (literals[mark.slice(1)] ?? mark)));
}

function literalsOf(
  { id, parameters }: Question,
  values: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const known = parameters.map(({ name }) => name);
  for (const name of Object.keys(values)) {
    if (known.includes(name)) continue;
    const has = known.length === 0 ? "has no parameters" : `has ${known.join(", ")}`;
    throw new WrongValue(`question ${id} has no parameter ${name}; it ${has}`);
  }
  return Object.fromEntries(parameters.map((parameter) => [parameter.name, literalOf(parameter, values)]));
}

function literalOf(
  { name, kind, about, otherwise }: Parameter,
  values: Readonly<Record<string, string>>,
): string {
  const value = Object.hasOwn(values, name) ? values[name] : otherwise;
  const { pattern, meaning } = parameterKinds[kind];
  if (value === undefined) throw new WrongValue(`parameter ${name} is missing: ${about}; ${meaning}`);
  if (!pattern.test(value))
    throw new WrongValue(`parameter ${name}: ${JSON.stringify(value)} is not ${meaning}`);
  return kind === "number" ? value : text(value);
}

const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;
const oneOf = (column: string, values: readonly string[]): string =>
  `${column} IN (${values.map(text).join(", ")})`;

/** Conditions on every partition key, so that nothing else is read, and on the time itself. */
function scopePredicate(table: LogTable, scope: Scope): string {
  const keys = table.partitionKeys.map(({ name }) => name);
  return [
    oneOf("account", scope.accounts),
    oneOf("region", scope.regions),
    ...(keys.includes("vpc") ? [oneOf("vpc", scope.vpcs)] : []),
    dayPredicate(table.name, scope),
    timePredicate(table, scope),
  ].join("\n  AND ");
}

const slashed = (date: Date): string => date.toISOString().slice(0, 10).replaceAll("-", "/");

function dayPredicate(table: TableName, { from, to }: Scope): string {
  const last = new Date(to.getTime() + lateness);
  if (table !== "flow_logs") return `day BETWEEN ${text(slashed(from))} AND ${text(slashed(last))}`;
  const months = monthsBetween(from, last).map(
    ({ year, month, firstDay, lastDay }) =>
      `(year = ${year} AND month = ${month} AND day BETWEEN ${firstDay} AND ${lastDay})`,
  );
  return months.length === 1 ? (months[0] ?? "") : `(${months.join(" OR ")})`;
}

/** Days of each month from one time to another, both included. */
function monthsBetween(
  from: Date,
  to: Date,
): { readonly year: number; readonly month: number; readonly firstDay: number; readonly lastDay: number }[] {
  const months = [];
  const first = Date.UTC(from.getUTCFullYear(), from.getUTCMonth(), 1);
  for (
    let at = new Date(first);
    at <= to;
    at = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1))
  ) {
    const year = at.getUTCFullYear();
    const month = at.getUTCMonth() + 1;
    const same = (date: Date) => date.getUTCFullYear() === year && date.getUTCMonth() + 1 === month;
    months.push({
      year,
      month,
      firstDay: same(from) ? from.getUTCDate() : 1,
      lastDay: same(to) ? to.getUTCDate() : new Date(Date.UTC(year, month, 0)).getUTCDate(),
    });
  }
  return months;
}

function timePredicate({ time: { column, unit } }: LogTable, { from, to }: Scope): string {
  const bound = (date: Date): string =>
    unit === "epoch-seconds"
      ? String(Math.floor(date.getTime() / 1000))
      : text(`${date.toISOString().slice(0, 19)}Z`);
  return `${column} >= ${bound(from)} AND ${column} < ${bound(to)}`;
}
