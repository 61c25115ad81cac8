import catalog from "../../policies/frameworks.json";
import type { Rule } from "./rule";
import { type Framework, frameworks } from "./terms";

/** Every clause of each framework, in its own order; withdrawn ones left out. */
export const clausesOf = (framework: Framework): readonly string[] => catalog[framework].clauses;

/** Of each framework, the clauses that none of the rules serves. */
export function unservedBy(rules: readonly Rule[]): Readonly<Record<Framework, readonly string[]>> {
  const unserved = (framework: Framework) => {
    const served = new Set(rules.flatMap(({ controls }) => controls[framework] ?? []));
    return clausesOf(framework).filter((clause) => !served.has(clause));
  };
  const ids = Object.keys(frameworks) as Framework[];
  return Object.assign({}, ...ids.map((id) => ({ [id]: unserved(id) })));
}
