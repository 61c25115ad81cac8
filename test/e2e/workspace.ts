import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Run, run, TerraformStackDirectory } from "../../cli/terraform";
import { formatProblem, type Landscape, loadLandscape } from "../../landscape";
import { planStacks } from "../../stacks";
import { deploy, destroy, synth } from "../local-aws/cdktf";
import { clientSettings, type Keys } from "../local-aws/clients";
import { localEnvironment, localProcessEnvironment } from "../local-aws/environment";
import type { Front } from "../local-aws/front";
import { startLocalAws } from "../local-aws/local-aws";
import { atOnce } from "../support/at-once";
import { repository } from "../support/repository";

export { atOnce };

/** Works on stacks, as many at once as there are cores, since Terraform takes one for most of its time. */
export const inPairs = <Result>(names: readonly string[], work: (name: string) => Promise<Result>) =>
  atOnce(2, names, work);

/** A folder of its own with a local AWS of its own, in which the kit's commands run as a user runs them. */
export class Workspace {
  readonly landscapeFile: string;
  readonly environment: NodeJS.ProcessEnv;

  private constructor(
    readonly directory: string,
    readonly front: Front,
    landscapeText: string,
  ) {
    this.landscapeFile = path.join(directory, "landscape.yaml");
    writeFileSync(this.landscapeFile, landscapeText);
    const app = `node ${path.join(repository, "bin", "run.js")} main.ts`;
    writeFileSync(
      path.join(directory, "cdktf.json"),
      JSON.stringify({ language: "typescript", app, sendCrashReports: "false", projectId: "e2e" }),
    );
    this.environment = localProcessEnvironment({
      ...localEnvironment(front.port, "eu-west-1", directory),
      IR_KIT_CONFIG: this.landscapeFile,
    });
  }

  static async create(landscapeText: string): Promise<Workspace> {
    const front = await startLocalAws({ managementAccount: "111111111111" });
    return new Workspace(mkdtempSync(path.join(tmpdir(), "ir-kit-e2e-")), front, landscapeText);
  }

  async close(): Promise<void> {
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

  readonly synth = (): Promise<Run> => synth(this.options());
  readonly deploy = (...stacks: string[]): Promise<Run> => deploy(stacks, this.options());
  readonly destroy = (...stacks: string[]): Promise<Run> => destroy(stacks, this.options());

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
    return { directory: this.directory, environment: this.environment, lanes: 2 };
  }
}
