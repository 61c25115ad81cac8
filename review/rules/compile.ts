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

/**
 * Makes questions of the schemas of rules.
 *
 * @param validatorOf is asked for the validators in the order in which the rules name their schemas
 */
export function compileRules(
  rules: readonly Rule[],
  validatorOf: (schema: Schema | boolean) => Validator,
): CompiledRule[] {
  const question = (schema: Schema | undefined): Question => {
    if (schema === undefined) return always;
    const must = validatorOf(threeValued(schema, "must"));
    const may = validatorOf(threeValued(schema, "may"));
    return (value) => (must(value) ? "yes" : may(value) ? "unknown" : "no");
  };
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
