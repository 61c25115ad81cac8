import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { formatProblem, type Landscape, parseLandscape } from "../../landscape";
import { onceInARun } from "./once-in-a-run";
import { repository } from "./repository";
import { stackTexts } from "./stack-texts";

export const exampleText = readFileSync(path.join(repository, "config", "landscape.yaml"), "utf8");

/** The example with some texts replaced; a text that isn't there is a mistake of the test. */
export function exampleWith(...replacements: readonly (readonly [string, string])[]): string {
  return replacements.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`the example does not contain ${from}`);
    return text.replace(from, () => to);
  }, exampleText);
}

export function landscapeOf(text: string): Landscape {
  const result = parseLandscape("landscape.yaml", text);
  if (result.ok) return result.value;
  throw new Error(result.problems.map(formatProblem).join("\n"));
}

export const exampleLandscape = (...replacements: readonly (readonly [string, string])[]): Landscape =>
  landscapeOf(exampleWith(...replacements));

/** The example with a door of every kind. */
export const allDoorsLandscape = (): Landscape => {
  const metadata = path.join(repository, "test", "fixtures", "identity-provider.xml");
  return exampleLandscape([
    "    - type: emergency-users",
    [
      `    - { type: saml, metadata: ${JSON.stringify(metadata)} }`,
      "    - type: iam-users",
      "      users: [{ name: carol }, { name: dave, tasks: [investigate] }]",
      "    - type: emergency-users",
    ].join("\n"),
  ]);
};

/** What Terraform reads of a stack. */
export interface StackJson {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Record<string, unknown>>>>>;
  readonly data?: Readonly<Record<string, Readonly<Record<string, Record<string, unknown>>>>>;
  readonly provider: { readonly aws: readonly Record<string, unknown>[] };
  readonly terraform: Readonly<Record<string, unknown>>;
  readonly output?: Readonly<Record<string, { readonly value: string }>>;
}

export interface Synthesized {
  /** Text of each stack's `cdk.tf.json`. */
  readonly texts: ReadonlyMap<string, string>;
  readonly stack: (name: string) => StackJson;
  readonly omitted: readonly { readonly name: string; readonly because: string }[];
}

export function synthesized(landscape: Landscape): Synthesized {
  const { omitted, texts: entries } = onceInARun(`synthesis ${JSON.stringify(landscape)}`, () =>
    synthesizedNow(landscape),
  );
  const texts = new Map(entries);
  return {
    texts,
    omitted,
    stack: (name) => {
      const text = texts.get(name);
      if (text === undefined) throw new Error(`no stack ${name} among ${[...texts.keys()].join(", ")}`);
      return JSON.parse(text) as StackJson;
    },
  };
}

function synthesizedNow(landscape: Landscape) {
  // What stacks are made of takes longest to load, and what is known needs it not.
  const { synthesize } = require("../../stacks/synthesize") as typeof import("../../stacks/synthesize");
  const directory = mkdtempSync(path.join(tmpdir(), "ir-kit-synth-"));
  try {
    const output = path.join(directory, "cdktf.out");
    const { omitted } = synthesize(landscape, { deployed: undefined, directory: output });
    return { omitted, texts: [...stackTexts(output)] };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Every resource of a type in a stack, by its logical id. */
export const resourcesOf = (stack: StackJson, type: string): Record<string, unknown>[] =>
  Object.values(stack.resource?.[type] ?? {});
