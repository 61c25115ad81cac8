import { type Attributes, isUnknown, leftToAws, type Value } from "../graph";
import { isObject } from "./json";

/** Arguments that take other documents in, whose text this does not merge. */
const merging = ["source_policy_documents", "override_policy_documents", "source_json", "override_json"];

/**
 * The document that `data.aws_iam_policy_document` makes of its arguments, as text; nothing where it takes other
 * documents in. Source: "aws_iam_policy_document" (documentation of the AWS provider).
 */
export function policyDocumentOf(block: Attributes): string | undefined {
  if (merging.some((name) => isSaid(block[name]))) return undefined;
  // Of what an expression makes, nobody knows here how many there are.
  if (isSaid(block.dynamic) || holdsUnknownBlock(block)) return undefined;
  const document = JSON.stringify({
    Version: isSaid(block.version) ? block.version : "2012-10-17",
    Statement: blocksOf(block.statement).map(statementOf),
  });
  // What Terraform is not to put in is written so.
  return document.replaceAll("&{", "${");
}

const nested = ["principals", "not_principals", "condition"];

const holdsUnknownBlock = ({ statement }: Attributes): boolean =>
  isUnknown(statement) ||
  blocksOf(statement).some((each) => isSaid(each.dynamic) || nested.some((name) => isUnknown(each[name])));

const isSaid = (value: Value | undefined): boolean =>
  value !== undefined &&
  value !== null &&
  value !== leftToAws &&
  !(Array.isArray(value) && value.length === 0);

/** One block or several. */
function blocksOf(value: Value | undefined): readonly Attributes[] {
  if (!isSaid(value)) return [];
  return (Array.isArray(value) ? value : [value]).filter(isObject) as unknown as readonly Attributes[];
}

const names = [
  ["sid", "Sid"],
  ["actions", "Action"],
  ["not_actions", "NotAction"],
  ["resources", "Resource"],
  ["not_resources", "NotResource"],
] as const;

function statementOf(block: Attributes): Record<string, unknown> {
  return {
    Effect: isSaid(block.effect) ? block.effect : "Allow",
    ...Object.fromEntries(names.flatMap(([from, to]) => (isSaid(block[from]) ? [[to, block[from]]] : []))),
    ...principals("Principal", block.principals),
    ...principals("NotPrincipal", block.not_principals),
    ...conditions(block.condition),
  };
}

function principals(name: string, value: Value | undefined): Record<string, unknown> {
  const blocks = blocksOf(value);
  if (blocks.length === 0) return {};
  if (blocks.some(({ type }) => type === "*")) return { [name]: "*" };
  return { [name]: merged(blocks.map(({ type, identifiers }) => [String(type), listOf(identifiers)])) };
}

function conditions(value: Value | undefined): Record<string, unknown> {
  const blocks = blocksOf(value);
  if (blocks.length === 0) return {};
  const operators = new Map<string, [key: string, values: readonly Value[]][]>();
  for (const { test, variable, values } of blocks) {
    const keys = operators.get(String(test)) ?? [];
    operators.set(String(test), [...keys, [String(variable), listOf(values)]]);
  }
  return { Condition: Object.fromEntries([...operators].map(([test, keys]) => [test, merged(keys)])) };
}

const listOf = (value: Value | undefined): readonly Value[] =>
  Array.isArray(value) ? value : isSaid(value) || isUnknown(value) ? [value as Value] : [];

/** Lists of the same name are one. */
function merged(
  lists: readonly (readonly [name: string, values: readonly Value[]])[],
): Record<string, readonly Value[]> {
  const result = new Map<string, readonly Value[]>();
  for (const [name, values] of lists) result.set(name, [...(result.get(name) ?? []), ...values]);
  return Object.fromEntries(result);
}
