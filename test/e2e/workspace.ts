import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Run, run, TerraformStackDirectory } from "../../cli/terraform";
import { formatProblem, type Landscape, loadLandscape } from "../../landscape";
import { deployedFile } from "../../landscape/deployed/file";
import { planStacks } from "../../stacks";
import { deploy, destroy } from "../local-aws/cdktf";
import { clientSettings, type Keys } from "../local-aws/clients";
import { adoptEmulator } from "../local-aws/emulator";
import { localEnvironment, localProcessEnvironment } from "../local-aws/environment";
import { type Fork, type Front, startFront } from "../local-aws/front";
import { startLocalAws } from "../local-aws/local-aws";
import { type LocalPool, lanesWithoutPool, startLocalPool } from "../local-aws/provider-pool/local";
import { repository } from "../support/repository";

const managementAccount = "111111111111";

const landscapeIn = (directory: string) => path.join(directory, "landscape.yaml");

/** What a workspace was at one moment: plain data, which another process can take up. */
export interface WorkspaceFork extends Fork {
  /** Folder of the workspace that was forked, with landscape, stacks and state. */
  readonly directory: string;
}

/** A folder of its own with a local AWS of its own, in which the kit's commands run as a user runs them. */
export class Workspace {
  readonly landscapeFile: string;

  private constructor(
    readonly directory: string,
    readonly front: Front,
    readonly environment: NodeJS.ProcessEnv,
    private readonly pool: LocalPool,
  ) {
    this.landscapeFile = landscapeIn(directory);
  }

  /** An empty AWS. */
  static async create(landscapeText: string): Promise<Workspace> {
    const front = await startLocalAws({ managementAccount });
    const directory = mkdtempSync(path.join(tmpdir(), "ir-kit-e2e-"));
    writeFileSync(landscapeIn(directory), landscapeText);
    const app = `node ${path.join(repository, "bin", "synth.js")}`;
    writeFileSync(
      path.join(directory, "cdktf.json"),
      JSON.stringify({ language: "typescript", app, sendCrashReports: "false", projectId: "e2e" }),
    );
    return Workspace.open(directory, front);
  }

  /** An AWS on which something stands: a copy of what another workspace has deployed, with its landscape and state. */
  static async createFrom({ directory, emulator, memory }: WorkspaceFork): Promise<Workspace> {
    const front = await startFront({ emulator: adoptEmulator(emulator), memory, managementAccount });
    const copy = mkdtempSync(path.join(tmpdir(), "ir-kit-e2e-"));
    for (const name of ["landscape.yaml", "cdktf.json", "cdktf.out", "state"]) {
      cpSync(path.join(directory, name), path.join(copy, name), { recursive: true, verbatimSymlinks: true });
    }
    const known = deployedFile(landscapeIn(directory));
    if (existsSync(known)) cpSync(known, deployedFile(landscapeIn(copy)));
    return Workspace.open(copy, front);
  }

  private static async open(directory: string, front: Front): Promise<Workspace> {
    const environment = localProcessEnvironment({
      ...localEnvironment(front.port, "eu-west-1", directory),
      IR_KIT_CONFIG: landscapeIn(directory),
    });
    const pool = await startLocalPool({
      environment,
      stackFolders: [path.join(directory, "cdktf.out", "stacks")],
    });
    return new Workspace(directory, front, { ...environment, ...pool.environment }, pool);
  }

  /** For {@link createFrom}, in this process or another; the copy ends with its owner. */
  async fork(owner: number): Promise<WorkspaceFork> {
    return { directory: this.directory, ...(await this.front.fork(owner)) };
  }

  async close(): Promise<void> {
    await this.pool.stop();
    await this.front.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }

  landscape(): Landscape {
    const result = loadLandscape(this.landscapeFile);
    if (result.ok) return result.value;
    throw new Error(result.problems.map(formatProblem).join("\n"));
  }

  readonly stackNames = (): string[] => planStacks(this.landscape()).stacks.map(({ name }) => name);

