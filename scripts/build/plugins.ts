import { readFileSync, statSync } from "node:fs";
import standaloneCode from "ajv/dist/standalone";
import type { Plugin } from "esbuild";
import { LandscapeSchema } from "../../landscape/schema";
import { landscapeAjv } from "../../landscape/validator";

/** V8 parses a text of JSON in a fraction of the time that it takes to compile an object literal. */
export const jsonAsText: Plugin = {
  name: "json-as-text",
  setup({ onLoad }) {
    onLoad({ filter: /\.json$/ }, ({ path: file }) => {
      if (statSync(file).size < 10_000) return undefined;
      const text = JSON.stringify(JSON.parse(readFileSync(file, "utf8")));
      return { contents: `module.exports = JSON.parse(${JSON.stringify(text)});`, loader: "js" };
    });
  },
};

/** The landscape's schema compiled ahead of time: it would take longer than all else that `validate` does. */
export const compiledSchema: Plugin = {
  name: "compiled-schema",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]landscape[\\/]validator\.ts$/ }, () => {
      const ajv = landscapeAjv();
      const code = standaloneCode(ajv, ajv.compile(LandscapeSchema));
      return {
        contents: `${code}\nmodule.exports.landscapeValidator = () => module.exports.default;`,
        loader: "js",
      };
    });
  },
};

/**
 * What stays outside is required in the place of imported: Node reads CommonJS faster so, with all its names, and
 * folders have an index.
 */
export const required = (packages: readonly string[]): Plugin => ({
  name: "required",
  setup({ onResolve, onLoad }) {
    const isOutside = (name: string) => packages.some((each) => name === each || name.startsWith(`${each}/`));
    onResolve({ filter: /^[@a-z]/ }, ({ path: name, namespace, kind }) => {
      if (!isOutside(name)) return undefined;
      if (namespace === "required" || kind === "require-call") return { path: name, external: true };
      return { path: name, namespace: "required" };
    });
    onLoad({ filter: /.*/, namespace: "required" }, ({ path: name }) => ({
      contents: `module.exports = require(${JSON.stringify(name)});`,
      loader: "js",
    }));
  },
});

const schemaFiles = /[\\/]@aws-sdk[\\/]client-[^\\/]+[\\/]dist-es[\\/]schemas[\\/]schemas_\d+\.js$/;
const schema = /^((?:export )?(?:var|const) [\w$]+ = )(\[[^\n]*\]|\[[\s\S]*?\n\]);$/gm;

/**
 * Of a client of the SDK only the shapes of those calls that are made. Each shape is a list that has no effect; its
 * computed keys keep a bundler from seeing that, and EC2 has 3,000 of them, which take longer to load than all else.
 */
export const pureSchemas: Plugin = {
  name: "pure-schemas",
  setup({ onLoad }) {
    onLoad({ filter: schemaFiles }, ({ path: file }) => ({
      contents: readFileSync(file, "utf8").replaceAll(schema, "$1/* @__PURE__ */ (() => $2)();"),
      loader: "js",
    }));
  },
};
