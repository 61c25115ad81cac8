import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  visit,
  type YAMLMap,
} from "yaml";
import { type FieldPath, type Finding, fieldName, inert, type Problem } from "./problems";

/** A YAML text as plain data, with the way back from a field to its place in the text. */
export interface PositionedYaml {
  readonly data: unknown;
  /** Mistakes that leave the rest readable, such as a key that stands twice. */
  readonly problems: readonly Problem[];
  readonly locate: (finding: Finding) => Pick<Problem, "line" | "column">;
  /** A value as it is written: `012`, where the data says 12. */
  readonly sourceOf: (path: FieldPath) => string | undefined;
}

export type YamlResult =
  | PositionedYaml
  | { readonly data?: undefined; readonly problems: readonly Problem[] };

/** Bounds the work of expanding aliases, and so the damage of a file that multiplies itself. */
const maximumAliasCount = 10_000;
/** After so many, further syntax errors are mostly consequences of the first. */
const shownSyntaxErrors = 5;

/** Parses one YAML 1.2 document; mistakes come back as problems, all of them. */
export function parseYaml(file: string, text: string): YamlResult {
  const lines = new LineCounter();
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const problem = ({ offset, message }: Mistake): Problem => ({ file, ...at(offset), field: "", message });
  try {
    const document = parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      stringKeys: true,
      // The library compares each key with each other; duplicates are found below in one pass.
      uniqueKeys: false,
      logLevel: "error",
    });
    const fatal = [...syntaxMistakes(document), ...structuralMistakes(document)];
    if (fatal.length > 0) return { problems: fatal.map(problem) };
    const index = new FieldIndex(document.contents);
    return {
      data: document.toJS({ maxAliasCount: maximumAliasCount }),
      problems: duplicateKeys(document).map(problem),
      locate: (finding) => at(index.offsetOf(finding)),
      sourceOf: (path) => index.sourceOf(path),
    };
  } catch (error) {
    return { problems: [{ file, field: "", message: explainFailure(error) }] };
  }
}

interface Mistake {
  readonly offset: number;
  readonly message: string;
}

const tooDeep = "the file is nested too deeply; a landscape needs about five levels";

const syntaxHints: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: "a tab is used for indentation; YAML allows only spaces here",
  MULTIPLE_DOCS: "a second YAML document begins here (---); a landscape is one document",
  NON_STRING_KEY: "a key must be text",
};

function syntaxMistakes(document: Document.Parsed): Mistake[] {
  const mistakes = document.errors.map(({ code, message, pos }) => ({
    offset: pos[0],
    message: message.includes("call stack")
      ? tooDeep
      : (syntaxHints[code] ?? `not valid YAML: ${inert(message.split("\n")[0] ?? message)}`),
  }));
  const { version, explicit } = document.directives.yaml;
  if (explicit && version !== "1.2") {
    mistakes.push({
      offset: 0,
      message: `%YAML ${version} reads some values differently; a landscape is YAML 1.2`,
    });
  }
  return mistakes.slice(0, shownSyntaxErrors);
}

function explainFailure(error: unknown): string {
  // The YAML library recurses, and so ends with a RangeError on absurd nesting.
  if (error instanceof RangeError) return tooDeep;
  if (error instanceof ReferenceError)
    return "YAML aliases (*) multiply the file beyond what a landscape can be";
  throw error;
}

const plainTags = new Set(
  ["str", "int", "float", "bool", "null", "map", "seq"].map((name) => `tag:yaml.org,2002:${name}`),
);

/** What YAML allows and plain data does not: special types, and aliases that lead nowhere or into themselves. */
function structuralMistakes(document: Document.Parsed): Mistake[] {
  const mistakes: Mistake[] = [];
  const anchors = new Set<string>();
  visit(document.contents as Node | null, {
    Node(_, node, ancestors) {
      const offset = startOf(node);
      if (isAlias(node)) {
        if (ancestors.some((ancestor) => "anchor" in ancestor && ancestor.anchor === node.source)) {
          mistakes.push({
            offset,
            message: "this alias (*) stands inside its own anchor (&): a landscape cannot contain itself",
          });
        } else if (!anchors.has(node.source)) {
          mistakes.push({ offset, message: "this alias (*) has no anchor (&) before it" });
        }
        return;
      }
      if (node.anchor !== undefined) anchors.add(node.anchor);
      if (node.tag !== undefined && !plainTags.has(node.tag)) {
        mistakes.push({
          offset,
          message: `the YAML type ${inert(node.tag.replace("tag:yaml.org,2002:", "!!"))} has no place in a landscape`,
        });
      }
    },
  });
  return mistakes;
}

function duplicateKeys(document: Document.Parsed): Mistake[] {
  const mistakes: Mistake[] = [];
  visit(document.contents as Node | null, {
    Map(_, map) {
      const seen = new Set<string>();
      for (const { key } of map.items) {
        const name = keyName(key);
        if (seen.has(name)) {
          mistakes.push({
            offset: startOf(key),
            message: "this key stands here a second time; merge the two or remove one",
          });
        }
        seen.add(name);
      }
    },
  });
  return mistakes;
}

const keyName = (key: unknown): string => (isScalar(key) ? String(key.value) : "");

function startOf(node: unknown): number {
  const ranged = isMap(node) || isSeq(node) || isScalar(node) || isAlias(node) ? node.range : undefined;
  return ranged?.[0] ?? 0;
}

interface Child {
  readonly key?: unknown;
  readonly value: unknown;
}

/** Finds the nodes of fields; maps are indexed once, so that a file of mistakes does not cost its square. */
class FieldIndex {
  private readonly maps = new WeakMap<YAMLMap, Map<string, Pair>>();

  constructor(private readonly root: unknown) {}

  /** Offset of the deepest node that exists on the way to the finding's field. */
  offsetOf({ path, atKey }: Finding): number {
    let node = this.root;
    let offset = startOf(node);
    for (const [depth, part] of path.entries()) {
      const child = this.childOf(node, part);
      if (!child) break;
      const last = depth === path.length - 1;
      offset = startOf(last && atKey && child.key ? child.key : (child.value ?? child.key));
      node = child.value;
    }
    return offset;
  }

  sourceOf(path: FieldPath): string | undefined {
    let node = this.root;
    for (const part of path) node = this.childOf(node, part)?.value;
    return isScalar(node) ? node.source : undefined;
  }

  private childOf(node: unknown, part: string | number): Child | undefined {
    if (isMap(node)) {
      const pair = this.pairsOf(node).get(String(part));
      return pair && { key: pair.key, value: pair.value };
    }
    if (isSeq(node) && typeof part === "number" && part < node.items.length)
      return { value: node.items[part] };
    return undefined;
  }

  private pairsOf(map: YAMLMap): Map<string, Pair> {
    const known = this.maps.get(map);
    if (known) return known;
    const pairs = new Map(map.items.map((pair) => [keyName(pair.key), pair]));
    this.maps.set(map, pairs);
    return pairs;
  }
}

export const toProblem = (file: string, yaml: PositionedYaml, finding: Finding): Problem => ({
  file,
  ...yaml.locate(finding),
  field: fieldName(finding.path),
  message: finding.message,
});
