import { readdirSync } from "node:fs";
import path from "node:path";
import Ajv from "ajv";
import standaloneCode from "ajv/dist/standalone";
import { buildSync } from "esbuild";
import type { Build } from "../../bin/kept-build";
import { compiledBy, compileRules } from "./compile";
import { loadRules } from "./load";

/** Everything that decides what is made of a rule, beside the rule itself. */
const makers = [
  "review/rules",
  "review/graph.ts",
  "node_modules/ajv/package.json",
  "node_modules/esbuild/package.json",
];

/**
 * Rules and the validators of their schemas as one module without imports, which loads in a fraction of the time that
 * reading and compiling takes. Its exports are `rules` and, in order, `validators`.
 *
 * @throws UnreadableInput
 */
export function standaloneRules(root: string, folder: string): Build {
  const rules = loadRules(folder);
  const ajv = new Ajv({ strict: false, validateSchema: false, code: { source: true } });
  const names: string[] = [];
  const collect = compiledBy((schema) => {
    const name = `v${names.length}`;
    names.push(name);
    // Nobody asks why: inside of a negation Ajv makes no errors, which would be most of the code.
    ajv.addSchema({ not: { not: schema } }, name);
    return () => false;
  });
  compileRules(rules, collect);
  const validators = standaloneCode(ajv, Object.fromEntries(names.map((name) => [name, name])));
  const code = [
    validators,
    // Parsing a text takes a fraction of the time that compiling an object literal takes.
    `exports.rules = JSON.parse(${JSON.stringify(JSON.stringify(rules))});`,
    `exports.validators = [${names.map((name) => `exports.${name}`).join(",")}];`,
  ].join("\n");
  const { outputFiles } = buildSync({
    stdin: { contents: code, resolveDir: root, loader: "js" },
    bundle: true,
    minify: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    logLevel: "error",
    write: false,
  });
  return { content: outputFiles[0]?.contents ?? new Uint8Array(), sources: sourcesOf(root, folder) };
}

/** The folders too: a file that is added to one, or taken away, changes it. */
function sourcesOf(root: string, folder: string): string[] {
  const relative = path.relative(root, folder);
  const inside = (directory: string) =>
    readdirSync(path.join(root, directory)).map((name) => `${directory}/${name}`);
  return [relative, ...inside(relative), ...inside("review/rules"), ...makers];
}
