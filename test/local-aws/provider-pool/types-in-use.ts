import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { text } from "node:stream/consumers";
import { openPromise } from "yauzl";

/** All types: where it can't be told which are in use. */
export const everyType = "every type";

export type Types = ReadonlySet<string> | typeof everyType;

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
/**
 * Blocks in which no type stands that is in none of the others: what is imported needs a configuration, unless Terraform
 * is to write one.
 */
const plainBlocks = [
  "//",
  "terraform",
  "provider",
  "locals",
  "output",
  "variable",
  "moved",
  "removed",
  "import",
];

function typesOfModule(directory: string): readonly string[] | typeof everyType {
  const names = configurationFiles(directory);
  // Terraform's own language, which only Terraform reads; a plan that is shown where no configuration is.
  if (names.length === 0 || names.some((name) => !name.endsWith(".json"))) return everyType;
  const types: string[] = [];
  let backend: NonNullable<Configuration["terraform"]>["backend"];
  for (const name of names) {
    const configuration = readJson<Configuration>(path.join(directory, name));
    const found = typesOfConfiguration(configuration);
    if (found === everyType) return everyType;
    types.push(...found);
    backend ??= configuration?.terraform?.backend;
  }
  const inState = typesOfState(directory, backend);
  return inState === everyType ? everyType : [...types, ...inState];
}

function typesOfConfiguration(
  configuration: Configuration | undefined,
): readonly string[] | typeof everyType {
  if (!configuration) return everyType;
  const types: string[] = [];
  for (const [block, content] of Object.entries(configuration)) {
    if (plainBlocks.includes(block)) continue;
    if (!typedBlocks.includes(block) || !isObject(content)) return everyType;
    types.push(...Object.keys(content));
  }
  return types;
}

/**
 * As {@link typesInUse}, of a plan that was kept: of the configuration and the states that lie in it, whatever has become
 * of them since.
 *
 * @param file a plan of Terraform, which is a zip file
 */
export async function typesInPlan(file: string): Promise<Types> {
  const types = new Set<string>();
  try {
    for (const [name, text] of await textsOf(file)) {
      const found = typesOfPart(name, text);
      if (found === everyType) return everyType;
      for (const type of found) types.add(type);
    }
    return types;
  } catch {
    return everyType;
  }
}

/** A part of a plan: of a module's configuration, of a state, or neither. */
function typesOfPart(name: string, text: string): readonly string[] | typeof everyType {
  if (name === "tfstate" || name === "tfstate-prev") return typesOfResources(JSON.parse(text) as State);
  if (!/^tfconfig\/m-/.test(name)) return [];
  return name.endsWith(".tf.json") ? typesOfConfiguration(JSON.parse(text) as Configuration) : everyType;
}

async function textsOf(file: string): Promise<[string, string][]> {
  const zip = await openPromise(file, { autoClose: false, lazyEntries: true });
  try {
    const texts: [string, string][] = [];
    for await (const entry of zip.eachEntry())
      texts.push([entry.fileName, await text(await zip.openReadStreamPromise(entry))]);
    return texts;
  } finally {
    zip.close();
  }
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
  return typesOfResources(readJson<State>(state));
}

const typesOfResources = ({ resources }: State = {}): readonly string[] | typeof everyType =>
  resources ? resources.flatMap(({ type }) => (type === undefined ? [] : [type])) : everyType;

/** Names of the files of a module's configuration; none where the folder can't be read. */
export function configurationFiles(directory: string): string[] {
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
