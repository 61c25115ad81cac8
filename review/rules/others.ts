import Ajv from "ajv";
import { type CompiledRule, compiledBy, compileRules, type Validator } from "./compile";
import { loadRules } from "./load";
import { linearEngine } from "./patterns";

/**
 * Reads and compiles rules that others have written: their patterns take no more than linear time.
 *
 * @throws UnreadableInput
 */
export function compileOthersRules(folder: string): CompiledRule[] {
  const ajv = new Ajv({ strict: false, validateSchema: false, code: { regExp: linearEngine } });
  return compileRules(
    loadRules(folder),
    compiledBy((schema) => ajv.compile(schema) as Validator),
  );
}
