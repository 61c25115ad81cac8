import { createRequire } from "node:module";
import path from "node:path";
import { type KeptFile, keepBuild, keptFile } from "../../bin/kept-build";
import { type CompiledRule, compileRules, questionOf, type Validator } from "./compile";
import type { Rule } from "./rule";

interface RulesModule {
  readonly rules: readonly Rule[];
  readonly validators: readonly Validator[];
}

/** By what the compiled rules of a folder are known. */
export const keptRules = (root: string, folder: string): KeptFile => ({
  root,
  entry: path.relative(root, folder),
  extension: ".rules.cjs",
});

/**
 * The kit's own rules, compiled once and kept until one of them changes.
 *
 * @param folder `policies/rules` of the kit
 * @throws UnreadableInput
 */
export async function compileOwnRules(folder: string): Promise<CompiledRule[]> {
  const root = path.resolve(folder, "..", "..");
  const kept = keptRules(root, folder);
  const file = keptFile(kept) ?? (await build(kept, folder));
  const { rules, validators } = createRequire(file)(file) as RulesModule;
  let next = 0;
  const validator = (): Validator => {
    const found = validators[next];
    next += 1;
    if (!found) throw new Error("the rules that are kept lack a validator");
    return found;
  };
  return compileRules(rules, () => questionOf(validator(), validator()));
}

async function build(kept: KeptFile, folder: string): Promise<string> {
  const began = Date.now();
  // Reading and compiling is not loaded where it is not needed.
  const { standaloneRules } = await import("./standalone");
  return keepBuild(kept, standaloneRules(kept.root, folder), began);
}
