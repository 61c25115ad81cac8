import type { Check, Clause, Rule, Schema } from "./rule";
import { threeValued } from "./three-valued";

/** What a schema says of a value that may be unknown in part. */
export type Answer = "yes" | "no" | "unknown";
export type Question = (value: unknown) => Answer;

export interface CompiledClause {
  readonly message: string;
  readonly holds: Question;
}

export interface CompiledCheck {
  readonly check: Check;
  readonly when: Question;
  readonly clauses: readonly CompiledClause[];
  /** Of the companion, or of what must be present. */
  readonly matches: Question;
  /** Of one statement at least of the companion's policies. */
  readonly statement: CompiledClause | undefined;
}

export interface CompiledRule {
  readonly rule: Rule;
  readonly checks: readonly CompiledCheck[];
}

const always: Question = () => "yes";

/** Says whether a value matches a schema. */
export type Validator = (value: unknown) => boolean;

/** The question whose answer is certain where a value must match, or may not. */
export const questionOf =
  (must: Validator, may: Validator): Question =>
  (value) =>
    must(value) ? "yes" : may(value) ? "unknown" : "no";

/** A question made of a schema by somebody who compiles schemas. */
export const compiledBy =
  (compile: (schema: Schema | boolean) => Validator) =>
  (schema: Schema): Question =>
    questionOf(compile(threeValued(schema, "must")), compile(threeValued(schema, "may")));

/**
 * Makes questions of the schemas of rules.
 *
 * @param ask is asked for the questions in the order in which the rules name their schemas
 */
export function compileRules(rules: readonly Rule[], ask: (schema: Schema) => Question): CompiledRule[] {
  const question = (schema: Schema | undefined): Question => (schema === undefined ? always : ask(schema));
  const compiledClause = ({ message, schema }: Clause) => ({ message, holds: question(schema) });
  return rules.map((rule) => ({
    rule,
    checks: rule.checks.map((check) => ({
      check,
      when: question("when" in check ? check.when : undefined),
      clauses: ("assert" in check ? (check.assert ?? []) : []).map(compiledClause),
      statement: check.kind === "companion" && check.statement ? compiledClause(check.statement) : undefined,
      matches: question(
        check.kind === "companion"
          ? check.companion.when
          : check.kind === "presence"
            ? check.schema
            : undefined,
      ),
    })),
  }));
}
