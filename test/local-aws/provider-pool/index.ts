import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { AssetFolder, modulesBelow } from "./asset-folder";
import { ConfiguredProviders } from "./configured-providers";
import { KeptSchemas } from "./kept-schemas";
import { Lanes } from "./lanes";
import { PoolServer } from "./pool-server";
import { ProviderFailure, type ProviderProcess, startProvider } from "./provider-process";
import { SchemaAnswers } from "./schema-answers";
import { SharedProvider } from "./shared-provider";
import { runsThatUse, type TerraformRun } from "./terraform-runs";
import { everyType, type Types, typesInPlan, typesInUse } from "./types-in-use";

export { ProviderFailure } from "./provider-process";

/**
 * Providers that run on, so that Terraform needs not start one for each command, and answers for schemas that hold only
 * what is in use.
 */
export interface ProviderPool {
  /** Variables that lead Terraform, OpenTofu and cdktf to the pool. */
  readonly environment: Readonly<Record<string, string>>;
  readonly counts: () => PoolCounts;
  /** Ends every provider, and what Terraform is doing with them. */
  readonly stop: () => Promise<void>;
}

export interface PoolCounts {
  /** Providers that were started since the pool stands. */
  readonly started: number;
  /** Processes of the providers that run now. */
  readonly processIds: readonly number[];
  /** The most that ran at once and held a configuration. */
  readonly mostAtOnce: number;
}

export interface PoolOptions {
  /** Path of the provider's program. */
  readonly program: string;
  /** Variables of the providers: they read endpoint, proxy and keys there, not from Terraform. */
  readonly environment: NodeJS.ProcessEnv;
  /** How many providers may hold a configuration at once. */
  readonly lanes: number;
  /** Folders of stacks, whose assets are linked where this machine doesn't show which Terraform asks. */
  readonly stackFolders: readonly string[];
}

/** A socket's path has room for 108 bytes on Linux and 104 on macOS, one of them an end mark. */
const longestSocketPath = 103;

/** Both versions of the AWS provider that the kit works with, 5 and 6, speak this version of Terraform's protocol. */
const protocolVersion = 5;

/** The names under which Terraform and OpenTofu know the AWS provider. */
const providerNames = ["registry.terraform.io/hashicorp/aws", "registry.opentofu.org/hashicorp/aws"];

/**
 * Starts a pool. Providers are started when they are first wanted.
 *
 * @throws ProviderFailure where no folder for temporary files has a path that is short enough for a socket
 */
export async function startProviderPool(options: PoolOptions): Promise<ProviderPool> {
  const folder = shortFolder();
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  process.once("exit", removeFolder);
  const socket = path.join(folder, "pool");
  const assets = new AssetFolder(path.join(folder, "work"));
  const environment = environmentOfProviders(options.environment, folder);
  const counts = { started: 0, mostAtOnce: 0 };
  const start = async (): Promise<ProviderProcess> => {
    counts.started += 1;
    return startProvider({
      program: options.program,
      environment,
      directory: assets.directory,
      protocolVersion,
    });
  };
  const lanes = new Lanes(options.lanes, start);
  const unconfigured = new SharedProvider(start);
  const schemas = new SchemaAnswers(() => typesWanted(runsThatUse(socket)), new KeptSchemas(options.program));
  const take = async () => {
    const runs = runsThatUse(socket);
    if (runs) refuseOtherKeys(runs, environment);
    assets.link(runs?.flatMap(({ directories }) => directories) ?? modulesBelow(options.stackFolders));
    const lane = await lanes.take();
    counts.mostAtOnce = Math.max(counts.mostAtOnce, lanes.providers.length);
    return lane;
  };
  const server = new PoolServer({ schemas, unconfigured, configured: new ConfiguredProviders({ take }) });
  await server.listen(socket);
  return {
    environment: { TF_REATTACH_PROVIDERS: reattachment(socket) },
    counts: () => ({
      ...counts,
      processIds: [...unconfigured.running(), ...lanes.providers].map(({ processId }) => processId),
    }),
    stop: async () => {
      await server.stop();
      await Promise.all([lanes.stop(), unconfigured.stop()]);
      process.off("exit", removeFolder);
      removeFolder();
    },
  };
}

