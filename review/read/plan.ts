import { createHash } from "node:crypto";
import path from "node:path";
import {
  type Attributes,
  type Graph,
  leftToAws,
  type Resource,
  resourceId,
  sensitive,
  unknown,
  type Value,
} from "../graph";
import { UnreadableInput } from "../problem";
import { withoutEmpty } from "./attributes";
import { isObject, put, readJson } from "./json";
import { placeOfPlan } from "./place";
import { type Configured, configuredReferences } from "./plan-references";
import { shapeOf } from "./shapes";

/** What of `terraform show -json` is read. Source: "JSON Output Format" (Terraform internals). */
interface PlannedResource {
  readonly address: string;
  readonly mode: string;
  readonly type: string;
  readonly values?: unknown;
  readonly sensitive_values?: unknown;
}

interface Module {
  readonly resources?: readonly PlannedResource[];
  readonly child_modules?: readonly Module[];
}

interface Change {
  readonly address: string;
  readonly mode: string;
  readonly type: string;
  readonly deposed?: string;
  readonly previous_address?: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly after?: unknown;
    readonly after_unknown?: unknown;
    readonly after_sensitive?: unknown;
  };
}

/**
 * Reads `terraform show -json` of a plan or of a state: what would stand once the plan has been applied, or stands.
 *
 * @throws UnreadableInput
 */
export function readPlan(file: string): Graph {
  const { value, bytes } = readJson(file);
  if (!isObject(value)) throw new UnreadableInput(`${file} holds no plan`);
  checkFormat(file, value);
  const stack = path.basename(file).replace(/(\.tfplan|\.plan)?\.json$/, "");
  const isPlan = Array.isArray(value.resource_changes) || isObject(value.planned_values);
  return {
    source: isPlan ? "plan" : "state",
    resources: isPlan ? ofPlan(value, stack) : ofState(value, stack),
    digests: { [stack]: createHash("sha256").update(bytes).digest("hex") },
    places: { [stack]: placeOfPlan(value.configuration) },
  };
}

function checkFormat(file: string, { format_version: version, ...rest }: Record<string, unknown>): void {
  if (typeof version !== "string") {
    const hint =
      "terraform_version" in rest && "lineage" in rest
        ? "it is a state as Terraform stores it: give what `terraform show -json` prints of it"
        : "resource" in rest
          ? "it is a configuration: give it without --plan"
          : "give what `terraform show -json <plan>` prints";
    throw new UnreadableInput(`${file} has no format_version; ${hint}`);
  }
  const [major] = version.split(".");
  if (major !== "1" && major !== "0") {
    throw new UnreadableInput(
      `${file} is of format version ${JSON.stringify(version)}; what is read is versions 0.x and 1.x, of Terraform since 0.12 and OpenTofu`,
    );
  }
}

/** Actions after which a resource is not there, or not Terraform's any more. */
const gone = new Set(["delete", "forget"]);

/** Destroyed first or created first, or left to whoever forgets it. */
const replaces = (actions: readonly string[]): boolean =>
  actions.includes("create") && actions.some((action) => gone.has(action));

function ofPlan(value: Record<string, unknown>, stack: string): Resource[] {
  const references = configuredReferences(value.configuration);
  const changes = Array.isArray(value.resource_changes) ? (value.resource_changes as Change[]) : [];
  return changes
    .filter(
      ({ mode, deposed, change }) =>
        mode === "managed" && deposed === undefined && !change.actions.every((action) => gone.has(action)),
    )
    .map(({ address, previous_address: previous, type, change }) => ({
      ...resource(
        stack,
        address,
        type,
        masked(change.after, change.after_unknown, change.after_sensitive),
        references,
      ),
      ...(replaces(change.actions) && { isReplaced: true }),
      ...(previous !== undefined && { movedFrom: resourceId(stack, previous) }),
    }));
}

