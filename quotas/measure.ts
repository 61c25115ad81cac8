import type { Quota, Unit } from "./quota";
import { ruleComplexity } from "./rule-complexity";

/** Size of a document as IAM counts it. */
export const sizeWithoutWhiteSpace = (document: string): number => document.replace(/\s/g, "").length;

const measures: Readonly<Record<Exclude<Unit, "items">, (text: string) => number>> = {
  characters: (text) => [...text].length,
  "characters without white space": sizeWithoutWhiteSpace,
  bytes: (text) => Buffer.byteLength(text),
  "bytes decoded": (text) => Buffer.from(text, "base64").length,
  complexity: (text) => ruleComplexity(JSON.parse(text)),
};

/** A text, or a document as the text that AWS receives. */
const asText = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

/** Variables count by their names and values together. */
const variables = (value: unknown): number =>
  Object.entries(value as Readonly<Record<string, string>>).reduce(
    (sum, [name, text]) => sum + Buffer.byteLength(name) + Buffer.byteLength(text),
    0,
  );

/** How much of a quota a value takes, in the quota's unit. */
export function measure({ id, unit }: Quota, value: unknown): number {
  if (id === "function-environment") return variables(value);
  if (unit === "items") return (value as readonly unknown[]).length;
  return measures[unit](asText(value));
}

/** Characters beyond the first plane as Java writes them, in which AWS's patterns are written. */
const surrogates = "\\uD800\\uDC00-\\uDBFF\\uDFFF";

const wholeText = (pattern: string): RegExp =>
  new RegExp(`^(?:${pattern.replace(surrogates, "\\u{10000}-\\u{10FFFF}")})$`, "u");

/** What is wrong with a value beside its size, or undefined. */
export function misfit({ pattern, least }: Quota, value: unknown): string | undefined {
  const text = asText(value);
  if (least !== undefined && [...text].length < least) return `has fewer than ${least} characters`;
  if (pattern === undefined || wholeText(pattern).test(text)) return undefined;
  return `does not match ${pattern}`;
}
