import { readdirSync } from "node:fs";
import path from "node:path";
import { type BuildOptions, build } from "esbuild";
import { compiledSchema, jsonAsText, pureSchemas, required } from "./plugins";

/**
 * What stays outside: what is large and loaded by few commands, what is native, and what is under a license that is
 * not to be mixed into the kit.
 */
export const outside = ["@cdktf", "@cloud-copilot", "@duckdb", "cdktf", "constructs", "esbuild"];

/** Sources that are read without being bundled, folders among them: a file that is added to one changes it. */
const makers = (root: string): string[] => [
  "bin/start.js",
  "scripts/build.ts",
  ...["landscape/schema", "scripts/build"].flatMap((folder) => [
    folder,
    ...readdirSync(path.join(root, folder)).map((name) => `${folder}/${name}`),
  ]),
];

export interface Program {
  /** Its files by their paths below the folder of the program's entry. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Paths, from the kit's folder, of everything that it was made of. */
  readonly sources: readonly string[];
}

const common = {
  bundle: true,
  plugins: [jsonAsText, compiledSchema, pureSchemas, required(outside)],
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: "none",
  platform: "node",
  target: "node20",
  logLevel: "warning",
  metafile: true,
  write: false,
  // The SDK's own modules: of its CommonJS, each client is one file that nothing can be left out of.
  mainFields: ["module", "main"],
} as const satisfies BuildOptions;

/** CommonJS has these, and modules that were written for it use them. */
const commonJs = [
  'import { createRequire as requireOfThis } from "node:module";',
  'import { dirname as folderOfThis } from "node:path";',
  'import { fileURLToPath as pathOfThis } from "node:url";',
  "const require = requireOfThis(import.meta.url), __filename = pathOfThis(import.meta.url), __dirname = folderOfThis(__filename);",
].join("");

/**
 * A program in parts: what only `import()` reaches is in files that are loaded when they are asked for.
 *
 * @param root the kit's folder
 * @param entry path of the entry from there
 */
export function splitProgram(root: string, entry: string): Promise<Program> {
  return bundled(root, {
    entryPoints: { index: entry },
    format: "esm",
    splitting: true,
    chunkNames: "[name]-[hash]",
    outExtension: { ".js": ".mjs" },
    banner: { js: commonJs },
  });
}

/** A program that loads all that it has, as one file. */
export function wholeProgram(root: string, entry: string): Promise<Program> {
  return bundled(root, { entryPoints: { index: entry }, format: "cjs" });
}

async function bundled(root: string, options: Partial<BuildOptions>): Promise<Program> {
  const outdir = "out";
  const { outputFiles, metafile } = await build({
    ...options,
    ...common,
    plugins: [...common.plugins],
    absWorkingDir: root,
    outdir,
  });
  const start = `/${outdir}/`;
  return {
    files: new Map(
      outputFiles.map(({ path: file, contents }) => {
        const name = file.replaceAll("\\", "/");
        return [name.slice(name.lastIndexOf(start) + start.length), contents];
      }),
    ),
    sources: [
      ...Object.keys(metafile.inputs).filter((source) => !source.startsWith("required:")),
      ...makers(root),
    ],
  };
}