function ofState({ values }: Record<string, unknown>, stack: string): Resource[] {
  const inModule = (module: unknown): PlannedResource[] => {
    const { resources = [], child_modules = [] } = (isObject(module) ? module : {}) as Module;
    return [...resources, ...child_modules.flatMap(inModule)];
  };
  return inModule(isObject(values) ? values.root_module : undefined)
    .filter(({ mode }) => mode === "managed")
    .map(({ address, type, values: found, sensitive_values }) =>
      resource(stack, address, type, masked(found, undefined, sensitive_values), new Map()),
    );
}

/** Keys of `count` and `for_each`: a number, or a text that may hold brackets itself. */
const instanceKeys = /\[(\d+|"(?:[^"\\]|\\.)*")\]/g;

function resource(
  stack: string,
  address: string,
  type: string,
  attributes: Value | undefined,
  configuration: ReadonlyMap<string, Configured>,
): Resource {
  const configured = address.replace(instanceKeys, "");
  const own = configuration.get(configured);
  return {
    id: resourceId(stack, address),
    configured: resourceId(stack, configured),
    stack,
    address,
    type,
    construct: undefined,
    attributes: withLeftToAws(type, (withoutEmpty(attributes) ?? {}) as Attributes, own),
    ...(own && { source: (name: string) => JSON.stringify(own.expressions[name]) }),
    references: new Map(
      [...(own?.references ?? [])].map(([at, found]) => [at, found.map((to) => resourceId(stack, to))]),
    ),
  };
}

/**
 * Tells what an expression leaves unknown from what no expression sets, in blocks too. A block that no expression sets
 * may be one that AWS would set, or a dynamic one, of which a plan's configuration says nothing.
 */
function withLeftToAws(type: string, attributes: Attributes, configured: Configured | undefined): Attributes {
  if (!configured) return attributes;
  const { blocks = {} } = shapeOf(type);
  const result: Record<string, Value> = {};
  for (const [name, value] of Object.entries(attributes)) {
    const isSet = value !== unknown || configured.attributes.has(name);
    const isBlock = Object.hasOwn(blocks, name) && configured.attributes.has(name);
    put(result, name, !isSet ? leftToAws : isBlock ? blockWithLeftToAws(value, name, configured) : value);
  }
  return result;
}

function blockWithLeftToAws(value: Value, at: string, configured: Configured): Value {
  if (Array.isArray(value)) return value.map((item) => blockWithLeftToAws(item, at, configured));
  if (!isObject(value)) return value;
  const result: Record<string, Value> = {};
  for (const [name, inner] of Object.entries(value as Attributes)) {
    const here = `${at}.${name}`;
    const isSet = inner !== unknown || configured.attributes.has(here);
    put(result, name, isSet ? blockWithLeftToAws(inner, here, configured) : leftToAws);
  }
  return result;
}

/** Values with the unknown and the sensitive in their places; `true` stands for everything below it. */
function masked(value: unknown, unknowns: unknown, secrets: unknown): Value | undefined {
  if (secrets === true) return sensitive;
  if (unknowns === true) return unknown;
  if (Array.isArray(value) || Array.isArray(unknowns)) {
    const items = Array.isArray(value) ? value : [];
    const length = Math.max(items.length, Array.isArray(unknowns) ? unknowns.length : 0);
    return Array.from(
      { length },
      (_, at) => masked(items[at], below(unknowns, at), below(secrets, at)) ?? null,
    );
  }
  if (!isObject(value) && !isObject(unknowns)) return value as Value | undefined;
  const result: Record<string, Value> = {};
  const names = [
    ...Object.keys(isObject(value) ? value : {}),
    ...Object.keys(isObject(unknowns) ? unknowns : {}),
  ];
  for (const name of new Set(names)) {
    const item = masked(below(value, name), below(unknowns, name), below(secrets, name));
    if (item !== undefined) put(result, name, item);
  }
  return result;
}

function below(value: unknown, key: string | number): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.hasOwn(value, key) ? (value as Record<string | number, unknown>)[key] : undefined;
}
