import { readFileSync } from "node:fs";
import { Value } from "@sinclair/typebox/value";
import { type Facts, FactsSchema } from "../../adoption/facts";
import { WrongUse } from "../errors";

/**
 * Facts that were collected elsewhere.
 *
 * @throws WrongUse for a file that can't be read or holds something else
 */
export function factsFrom(file: string): Facts {
  let facts: unknown;
  try {
    facts = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new WrongUse(`--from ${file}: ${(error as Error).message}`);
  }
  const problems = [...Value.Errors(FactsSchema, facts)].map(
    ({ path, message, value }) =>
      `${file}: ${path || "/"}: ${JSON.stringify(value)?.slice(0, 80)}: ${message}`,
  );
  if (problems.length > 0) throw new WrongUse(problems.slice(0, 20).join("\n"));
  return facts as Facts;
}
