import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";

/** All types: where it can't be told which are in use. */
export const everyType = "every type";

type Types = ReadonlySet<string> | typeof everyType;

/**
 * The resource types, data sources and ephemeral resources that Terraform may ask for in some directories: those of the
 * configuration and those of the state. Only what is written as CDKTF writes it is understood; of all else, every type.
 *
 * @param directories of root modules
 */
export function typesInUse(directories: readonly string[]): Types {
  const types = new Set<string>();
  for (const directory of directories) {
    const found = typesOfModule(directory);
    if (found === everyType) return everyType;
    for (const type of found) types.add(type);
  }
  return types;
}

interface Configuration {
  readonly terraform?: { readonly backend?: Readonly<Record<string, { readonly path?: string }>> };
  readonly [block: string]: unknown;
}

interface State {
  readonly resources?: readonly { readonly type?: string }[];
}

const typedBlocks = ["resource", "data", "ephemeral"];
/** Blocks in which no type stands that is in none of the others. */
const plainBlocks = ["//", "terraform", "provider", "locals", "output", "variable", "moved", "removed"];

function typesOfModule(directory: string): readonly string[] | typeof everyType {
  const names = configurationFiles(directory);
  // Terraform's own language, which only Terraform reads; a plan that is shown where no configuration is.
  if (names.length === 0 || names.some((name) => !name.endsWith(".json"))) return everyType;
  const types: string[] = [];
  let backend: NonNullable<Configuration["terraform"]>["backend"];
  for (const name of names) {
    const configuration = readJson<Configuration>(path.join(directory, name));
    if (!configuration) return everyType;
    for (const [block, content] of Object.entries(configuration)) {
      if (plainBlocks.includes(block)) continue;
      if (!typedBlocks.includes(block) || !isObject(content)) return everyType;
      types.push(...Object.keys(content));
    }
    backend ??= configuration.terraform?.backend;
  }
  const inState = typesOfState(directory, backend);
  return inState === everyType ? everyType : [...types, ...inState];
}

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function typesOfState(
  directory: string,
  backend: NonNullable<Configuration["terraform"]>["backend"],
): readonly string[] | typeof everyType {
  const state = stateFile(directory, backend);
  if (state === undefined) return everyType;
  // Terraform makes an empty file to lock a state that is yet to come.
  if (!existsSync(state) || statSync(state).size === 0) return [];
  const { resources } = readJson<State>(state) ?? {};
  if (!resources) return everyType;
  return resources.flatMap(({ type }) => (type === undefined ? [] : [type]));
}

function configurationFiles(directory: string): string[] {
  try {
    return readdirSync(directory).filter((name) => /\.(tf|tofu)(\.json)?$/.test(name));
  } catch {
    return [];
  }
}

/** Where the state lies; nothing where it isn't on this machine's disk, or elsewhere than the configuration says. */
function stateFile(
  directory: string,
  backend: NonNullable<Configuration["terraform"]>["backend"],
): string | undefined {
  const [kind, ...more] = Object.keys(backend ?? {});
  if (more.length > 0 || (kind !== undefined && kind !== "local")) return undefined;
  const named = kind === undefined ? undefined : backend?.local?.path;
  const data = path.join(directory, ".terraform");
  // Another workspace has another state.
  if (existsSync(path.join(data, "environment"))) return undefined;
  const initialized = path.join(data, "terraform.tfstate");
  if (existsSync(initialized)) {
    const used = readJson<{ backend?: { config?: { path?: string | null } } }>(initialized);
    if ((used?.backend?.config?.path ?? undefined) !== named) return undefined;
  }
  return path.resolve(directory, named ?? "terraform.tfstate");
}

/** Nothing where the file can't be read, or is not yet whole. */
function readJson<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as T;
  } catch {
    return undefined;
  }
}
