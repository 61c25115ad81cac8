import { existsSync, readFileSync } from "node:fs";
import { type Static, Type } from "@sinclair/typebox";
import Ajv from "ajv";
import { closest } from "fastest-levenshtein";
import { parseDocument } from "yaml";
import type { Evaluation } from "./evaluate";
import { UnreadableInput } from "./problem";

const text = Type.String({ minLength: 1 });

const waiverSchema = Type.Object(
  {
    rule: text,
    /** `<stack>/<address>`, exactly; `*` stands for a part between dots, slashes and hyphens. */
    resource: text,
    reason: Type.String({ minLength: 20 }),
    owner: text,
    expires: Type.String({ pattern: "^\\d{4}-\\d{2}-\\d{2}$" }),
  },
  { additionalProperties: false },
);
const fileSchema = Type.Object({ waivers: Type.Array(waiverSchema) }, { additionalProperties: false });

/** A finding that somebody answers for, until a day. */
export type Waiver = Static<typeof waiverSchema>;

const validate = new Ajv({ verbose: true }).compile<Static<typeof fileSchema>>(fileSchema);

/** @throws UnreadableInput */
export function loadWaivers(file: string, rules: readonly string[]): Waiver[] {
  if (!existsSync(file)) throw new UnreadableInput(`${file} is not there`);
  const document = parseDocument(readFileSync(file, "utf8"));
  const [broken] = document.errors;
  if (broken) throw new UnreadableInput(`${file}: ${broken.message}`);
  const value: unknown = document.toJS();
  if (!validate(value)) {
    const { instancePath = "", message = "", params = {} } = validate.errors?.[0] ?? {};
    const field = instancePath.split("/").slice(1).join(".");
    throw new UnreadableInput(
      `${file} ${field}: ${message}${params.additionalProperty ? ` "${params.additionalProperty}"` : ""}`,
    );
  }
  for (const { rule } of value.waivers) {
    if (!rules.includes(rule)) {
      throw new UnreadableInput(
        `${file}: there is no rule "${rule}"; did you mean "${closest(rule, [...rules])}"?`,
      );
    }
  }
  return value.waivers;
}

export interface Waived {
  readonly evaluations: readonly (Evaluation & { readonly waiver?: Waiver })[];
  /** What is wrong with the waivers themselves. */
  readonly problems: readonly { readonly waiver: Waiver; readonly problem: string }[];
}

/** More than this many resources under one waiver, and nobody has looked at each. */
const broadest = 10;

/**
 * Marks the failures that a waiver covers. One that is expired covers nothing; one that is expired, covers nothing, or
 * covers more than ten resources is a finding itself.
 *
 * @param today as `2026-01-31`
 */
export function waive(evaluations: readonly Evaluation[], waivers: readonly Waiver[], today: string): Waived {
  const uses = new Map<Waiver, number>(waivers.map((waiver) => [waiver, 0]));
  const marked = evaluations.map((evaluation) => {
    if (evaluation.verdict !== "fail") return evaluation;
    const waiver = waivers.find((candidate) => covers(candidate, evaluation));
    if (!waiver) return evaluation;
    uses.set(waiver, (uses.get(waiver) ?? 0) + 1);
    return waiver.expires < today ? evaluation : { ...evaluation, waiver };
  });
  const problems = [...uses].flatMap(([waiver, count]) => {
    if (waiver.expires < today) return [{ waiver, problem: `expired on ${waiver.expires}` }];
    if (count === 0) return [{ waiver, problem: "covers nothing that fails" }];
    return count > broadest
      ? [{ waiver, problem: `covers ${count} resources; ${broadest} are the most` }]
      : [];
  });
  return { evaluations: marked, problems };
}

const covers = ({ rule, resource }: Waiver, evaluation: Evaluation): boolean =>
  rule === evaluation.rule.id && pattern(resource).test(evaluation.resource?.id ?? "");

const pattern = (resource: string): RegExp =>
  new RegExp(
    `^${resource
      .split("*")
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
      .join("[^./-]*")}$`,
  );