  readonly irKit = (...args: string[]): Promise<Run> =>
    run(process.execPath, [path.join(repository, "bin", "ir-kit.js"), ...args], this.options());

  /** As {@link irKit}, with keys and more variables of one's own, and a cache of its own. */
  readonly irKitAs = (
    { accessKeyId, secretAccessKey, sessionToken }: Keys,
    more: Readonly<Record<string, string>>,
    ...args: string[]
  ): Promise<Run> =>
    run(process.execPath, [path.join(repository, "bin", "ir-kit.js"), ...args], {
      directory: this.directory,
      environment: {
        ...this.environment,
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
        ...(sessionToken !== undefined && { AWS_SESSION_TOKEN: sessionToken }),
        XDG_CACHE_HOME: path.join(this.directory, "cache"),
        ...more,
      },
    });

  /** By the app of cdktf.json, without cdktf, which takes seconds to load before it calls that. */
  readonly synth = (): Promise<Run> =>
    run(process.execPath, [path.join(repository, "bin", "synth.js")], this.options());
  readonly deploy = (...stacks: string[]): Promise<Run> => deploy(stacks, this.options());

  /** As {@link deploy}, each provider started by Terraform itself, as a user's are. */
  readonly deployOrdinarily = (...stacks: string[]): Promise<Run> =>
    deploy(stacks, {
      ...this.options(),
      environment: this.ordinaryEnvironment(),
      lanes: lanesWithoutPool,
    });

  /** Processes of the providers that run on. */
  readonly providers = (): readonly number[] => this.pool.counts().processIds;

  /** Variables with which Terraform starts its own providers. */
  ordinaryEnvironment(): NodeJS.ProcessEnv {
    const { TF_REATTACH_PROVIDERS: _, ...environment } = this.environment;
    return environment;
  }

  readonly destroy = (...stacks: string[]): Promise<Run> => destroy(stacks, this.options());

  /** One after another, though others may rest on them, as the documents say. */
  readonly destroyInOrder = (...stacks: string[]): Promise<Run> =>
    destroy([...stacks, "--ignore-missing-stack-dependencies"], { ...this.options(), lanes: 1 });

  readonly stackFolder = (name: string): string => path.join(this.directory, "cdktf.out", "stacks", name);

  /** What Terraform reads of a stack, as it was last synthesized. */
  readonly configuration = (name: string): string =>
    readFileSync(path.join(this.stackFolder(name), "cdk.tf.json"), "utf8");

  readonly terraform = (name: string): TerraformStackDirectory =>
    new TerraformStackDirectory(name, this.stackFolder(name), { environment: this.environment });

  /**
   * Applies a stack as a mistaken kit would have written it, on top of what stands. Works on a copy of configuration
   * and state, so that several can go on at once and the right ones stay as they are.
   *
   * @param mutate changes the text of the configuration
   * @param args such as `-target` or `-replace`, to touch only what the mistake concerns
   */
  async applyMutated(name: string, mutate: (text: string) => string, ...args: string[]): Promise<Run> {
    const right = this.configuration(name);
    const wrong = mutate(right);
    if (wrong === right) throw new Error(`the mutation of ${name} changes nothing`);
    const copy = mkdtempSync(path.join(this.directory, "mutated-"));
    const folder = path.join(copy, "cdktf.out", "stacks", name);
    cpSync(this.stackFolder(name), folder, { recursive: true, verbatimSymlinks: true });
    cpSync(
      path.join(this.directory, "state", `${name}.tfstate`),
      path.join(copy, "state", `${name}.tfstate`),
    );
    writeFileSync(path.join(folder, "cdk.tf.json"), wrong);
    return new TerraformStackDirectory(name, folder, { environment: this.environment }).tryApply(...args);
  }

  /** Settings of an SDK client with some keys, the management account's unless others are given. */
  readonly client = (keys?: Keys, region?: string) => clientSettings(this.front, keys, region);

  private options() {
    return { directory: this.directory, environment: this.environment, lanes: this.pool.lanes };
  }
}
