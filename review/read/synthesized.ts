import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { type Attributes, type Graph, type Resource, resourceId, unknown, type Value } from "../graph";
import { addTo } from "../lists";
import { UnreadableInput } from "../problem";
import { asPlanned, withoutEmpty } from "./attributes";
import { type Lookup, referencesIn, resolveText, valueAt } from "./expressions";
import { isObject, put, readJson } from "./json";
import { originOf } from "./origin";
import { placeOfConfiguration } from "./place";
import { policyDocumentOf } from "./policy-document";
import { shapeOf } from "./shapes";
import { stackFiles } from "./stack-files";

/** Source: "JSON Configuration Syntax" (Terraform language). */
const partsOfConfiguration = new Set([
  "//",
  "resource",
  "data",
  "provider",
  "terraform",
  "variable",
  "locals",
  "output",
  "module",
  "moved",
  "import",
  "check",
  "removed",
]);

/** What Terraform takes for itself of a resource, which the provider never sees. */
const metaArguments = new Set([
  "//",
  "provider",
  "lifecycle",
  "depends_on",
  "count",
  "for_each",
  "provisioner",
  "connection",
]);

/**
 * Reads what CDKTF has synthesized: a folder with `stacks/<name>/cdk.tf.json`, or one file of a single stack.
 *
 * @throws UnreadableInput
 */
export function readSynthesized(place: string): Graph {
  const files = stackFiles(place);
  const stacks = files.map(([name, file]) => readStack(name, file));
  return {
    source: "synthesized",
    isWhole: statSync(place).isDirectory(),
    resources: stacks.flatMap(({ resources }) => resources),
    digests: Object.fromEntries(stacks.map(({ name, digest }) => [name, digest])),
    places: Object.fromEntries(stacks.map(({ name, place }) => [name, place])),
  };
}

type Blocks = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;

function readStack(name: string, file: string) {
  const { value, bytes } = readJson(file);
  if (!isObject(value)) throw new UnreadableInput(`${file} holds no configuration of Terraform`);
  if ("format_version" in value) {
    throw new UnreadableInput(`${file} is a plan or a state: give it with --plan`);
  }
  const names = Object.keys(value);
  if (names.length > 0 && !names.some((each) => partsOfConfiguration.has(each))) {
    throw new UnreadableInput(
      "Resources" in value
        ? `${file} is a CloudFormation template: it is reviewed inside of the aws_cloudformation_stack that carries it`
        : `${file} holds no configuration of Terraform: none of ${[...partsOfConfiguration].join(", ")} stands in it`,
    );
  }
  const stack = new Stack(name, value);
  return {
    name,
    digest: createHash("sha256").update(bytes).digest("hex"),
    place: placeOfConfiguration(value.provider),
    resources: stack.resources(),
  };
}

class Stack {
  private readonly blocks: Blocks;
  private readonly locals: unknown;
  private readonly variables: unknown;
  private readonly data: unknown;
  /** Addresses of earlier, by those of now. Source: "Refactor modules: moved block syntax" (Terraform). */
  private readonly moved: ReadonlyMap<string, string>;
  private readonly resolved = new Map<string, Attributes>();
  private readonly underWay = new Set<string>();

  constructor(
    private readonly name: string,
    { resource, locals, variable, data, moved }: Readonly<Record<string, unknown>>,
  ) {
    this.blocks = (isObject(resource) ? resource : {}) as Blocks;
    this.locals = locals;
    this.variables = variable;
    this.data = data;
    this.moved = new Map(
      [moved].flat().flatMap((block) => (isObject(block) ? [[String(block.to), String(block.from)]] : [])),
    );
  }

  resources(): Resource[] {
    return Object.entries(this.blocks).flatMap(([type, byName]) =>
      Object.entries(byName).flatMap(([name, block]) =>
        this.isLeftOut(block) ? [] : this.resource(type, name, block),
      ),
    );
  }

  /** Of what is there no time at all, nothing stands. */
  private isLeftOut(block: Readonly<Record<string, unknown>>): boolean {
    const [count, each] = [this.resolve(block.count), this.resolve(block.for_each)];
    const isEmpty = (value: Value): boolean =>
      typeof value === "object" && value !== null && Object.keys(value).length === 0;
    return count === 0 || isEmpty(each);
  }

