import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, DataResource, LocalBackend, TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";

type Json = Record<string, unknown>;
type ElementClass = new (scope: Construct, id: string, config: Json) => unknown;

interface StackJson {
  readonly resource?: Record<string, Record<string, Json>>;
  readonly data?: Record<string, Record<string, Json>>;
  readonly output?: Record<string, { value: string }>;
  readonly provider: { aws: Json[] };
}

/**
 * CDKTF as one writes it without further care: the same resources, by the generated classes, straight to `synth`.
 *
 * @param reference a synthesized directory whose resources are to be made
 * @returns what makes them, into the directory it is given
 */
export function plainCdktf(reference: string): (outdir: string) => void {
  const stacks = stackNames(reference).map((name) => ({ name, json: read(reference, name) }));
  const plans = stacks.map(({ name, json }) => ({
    name,
    provider: camelized(json.provider.aws[0]) as Json,
    elements: [...elements(json.resource, "resource"), ...elements(json.data, "data")],
    outputs: Object.entries(json.output ?? {}),
  }));
  return (outdir) => {
    const app = new App({ outdir });
    for (const { name, provider, elements: wanted, outputs } of plans) {
      const stack = new TerraformStack(app, name);
      new LocalBackend(stack, { path: `../../../state/${name}.tfstate` });
      new AwsProvider(stack, "aws", provider);
      for (const { Class, id, config } of wanted) new Class(stack, id, config);
      for (const [id, { value }] of outputs) new TerraformOutput(stack, id, { value });
    }
    app.synth();
  };
}

const stackNames = (directory: string) => readdirSync(path.join(directory, "stacks")).sort();

const read = (directory: string, name: string): StackJson =>
  JSON.parse(readFileSync(path.join(directory, "stacks", name, "cdk.tf.json"), "utf8")) as StackJson;

function elements(types: StackJson["resource"], kind: "resource" | "data") {
  return Object.entries(types ?? {}).flatMap(([type, resources]) => {
    const Class = classOf(type, kind);
    return Object.entries(resources).map(([id, { "//": _, depends_on: __, ...config }]) => ({
      Class,
      id,
      config: camelized(config) as Json,
    }));
  });
}

function classOf(type: string, kind: "resource" | "data"): ElementClass {
  // Terraform's own, of no provider.
  if (type === "terraform_data") return DataResource as unknown as ElementClass;
  const folder =
    kind === "data" ? `data-${type.replaceAll("_", "-")}` : type.replaceAll("_", "-").replace(/^aws-/, "");
  const module_ = require(`@cdktf/provider-aws/lib/${folder}`) as Record<string, { tfResourceType?: string }>;
  const found = Object.values(module_).find((exported) => exported.tfResourceType === type);
  if (!found) throw new Error(`no class for ${type}`);
  return found as unknown as ElementClass;
}

/** Keys of these are a user's own and not the provider's. */
const maps = new Set(["tags", "parameters", "input"]);

const camelCase = (key: string) =>
  key === "equals" ? "equalTo" : key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

function camelized(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelized);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [camelCase(key), maps.has(key) ? inner : camelized(inner)]),
  );
}

/** Overrides that plain classes can't express, and what only tells where a resource comes from. */
const beside = new Set(["//", "depends_on", "lifecycle", "region"]);

const comparable = ({ resource = {} }: StackJson): unknown =>
  Object.entries(resource).map(([type, resources]) => [
    type,
    Object.values(resources).map((configuration) =>
      Object.entries(configuration).filter(([key]) => !beside.has(key)),
    ),
  ]);

/** @throws when the two directories don't hold the same resources: then a comparison of times would mean nothing */
export function mustBeTheSame(reference: string, other: string): void {
  if (!isDeepStrictEqual(stackNames(reference), stackNames(other)))
    throw new Error("the baseline has other stacks");
  for (const name of stackNames(reference)) {
    if (!isDeepStrictEqual(comparable(read(reference, name)), comparable(read(other, name)))) {
      throw new Error(`the baseline's stack ${name} has other resources`);
    }
  }
}
