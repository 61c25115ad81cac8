import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  visit,
} from "yaml";
import type { Finding, Problem } from "./problems";
import { fieldName } from "./problems";

/** A YAML text as plain data, with the way back from a field to its place in the text. */
export interface PositionedYaml {
  readonly data: unknown;
  readonly locate: (finding: Finding) => Pick<Problem, "line" | "column">;
}

export type YamlResult = PositionedYaml | { readonly problems: readonly Problem[] };

const maximumAliases = 100;

/** Parses one YAML 1.2 document; syntax errors come back as problems, all of them. */
export function parseYaml(file: string, text: string): YamlResult {
  const lines = new LineCounter();
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  try {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
    if (document.errors.length > 0) {
      return {
        problems: document.errors.map((error) => ({
          file,
          ...at(error.pos[0]),
          field: "",
          message: explainSyntax(error.code, error.message),
        })),
      };
    }
    const cycle = aliasInsideItsAnchor(document.contents);
    if (cycle) return { problems: [{ file, ...at(cycle.range?.[0] ?? 0), field: "", message: cyclicAlias }] };
    return {
      data: document.toJS({ maxAliasCount: maximumAliases }),
      locate: (finding) => at(offsetOf(document.contents, finding)),
    };
  } catch (error) {
    return { problems: [{ file, field: "", message: explainFailure(error) }] };
  }
}

const cyclicAlias = "this alias (*) stands inside its own anchor (&): a landscape cannot contain itself";

const syntaxHints: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: "a tab is used for indentation; YAML allows only spaces here",
  MULTIPLE_DOCS: "a second YAML document begins here (---); a landscape is one document",
  DUPLICATE_KEY: "this key stands here a second time; merge the two or remove one",
  BAD_ALIAS: "this alias (*) has no anchor (&) before it",
  NON_STRING_KEY: "a key must be text",
};

function explainSyntax(code: string, message: string): string {
  const firstLine = message.split("\n")[0] ?? message;
  return syntaxHints[code] ?? `not valid YAML: ${firstLine}`;
}

function explainFailure(error: unknown): string {
  // The YAML library recurses, and so ends with a RangeError on absurd nesting.
  if (error instanceof RangeError)
    return "the file is nested too deeply; a landscape needs about five levels";
  if (error instanceof ReferenceError) {
    return `too many YAML aliases (*), or one that cannot be resolved; at most ${maximumAliases} copies are allowed`;
  }
  throw error;
}

function aliasInsideItsAnchor(root: unknown): Node | undefined {
  let found: Node | undefined;
  visit(root as Node | null, {
    Alias(_, alias, ancestors) {
      const inside = ancestors.some((node) => "anchor" in node && node.anchor === alias.source);
      if (inside) found = alias;
      return inside ? visit.BREAK : undefined;
    },
  });
  return found;
}

/** Offset of the deepest node that exists on the way to the finding's field. */
function offsetOf(root: unknown, { path, atKey }: Finding): number {
  let node = root;
  let offset = startOf(root);
  path.forEach((part, depth) => {
    const child = childOf(node, part);
    if (!child) {
      node = undefined;
      return;
    }
    const last = depth === path.length - 1;
    offset = last && atKey && child.key ? startOf(child.key) : startOf(child.value ?? child.key);
    node = child.value;
  });
  return offset;
}

interface Child {
  readonly key?: unknown;
  readonly value: unknown;
}

function childOf(node: unknown, part: string | number): Child | undefined {
  if (isMap(node)) {
    const pair = node.items.find(
      (item: Pair) => isScalar(item.key) && String(item.key.value) === String(part),
    );
    return pair && { key: pair.key, value: pair.value };
  }
  if (isSeq(node) && typeof part === "number" && part < node.items.length) return { value: node.items[part] };
  return undefined;
}

function startOf(node: unknown): number {
  const ranged = isMap(node) || isSeq(node) || isScalar(node) || isAlias(node) ? node.range : undefined;
  return ranged?.[0] ?? 0;
}

export const toProblem = (file: string, yaml: PositionedYaml, finding: Finding): Problem => ({
  file,
  ...yaml.locate(finding),
  field: fieldName(finding.path),
  message: finding.message,
});
