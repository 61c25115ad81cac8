import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import Ajv, { type ErrorObject } from "ajv";
import { closest } from "fastest-levenshtein";
import { type Document, isMap, isPair, LineCounter, parseDocument } from "yaml";
import { UnreadableInput } from "../problem";
import { linearPattern } from "./patterns";
import type { Rule } from "./rule";
import { ruleSchema } from "./rule-schema";
import { applicators, inPlace, keywords, single } from "./three-valued";

const validate = new Ajv({
  strict: false,
  allErrors: false,
  verbose: true,
  discriminator: true,
  validateSchema: false,
}).compile(ruleSchema);

/**
 * Reads a folder of rules, one YAML file each, named by the rule's id. A rule is data: nothing of it is run.
 *
 * @throws UnreadableInput naming file, line and field, what stands there and what may
 */
export function loadRules(directory: string): Rule[] {
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory()) {
    throw new UnreadableInput(`${directory} is no folder of rules`);
  }
  const files = readdirSync(directory)
    .filter((name) => /\.ya?ml$/.test(name))
    .sort();
  if (files.length === 0)
    throw new UnreadableInput(`${directory} holds no rule: each is a file of its own, <id>.yaml`);
  return files.map((name) => loadRule(path.join(directory, name)));
}

function loadRule(file: string): Rule {
  const lines = new LineCounter();
  const document = parseDocument(readFileSync(file, "utf8"), { lineCounter: lines });
  const refuse = (at: readonly string[], message: string): never => {
    throw new UnreadableInput(`${file}:${lineOf(document, lines, at)} ${at.join(".")}: ${message}`);
  };
  const [broken] = document.errors;
  if (broken) throw new UnreadableInput(`${file}: ${broken.message}`);
  const value: unknown = document.toJS({ maxAliasCount: 0 });
  if (!validate(value)) {
    // Of the alternatives of a check, the one that its kind names says what is wrong.
    const error = tellingError(validate.errors ?? []);
    refuse(error.instancePath.split("/").slice(1), explained(error));
  }
  const rule = value as Rule;
  const expected = path.basename(file).replace(/\.ya?ml$/, "");
  if (rule.id !== expected)
    refuse(["id"], `is ${JSON.stringify(rule.id)}; the file's name says "${expected}"`);
  for (const [at, problem] of schemaProblems(rule.checks, ["checks"])) refuse(at, problem);
  return rule;
}

const tellingError = (errors: readonly ErrorObject[]): ErrorObject =>
  [...errors]
    .filter(({ keyword, instancePath }) => !(keyword === "const" && instancePath.endsWith("/kind")))
    .sort((a, b) => b.instancePath.split("/").length - a.instancePath.split("/").length)[0] as ErrorObject;

function explained({ keyword, params, data, message }: ErrorObject): string {
  if (keyword === "additionalProperties") return `has no field "${params.additionalProperty}"`;
  if (keyword === "required") return `lacks "${params.missingProperty}"`;
  return `is ${JSON.stringify(data)?.slice(0, 80)}; it ${message}`;
}

function lineOf(document: Document, lines: LineCounter, at: readonly string[]): number {
  for (let length = at.length; length > 0; length -= 1) {
    const parent = document.getIn(at.slice(0, length - 1), true);
    const last = at[length - 1];
    const pair = isMap(parent)
      ? parent.items.find((item) => isPair(item) && String(item.key) === last)
      : undefined;
    const key = pair?.key as { range?: [number, number, number] } | undefined;
    if (key?.range) return lines.linePos(key.range[0]).line;
  }
  return 1;
}

/** Fields of checks under which a JSON Schema stands. */
const schemaFields = new Set(["schema", "when"]);

type Problem = readonly [at: string[], problem: string];

function schemaProblems(value: unknown, at: readonly string[]): Problem[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) =>
    schemaFields.has(name) ? inSchema(item, [...at, name]) : schemaProblems(item, [...at, name]),
  );
}

const several: ReadonlySet<string> = new Set([...applicators, ...inPlace]);
const one: ReadonlySet<string> = new Set(single);

function inSchema(schema: unknown, at: readonly string[]): Problem[] {
  if (typeof schema !== "object" || schema === null) return [];
  return Object.entries(schema).flatMap(([keyword, value]): Problem[] => {
    const here = [...at, keyword];
    if (!keywords.has(keyword)) {
      return [
        [
          [...at],
          `"${keyword}" is none of the keywords that a rule may use; did you mean "${closest(keyword, [...keywords])}"? Allowed: ${[...keywords].join(", ")}`,
        ],
      ];
    }
    if (keyword === "pattern") return patternProblems(value, here);
    if (one.has(keyword)) return inSchema(value, here);
    if (!several.has(keyword)) return [];
    return Object.entries(value as object).flatMap(([name, item]) => [
      ...(keyword === "patternProperties" ? patternProblems(name, here) : []),
      ...inSchema(item, [...here, name]),
    ]);
  });
}

function patternProblems(pattern: unknown, at: string[]): Problem[] {
  try {
    linearPattern(String(pattern));
    return [];
  } catch (error) {
    const reason = (error as Error).message;
    return [
      [at, `the pattern ${JSON.stringify(pattern)} is none that can be asked in linear time: ${reason}`],
    ];
  }
}