  private resource(type: string, name: string, block: Readonly<Record<string, unknown>>): Resource {
    const address = `${type}.${name}`;
    const references = new Map<string, string[]>();
    const movedFrom = this.moved.get(address);
    for (const [attribute, value] of Object.entries(block)) {
      if (!metaArguments.has(attribute)) this.collectReferences(value, attribute, references);
    }
    return {
      id: resourceId(this.name, address),
      configured: resourceId(this.name, address),
      stack: this.name,
      address,
      type,
      ...originOf(block),
      attributes: this.attributesOf(type, name),
      references,
      source: (attribute) => this.sourceOf(block[attribute]),
      ...(movedFrom !== undefined && { movedFrom: resourceId(this.name, movedFrom) }),
    };
  }

  /** A value as it is written, with the local values, variables and data sources that it names, and what those name. */
  private sourceOf(value: unknown): string {
    const texts = new Map([["", JSON.stringify(value) ?? ""]]);
    for (const text of texts.values()) {
      for (const [address] of text.matchAll(/\b(?:local|var)\.[\w-]+|\bdata\.\w+\.[\w-]+/g)) {
        if (!texts.has(address)) texts.set(address, JSON.stringify(this.definitionOf(address)) ?? "");
      }
    }
    return JSON.stringify([...texts]);
  }

  private definitionOf(address: string): unknown {
    const [kind = "", ...way] = address.split(".");
    const all: unknown = { local: this.locals, var: this.variables, data: this.data };
    return [kind, ...way].reduce<unknown>(
      (here, name) => (isObject(here) && Object.hasOwn(here, name) ? here[name] : undefined),
      all,
    );
  }

  private collectReferences(value: unknown, at: string, into: Map<string, string[]>): void {
    if (typeof value === "string") {
      const found = referencesIn(value).map((address) => resourceId(this.name, address));
      if (found.length > 0) addTo(into, at, ...found);
    } else if (Array.isArray(value)) {
      for (const item of value) this.collectReferences(item, at, into);
    } else if (isObject(value)) {
      for (const [name, item] of Object.entries(value)) this.collectReferences(item, `${at}.${name}`, into);
    }
  }

  private attributesOf(type: string, name: string): Attributes {
    const address = `${type}.${name}`;
    const known = this.resolved.get(address);
    if (known) return known;
    this.underWay.add(address);
    const block: Record<string, Value> = {};
    for (const [attribute, value] of Object.entries(this.blocks[type]?.[name] ?? {})) {
      if (!metaArguments.has(attribute)) put(block, attribute, this.resolve(value));
    }
    this.underWay.delete(address);
    const attributes = (withoutEmpty(asPlanned(block, shapeOf(type))) ?? {}) as Attributes;
    this.resolved.set(address, attributes);
    return attributes;
  }

  private resolve(value: unknown): Value {
    if (typeof value === "string") return resolveText(value, this.lookup);
    if (Array.isArray(value)) return value.map((item) => this.resolve(item));
    if (!isObject(value)) return value as Value;
    const result: Record<string, Value> = {};
    for (const [name, item] of Object.entries(value)) put(result, name, this.resolve(item));
    return result;
  }

  private local(name: string, way: readonly string[]): Value {
    const address = `local.${name}`;
    if (this.underWay.has(address)) return unknown;
    this.underWay.add(address);
    const value = this.resolve(valueAt(this.locals as Value, [name]));
    this.underWay.delete(address);
    return valueAt(value, way);
  }

  /** A policy document that a data source would make; of other data sources, AWS knows what they say. */
  private policyDocument(name: string, [attribute, ...more]: readonly string[]): Value {
    const address = `data.aws_iam_policy_document.${name}`;
    const block = valueAt(this.data as Value, ["aws_iam_policy_document", name]);
    if (!isObject(block) || "count" in block || "for_each" in block || this.underWay.has(address))
      return unknown;
    if (attribute !== "json" || more.length > 0) return unknown;
    this.underWay.add(address);
    const document = policyDocumentOf(this.resolve(block) as Attributes);
    this.underWay.delete(address);
    return document ?? unknown;
  }

  private readonly lookup: Lookup = ({ address, path: way }) => {
    const [kind = "", name = "", third = ""] = address.split(".");
    if (kind === "data" && name === "aws_iam_policy_document") return this.policyDocument(third, way);
    if (kind === "local") return this.local(name, way);
    if (kind === "var") return valueAt(this.variables as Value, [name, "default", ...way]);
    const block = Object.hasOwn(this.blocks, kind) ? this.blocks[kind] : undefined;
    // Two resources that refer to each other are refused by Terraform; here neither is known.
    if (block === undefined || !Object.hasOwn(block, name) || this.underWay.has(address)) return unknown;
    return valueAt(this.attributesOf(kind, name), way);
  };
}