/** A new folder that only this user can look into. */
function shortFolder(): string {
  for (const parent of new Set([tmpdir(), "/tmp"])) {
    // The provider's own socket has the longest name: "plugin" and a number.
    const longest = path.join(parent, "ir-kit-XXXXXX", "plugin0123456789");
    if (Buffer.byteLength(longest) <= longestSocketPath) return mkdtempSync(path.join(parent, "ir-kit-"));
  }
  throw new ProviderFailure(
    `${tmpdir()} is too long for a socket (${longestSocketPath} bytes at most); set TMPDIR to a shorter folder`,
  );
}

/**
 * @param own folder in which providers make their sockets
 * @returns variables without those that would make a provider configure itself only once
 */
function environmentOfProviders(environment: NodeJS.ProcessEnv, own: string): NodeJS.ProcessEnv {
  // A second configuration in one process fails with a bundle of certificates: "unable to add custom RootCAs".
  const { AWS_CA_BUNDLE: _, TF_REATTACH_PROVIDERS: __, ...rest } = environment;
  return { ...rest, TMPDIR: own };
}

const reattachment = (socket: string): string => {
  const address = {
    Protocol: "grpc",
    ProtocolVersion: protocolVersion,
    Pid: process.pid,
    // Terraform leaves a provider that is under test running.
    Test: true,
    Addr: { Network: "unix", String: socket },
  };
  return JSON.stringify(Object.fromEntries(providerNames.map((name) => [name, address])));
};

const keyVariables = [
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AWS_PROFILE",
  "AWS_ENDPOINT_URL",
  "AWS_REGION",
] as const;

/** These ask for what no configuration and no state names, or for another state. */
const readsElsewhere = (argument: string): boolean =>
  ["providers", "console"].includes(argument) ||
  /^--?(state|generate-config-out|backend-config)/.test(argument);

const isUnusual = ({ command, environment }: TerraformRun): boolean =>
  command.some(readsElsewhere) ||
  Object.keys(environment).some((name) => /^TF_(WORKSPACE|DATA_DIR|CLI_ARGS.*)$/.test(name));

/** What `show` and `apply` may be given: a plan that was kept, whatever has become of the configuration since. */
const takesPlan = /^(show|apply)$/;

async function typesOfRun(run: TerraformRun): Promise<Types> {
  if (isUnusual(run)) return everyType;
  const verb = run.command.findIndex((argument) => takesPlan.test(argument));
  const plans = run.command
    .slice(verb + 1)
    .filter((argument) => verb >= 0 && argument !== "" && !argument.startsWith("-"));
  if (plans.length === 0) return run.command[verb] === "show" ? everyType : typesInUse(run.directories);
  const files = plans.flatMap((plan) => run.directories.map((directory) => path.resolve(directory, plan)));
  return together(await Promise.all(files.filter((file) => existsSync(file)).map(typesInPlan)));
}

/** @param runs those of whom one asks; nothing where the machine doesn't tell */
const typesWanted = async (runs: readonly TerraformRun[] | undefined): Promise<Types> =>
  !runs || runs.length === 0 ? everyType : together(await Promise.all(runs.map(typesOfRun)));

const together = (types: readonly Types[]): Types =>
  types.includes(everyType)
    ? everyType
    : new Set(types.flatMap((each) => (each === everyType ? [] : [...each])));

/**
 * The provider takes its keys from its own environment: under other ones the pool would answer for somebody else.
 *
 * @throws ProviderFailure where one of the runs, of whom one asks, has other keys, or nobody can be seen that asks
 */
function refuseOtherKeys(runs: readonly TerraformRun[], environment: NodeJS.ProcessEnv): void {
  if (runs.length === 0)
    throw new ProviderFailure(
      "the provider pool of the local AWS can't see which process asks, and under which keys; " +
        "unset TF_REATTACH_PROVIDERS, and run terraform init and the command again",
    );
  for (const run of runs) {
    const other = keyVariables.find((name) => (run.environment[name] ?? "") !== (environment[name] ?? ""));
    if (other === undefined) continue;
    throw new ProviderFailure(
      `Terraform (process ${run.processId}) has another ${other} than the provider pool of the local AWS; ` +
        "unset TF_REATTACH_PROVIDERS there, and run terraform init and the command again",
    );
  }
}
