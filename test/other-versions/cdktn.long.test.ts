import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { installed } from "./npm-install";
import { synthesizedStacks } from "./synthesized-stacks";

const version = "0.24.0";

/** Resolves CDKTF to its fork, for the kit and for the generated constructs of the provider alike. */
const preload = (fork: string) => `
  const Module = require("node:module");
  const path = require("node:path");
  const resolve = Module._resolveFilename;
  Module._resolveFilename = function (request, ...rest) {
    const here = /^cdktf(\\/|$)/.test(request) ? path.join(${JSON.stringify(fork)}, request.slice(5)) : request;
    return resolve.call(this, here, ...rest);
  };
`;

describe(`cdktn ${version}, the fork of CDKTF`, () => {
  let folder: string;

  beforeAll(() => {
    folder = installed(`cdktn@${version}`);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it("synthesizes the same stacks", () => {
    const hook = path.join(folder, "resolve-fork.js");
    writeFileSync(hook, preload(path.join(folder, "node_modules", "cdktn")));
    const forked = synthesizedStacks(process.execPath, ["--require", hook]);
    const own = synthesizedStacks(process.execPath);
    for (const stack of Object.values(forked)) expect(metadataOf(stack).version).toBe(version);
    expect(withoutVersion(forked)).toEqual(withoutVersion(own));
    expect(Object.keys(own).length).toBeGreaterThan(20);
  });
});

interface Metadata {
  readonly version: string;
}

const metadataOf = (stack: unknown): Metadata =>
  (stack as { readonly "//": { readonly metadata: Metadata } })["//"].metadata;

const withoutVersion = (stacks: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(
    Object.entries(stacks).map(([name, stack]) => {
      const { version: _, ...metadata } = metadataOf(stack);
      return [name, { ...(stack as object), "//": { metadata } }];
    }),
  );
