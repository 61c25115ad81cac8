import Ajv from "ajv";
import { type CompiledRule, compileRules } from "./compile";
import { loadRules } from "./load";
import { linearEngine } from "./patterns";

/**
 * Reads and compiles rules that others have written: their patterns take no more than linear time.
 *
 * @throws UnreadableInput
 */
export function compileOthersRules(folder: string): CompiledRule[] {
  const ajv = new Ajv({ strict: false, validateSchema: false, code: { regExp: linearEngine } });
  return compileRules(loadRules(folder), (schema) => ajv.compile(schema) as (value: unknown) => boolean);
}
