import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { repository } from "../support/repository";

/** Writes down which packages the command line asks for, by their names. */
const trace = `
const { Module, isBuiltin } = require("node:module");
const load = Module._load;
const seen = new Set();
Module._load = function (request, parent, ...rest) {
  if (parent && parent.filename && parent.filename.endsWith("cli-index-ts.js") && !isBuiltin(request)) {
    seen.add(request.split("/").slice(0, request.startsWith("@") ? 2 : 1).join("/"));
  }
  return load.call(this, request, parent, ...rest);
};
process.on("exit", () => require("node:fs").writeFileSync(process.env.TRACE_FILE, JSON.stringify([...seen].sort())));
`;

describe("packages that a command loads", () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), "ir-kit-loaded-"));
    writeFileSync(path.join(folder, "trace.cjs"), trace);
    const stack = path.join(folder, "out", "stacks", "one");
    mkdirSync(stack, { recursive: true });
    writeFileSync(
      path.join(stack, "cdk.tf.json"),
      JSON.stringify({ resource: { aws_s3_bucket: { a: {} } } }),
    );
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function loaded(args: readonly string[]): string[] {
    const file = path.join(folder, "loaded.json");
    const { stderr, status } = spawnSync(
      process.execPath,
      ["--require", path.join(folder, "trace.cjs"), path.join("bin", "run.js"), "cli/index.ts", ...args],
      { cwd: repository, encoding: "utf8", env: { ...process.env, TRACE_FILE: file } },
    );
    if (status === 2) throw new Error(stderr);
    return JSON.parse(readFileSync(file, "utf8")) as string[];
  }

  const reading = ["commander", "fastest-levenshtein", "picocolors"];
  const landscape = ["@sinclair/typebox", "ajv", "ajv-formats", "ipaddr.js", "yaml"];

  it.each<[readonly string[], readonly string[]]>([
    [["--help"], ["commander"]],
    [["--version"], ["commander"]],
    [
      ["help", "review"],
      ["commander", "fastest-levenshtein", "picocolors"],
    ],
    [
      ["validate", "config/landscape.yaml"],
      [...reading, ...landscape],
    ],
  ])("%j", (args, packages) => {
    expect(loaded(args)).toEqual([...packages].sort());
  });

  // What compiles rules is loaded by the first review after a change of them.
  it("review: neither YAML nor schemas are compiled, and nothing speaks with AWS", () => {
    const review = ["review", path.join(folder, "out"), "--fail-on", "none"];
    loaded(review);
    expect(loaded(review)).toEqual(reading);
  });
});
