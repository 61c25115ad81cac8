import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** All types: where it can't be told which are in use. */
export const everyType = "every type";

/**
 * The resource types, data sources and ephemeral resources that Terraform may ask for in some directories: those of the
 * configuration and those of the state.
 *
 * @param directories of root modules; one without a configuration counts for nothing
 */
export function typesInUse(directories: readonly string[]): ReadonlySet<string> | typeof everyType {
  const types = new Set<string>();
  for (const directory of directories) {
    const found = typesOfModule(directory);
    if (found === everyType) return everyType;
    for (const type of found) types.add(type);
  }
  return types;
}

interface Configuration {
  readonly resource?: Readonly<Record<string, unknown>>;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly ephemeral?: Readonly<Record<string, unknown>>;
  readonly module?: unknown;
  readonly terraform?: { readonly backend?: Readonly<Record<string, { readonly path?: string }>> };
}

interface State {
  readonly resources?: readonly { readonly type?: string }[];
}

function typesOfModule(directory: string): readonly string[] | typeof everyType {
  const names = configurationFiles(directory);
  // Terraform's own language, which only Terraform reads.
  if (names.some((name) => !name.endsWith(".json"))) return everyType;
  const types: string[] = [];
  for (const name of names) {
    const configuration = readJson<Configuration>(path.join(directory, name));
    if (!configuration || configuration.module !== undefined) return everyType;
    const { resource, data, ephemeral, terraform } = configuration;
    for (const blocks of [resource, data, ephemeral]) types.push(...Object.keys(blocks ?? {}));
    const state = stateFile(directory, terraform?.backend);
    if (state === undefined) return everyType;
    if (!existsSync(state)) continue;
    const { resources } = readJson<State>(state) ?? {};
    if (!resources) return everyType;
    types.push(...resources.flatMap(({ type }) => (type === undefined ? [] : [type])));
  }
  return types;
}

function configurationFiles(directory: string): string[] {
  try {
    return readdirSync(directory).filter((name) => /\.(tf|tofu)(\.json)?$/.test(name));
  } catch {
    return [];
  }
}

/** Where the state lies; nothing where it isn't on this machine's disk. */
function stateFile(
  directory: string,
  backend: NonNullable<Configuration["terraform"]>["backend"],
): string | undefined {
  const [kind, ...more] = Object.keys(backend ?? {});
  if (kind === undefined) return path.join(directory, "terraform.tfstate");
  if (kind !== "local" || more.length > 0) return undefined;
  return path.resolve(directory, backend?.local?.path ?? "terraform.tfstate");
}

/** Nothing where the file can't be read, or is not yet whole. */
function readJson<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as T;
  } catch {
    return undefined;
  }
}
