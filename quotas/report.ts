import { isBroken, left, type Reading } from "./reading";

/** Lines fit a terminal of so many columns. */
const columns = 80;
const indent = 25;

/** At most so long, and told to be cut where it was. */
const cut = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length - 1)}…`;

const grouped = (value: number): string => value.toLocaleString("en-US");

function lines(reading: Reading): string[] {
  const { quota, used, where, misfit } = reading;
  const share = Number.isFinite(quota.limit)
    ? `${Math.floor(Number((left(reading) * 100).toFixed(6)))}%`
    : "-";
  const sizes = `${share.padStart(5)} ${grouped(used).padStart(8)} ${grouped(quota.limit).padStart(8)}`;
  const what = cut(`${quota.service}: ${quota.what}`, columns - indent);
  const place = cut(where, columns - indent);
  return [
    `${sizes.padEnd(indent)}${what}`,
    `${" ".repeat(indent)}${place}`,
    ...(misfit === undefined ? [] : [`${" ".repeat(indent)}${cut(misfit, columns - indent)}`]),
  ];
}

/**
 * What is left of each quota, as a table of at most 80 columns.
 *
 * @param readings worst first
 * @param shown how many of them at most
 */
export function limitsTable(readings: readonly Reading[], shown: number): string {
  const broken = readings.filter(isBroken).length;
  const more = readings.length - Math.min(shown, readings.length);
  return [
    " left     used       of  quota, and where it is used most",
    ...readings.slice(0, shown).flatMap(lines),
    `${broken === 0 ? "none" : broken} of ${readings.length} quotas exceeded${more > 0 ? `; ${more} more with --all` : ""}`,
    "",
  ].join("\n");
}

/** The same as plain data. */
export const limitsData = (readings: readonly Reading[]) =>
  readings.map((reading) => ({
    id: reading.quota.id,
    service: reading.quota.service,
    what: reading.quota.what,
    used: reading.used,
    limit: Number.isFinite(reading.quota.limit) ? reading.quota.limit : null,
    unit: reading.quota.unit,
    where: reading.where,
    exceeded: isBroken(reading),
    ...(reading.misfit !== undefined && { misfit: reading.misfit }),
    ...(reading.quota.adjustable !== undefined && { adjustable: reading.quota.adjustable }),
    ...(reading.quota.note !== undefined && { note: reading.quota.note }),
    certainty: reading.quota.certainty,
    source: reading.quota.source,
  }));
