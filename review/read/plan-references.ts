import { isObject } from "./json";

interface ConfiguredResource {
  readonly address: string;
  readonly expressions?: unknown;
}

interface ConfiguredModule {
  readonly resources?: readonly ConfiguredResource[];
  readonly outputs?: Readonly<Record<string, { readonly expression?: unknown }>>;
  readonly module_calls?: Readonly<Record<string, ModuleCall>>;
}

interface ModuleCall {
  readonly expressions?: Readonly<Record<string, unknown>>;
  readonly module?: ConfiguredModule;
}

/** A module as it is called: with the one that calls it, whose values its variables have. */
interface Called {
  readonly module: ConfiguredModule;
  /** `module.network.`, nothing for the root. */
  readonly prefix: string;
  readonly caller?: { readonly called: Called; readonly call: ModuleCall };
}

/** What a configuration says of one resource. */
export interface Configured {
  /** Names of what it sets, blocks included and what is set in them: joined by dots. */
  readonly attributes: ReadonlySet<string>;
  readonly references: ReadonlyMap<string, readonly string[]>;
  readonly expressions: Readonly<Record<string, unknown>>;
}

/**
 * What the expressions of each resource refer to, by the resource's address without keys and by names of attributes
 * joined by dots; through variables and outputs of modules, to the resources themselves.
 *
 * @param configuration the part of that name of a plan
 */
export function configuredReferences(configuration: unknown): ReadonlyMap<string, Configured> {
  const root = (isObject(configuration) ? configuration.root_module : undefined) as
    | ConfiguredModule
    | undefined;
  const result = new Map<string, Configured>();
  if (root) collect({ module: root, prefix: "" }, result);
  return result;
}

function collect(called: Called, into: Map<string, Configured>): void {
  const { module, prefix } = called;
  for (const { address, expressions } of module.resources ?? []) {
    const found = new Map<string, string[]>();
    walk(expressions, "", (at, references) => {
      const resolved = references.flatMap((reference) => resolve(reference, called));
      if (resolved.length > 0) found.set(at, [...new Set([...(found.get(at) ?? []), ...resolved])]);
    });
    into.set(`${prefix}${address}`, {
      attributes: new Set(namesIn(expressions, "")),
      references: found,
      expressions: isObject(expressions) ? expressions : {},
    });
  }
  for (const [name, call] of Object.entries(module.module_calls ?? {})) {
    if (!call.module) continue;
    collect({ module: call.module, prefix: `${prefix}module.${name}.`, caller: { called, call } }, into);
  }
}

/** An expression is an object with one of two names, a block is an object of expressions. */
function namesIn(value: unknown, at: string): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => namesIn(item, at));
  if (!isObject(value) || "references" in value || "constant_value" in value) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const here = at ? `${at}.${name}` : name;
    return [here, ...namesIn(inner, here)];
  });
}

function walk(value: unknown, at: string, found: (at: string, references: string[]) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, at, found);
  } else if (isObject(value)) {
    if (Array.isArray(value.references)) found(at, value.references as string[]);
    for (const [name, item] of Object.entries(value)) {
      if (name !== "references" && name !== "constant_value") walk(item, at ? `${at}.${name}` : name, found);
    }
  }
}

const ofResource = /^(?:data\.)?[a-z][a-z0-9]*_[a-z0-9_]+\.[A-Za-z_][\w-]*/;

function resolve(reference: string, { module, prefix, caller }: Called): string[] {
  const parts = reference.replace(/\[[^\]]*\]/g, "").split(".");
  if (parts[0] === "var" && caller) {
    const expression = caller.call.expressions?.[parts[1] ?? ""];
    return referencesOf(expression).flatMap((outer) => resolve(outer, caller.called));
  }
  if (parts[0] === "module") {
    const [, name = "", output = ""] = parts;
    const call = module.module_calls?.[name];
    if (!call?.module || !output) return [];
    const inner: Called = {
      module: call.module,
      prefix: `${prefix}module.${name}.`,
      caller: { called: { module, prefix, ...(caller && { caller }) }, call },
    };
    return referencesOf(call.module.outputs?.[output]?.expression).flatMap((deeper) =>
      resolve(deeper, inner),
    );
  }
  const [address] = ofResource.exec(parts.join(".")) ?? [];
  return address ? [`${prefix}${address}`] : [];
}

const referencesOf = (expression: unknown): string[] =>
  isObject(expression) && Array.isArray(expression.references) ? (expression.references as string[]) : [];
