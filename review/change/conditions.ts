import ipaddr from "ipaddr.js";
import { entryOf } from "../lists";
import type { Condition } from "../policies";
import { matchesGlob, regionsOf } from "./globs";

/** What a request says of a key of a condition: nothing, or one value or several. */
export type KeyValue = readonly string[] | undefined;

type Test = (given: string, wanted: string) => boolean;

const number: (test: (given: number, wanted: number) => boolean) => Test = (test) => (given, wanted) =>
  test(Number(given), Number(wanted));
const date: (test: (given: number, wanted: number) => boolean) => Test = (test) => (given, wanted) =>
  test(instant(given), instant(wanted));
const instant = (text: string): number => (/^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text));

const lower: (test: Test) => Test = (test) => (given, wanted) =>
  test(given.toLowerCase(), wanted.toLowerCase());
const equals: Test = (given, wanted) => given === wanted;
const like: Test = (given, wanted) => matchesGlob(wanted, given);

/**
 * Operators, without `IfExists` and quantifiers; those that say "not" hold where their counterpart does not.
 * Source: "IAM JSON policy elements: Condition operators".
 */
const tests: Readonly<Record<string, Test>> = {
  stringequals: equals,
  stringequalsignorecase: lower(equals),
  stringlike: like,
  arnequals: like,
  arnlike: like,
  binaryequals: equals,
  bool: lower(equals),
  numericequals: number((given, wanted) => given === wanted),
  numericlessthan: number((given, wanted) => given < wanted),
  numericlessthanequals: number((given, wanted) => given <= wanted),
  numericgreaterthan: number((given, wanted) => given > wanted),
  numericgreaterthanequals: number((given, wanted) => given >= wanted),
  dateequals: date((given, wanted) => given === wanted),
  datelessthan: date((given, wanted) => given < wanted),
  datelessthanequals: date((given, wanted) => given <= wanted),
  dategreaterthan: date((given, wanted) => given > wanted),
  dategreaterthanequals: date((given, wanted) => given >= wanted),
  ipaddress: inNetwork,
};

interface Operator {
  readonly name: string;
  readonly isNegated: boolean;
  readonly ifExists: boolean;
  readonly quantifier: string;
}

function operatorOf(text: string): Operator {
  const [, quantifier = "", rest = "", ifExists] =
    /^(forallvalues:|foranyvalue:)?(.*?)(ifexists)?$/.exec(text.toLowerCase()) ?? [];
  const name = rest.replace(/^(string|arn|numeric|date|binary)not/, "$1").replace(/^not(ipaddress)$/, "$1");
  return { name, isNegated: name !== rest, ifExists: ifExists !== undefined, quantifier };
}

/** Whether IAM documents an operator, so that what it holds of can be worked out. */
export const isKnownOperator = ({ operator }: Condition): boolean => {
  const { name } = operatorOf(operator);
  return name === "null" || Object.hasOwn(tests, name);
};

/**
 * Whether a condition holds of what a request says of its key.
 * Source: "Multivalued context keys" for what an absent key does to a quantifier.
 */
export function holds({ operator, values }: Condition, given: KeyValue): boolean {
  const { name, isNegated, ifExists, quantifier } = operatorOf(operator);
  if (name === "null")
    return values.some((value) => (value.toLowerCase() === "true") === (given === undefined));
  const test = entryOf(tests, name);
  if (!test) return false;
  if (given === undefined)
    return ifExists || quantifier === "forallvalues:" || (isNegated && quantifier === "");
  const one = (value: string): boolean => values.some((wanted) => test(value, wanted)) !== isNegated;
  return quantifier === "foranyvalue:" ? given.some(one) : given.every(one);
}

const unmentioned = "~other";

/**
 * What requests may say of a key so that no further value would be told from all of these by the conditions.
 *
 * @returns nothing where there are too many
 */
export function valuesToAsk(conditions: readonly Condition[]): readonly KeyValue[] | undefined {
  const texts = conditions.filter((condition) => isText(nameOf(condition))).flatMap(({ values }) => values);
  const regions = texts.length > 0 ? regionsOf([...new Set(texts)]) : [];
  if (!regions) return undefined;
  const singles = new Set([
    ...regions.map(({ example }) => example),
    ...texts,
    ...conditions.flatMap((condition) => valuesOf(nameOf(condition), condition.values)),
    ...between(conditions.filter((condition) => nameOf(condition).startsWith("numeric"))),
  ]);
  const list = [...singles];
  const isMultivalued = conditions.some(({ operator }) => operatorOf(operator).quantifier !== "");
  const several = isMultivalued
    ? [list, ...list.flatMap((a, at) => list.slice(at + 1).map((b): KeyValue => [a, b]))]
    : [];
  return [undefined, ...list.map((value): KeyValue => [value]), ...several];
}

const nameOf = ({ operator }: Condition): string => operatorOf(operator).name;
const isText = (name: string): boolean => /^(string|arn|binary)/.test(name);

/** Of an operator that has no patterns, values between which its answer may change. */
function valuesOf(name: string, values: readonly string[]): readonly string[] {
  if (name === "ipaddress") return values.flatMap(borders);
  if (name === "bool") return ["true", "false"];
  if (name.startsWith("numeric")) return values.flatMap(around);
  if (name.startsWith("date")) return [...values.flatMap(aroundInstant), "2000-01-01T00:00:00.000Z"];
  if (name === "null") return [unmentioned];
  return name === "stringequalsignorecase"
    ? values.flatMap((value) => [value.toUpperCase(), value.toLowerCase()])
    : [];
}

/** Numbers between each two that conditions name. */
function between(conditions: readonly Condition[]): string[] {
  const numbers = conditions.flatMap(({ values }) => values.map(Number)).filter(Number.isFinite);
  const sorted = [...new Set(numbers)].sort((a, b) => a - b);
  return sorted.slice(1).map((value, at) => String((value + (sorted[at] ?? value)) / 2));
}

const around = (text: string): string[] => {
  const value = Number(text);
  return Number.isFinite(value) ? [String(value - 1), text, String(value + 1)] : [text];
};

/** The last instant that a date can say. */
const latest = 8.64e15;

const aroundInstant = (text: string): string[] => {
  const value = instant(text);
  if (!Number.isFinite(value)) return [text];
  return [value - 1000, value, value + 1000]
    .filter((each) => Math.abs(each) <= latest)
    .map((each) => new Date(each).toISOString());
};

type Network = [address: ipaddr.IPv4 | ipaddr.IPv6, bits: number];

const networks = new Map<string, Network | undefined>();

/** Rules of one group are asked about the same networks again and again. */
function networkOf(text: string): Network | undefined {
  if (!networks.has(text)) networks.set(text, parsedNetwork(text));
  return networks.get(text);
}

function parsedNetwork(text: string): Network | undefined {
  try {
    if (text.includes("/")) return ipaddr.parseCIDR(text);
    const address = ipaddr.parse(text);
    return [address, address.kind() === "ipv4" ? 32 : 128];
  } catch {
    return undefined;
  }
}

/** Whether an address, or a network as a whole, lies in a network. */
export function inNetwork(given: string, wanted: string): boolean {
  const inner = networkOf(given);
  const outer = networkOf(wanted);
  if (!inner || !outer || inner[0].kind() !== outer[0].kind()) return given === wanted;
  return inner[1] >= outer[1] && (inner[0] as ipaddr.IPv4).match(outer as [ipaddr.IPv4, number]);
}

/** First address of a network and the one after its last: between such borders, nothing changes. */
export function borders(text: string): string[] {
  const network = networkOf(text);
  if (!network) return [text];
  const [address, bits] = network;
  const bytes = address.toByteArray();
  const total = bytes.length * 8;
  const whole = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  const size = 1n << BigInt(total - bits);
  const first = (whole / size) * size;
  return [0n, first, first + size]
    .filter((value) => value < 1n << BigInt(total))
    .map((value) => addressAt(value, bytes.length));
}

function addressAt(value: bigint, length: number): string {
  const bytes = Array.from({ length }, (_, at) => Number((value >> BigInt((length - 1 - at) * 8)) & 255n));
  return ipaddr.fromByteArray(bytes).toString();
}
