import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import path from "node:path";

/** A program that is not on this machine; the message says what installs it. */
export class MissingTool extends Error {}

/** A run of Terraform that failed; the message is Terraform's own. */
export class TerraformFailure extends Error {
  constructor(
    readonly stackName: string,
    readonly output: string,
  ) {
    super(`terraform failed in stack ${stackName}:\n${errorsOf(output)}`);
  }
}

/** From Terraform's first error on: the plan before it helps nobody at 3 a.m. */
const errorsOf = (output: string): string =>
  output.slice(Math.max(0, output.search(/^(╷\n)?│? ?Error:/m))).trim();

/** Full path of a program on the PATH, if it is there. */
export const findProgram = (name: string): string | undefined =>
  (process.env.PATH ?? "")
    .split(path.delimiter)
    .map((directory) => path.join(directory, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });

/**
 * Terraform, or OpenTofu where that is what stands on the PATH; `TERRAFORM_BINARY_NAME` names another, as for cdktf.
 *
 * @throws MissingTool
 */
export function terraformCommand(): string {
  const named = process.env.TERRAFORM_BINARY_NAME;
  const command =
    named === undefined ? (findProgram("terraform") ?? findProgram("tofu")) : findProgram(named);
  if (command !== undefined) return command;
  throw new MissingTool(
    `${named === undefined ? "neither terraform nor tofu is" : `${named} is not`} on the PATH; install Terraform 1.10 or later ` +
      "(https://developer.hashicorp.com/terraform/install) or OpenTofu 1.10 or later " +
      "(https://opentofu.org/docs/intro/install)",
  );
}

export interface Run {
  readonly exitCode: number;
  readonly stdout: string;
  /** Standard output and error as they came. */
  readonly output: string;
}

export interface RunOptions {
  readonly environment?: NodeJS.ProcessEnv;
  readonly directory?: string;
  /** Told of each line as it comes. */
  readonly onLine?: (line: string) => void;
}

/** Runs a program to its end; never throws for its exit code. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      env: options.environment ?? process.env,
      ...(options.directory !== undefined && { cwd: options.directory }),
      stdio: ["ignore", "pipe", "pipe"],
    });
    // By whole characters: a border between two chunks may fall into one.
    child.stdout.setEncoding("utf8");
    child.stderr.setEncoding("utf8");
    let stdout = "";
    let output = "";
    let rest = "";
    const take = (chunk: string) => {
      output += chunk;
      if (!options.onLine) return;
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) options.onLine(line);
    };
    child.stdout.on("data", (chunk: string) => {
      stdout += chunk;
      take(chunk);
    });
    child.stderr.on("data", take);
    child.on("error", reject);
    child.on("close", (exitCode) => resolve({ exitCode: exitCode ?? 1, stdout, output }));
  });
}

/** One synthesized stack, driven by Terraform without cdktf. */
export class TerraformStackDirectory {
  constructor(
    readonly name: string,
    private readonly directory: string,
    private readonly options: RunOptions = {},
  ) {}

  readonly init = (...more: string[]): Promise<Run> => this.must("init", "-input=false", ...more);

  readonly apply = (): Promise<Run> => this.must("apply", "-input=false", "-auto-approve");

  /** As `apply`, but for the caller to judge the exit code. */
  readonly tryApply = (...more: string[]): Promise<Run> =>
    this.run("apply", "-input=false", "-auto-approve", "-lock=false", ...more);

  readonly destroy = (): Promise<Run> => this.run("destroy", "-input=false", "-auto-approve");

  readonly import = (address: string, id: string): Promise<Run> =>
    this.must("import", "-input=false", address, id);

  readonly resources = async (): Promise<string[]> => {
    // An empty state is an error to `state list`, and an empty list to us.
    const { exitCode, stdout } = await this.run("state", "list");
    return exitCode === 0 ? stdout.split("\n").filter((line) => line !== "") : [];
  };

  /**
   * Addresses of what Terraform keeps of the stack, data sources aside; nothing where there is no state at all, which
   * is something else than an empty one: the stack was never deployed, or its state lies elsewhere.
   *
   * @throws TerraformFailure where the state can't be read
   */
  readonly managed = async (): Promise<string[] | undefined> => {
    const { stdout } = await this.must("state", "pull");
    if (stdout.trim() === "") return undefined;
    return ((JSON.parse(stdout) as State).resources ?? [])
      .filter(({ mode }) => mode === "managed")
      .map(({ type, name }) => `${type}.${name}`);
  };

  /**
   * Takes out of the state what stands in another account than the stack's, and leaves it standing there.
   *
   * @returns the addresses that were taken out
   */
  readonly forgetOutside = async (account: string): Promise<string[]> => {
    const { exitCode, stdout } = await this.run("state", "pull");
    const resources = exitCode === 0 && stdout !== "" ? ((JSON.parse(stdout) as State).resources ?? []) : [];
    const foreign = resources
      .filter(({ mode, instances }) => mode === "managed" && instances.some(outside(account)))
      .map(({ type, name }) => `${type}.${name}`);
    if (foreign.length > 0) await this.must("state", "rm", ...foreign);
    return foreign;
  };

  /** Exit code of a plan: 0 no change, 2 some, 1 an error. */
  readonly plan = (...more: string[]): Promise<Run> =>
    this.run("plan", "-detailed-exitcode", "-input=false", "-lock=false", ...more);

  /** A plan that was kept, as JSON. */
  readonly show = async (plan: string): Promise<string> => (await this.must("show", "-json", plan)).stdout;

  readonly outputs = async (): Promise<Record<string, string>> => {
    const { stdout } = await this.must("output", "-json");
    const outputs = JSON.parse(stdout) as Record<string, { value: unknown }>;
    return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, String(value)]));
  };

  private run(...args: string[]): Promise<Run> {
    return run(terraformCommand(), [`-chdir=${this.directory}`, ...withoutColor(args)], this.options);
  }

  private async must(...args: string[]): Promise<Run> {
    const result = await this.run(...args);
    if (result.exitCode !== 0) throw new TerraformFailure(this.name, result.output);
    return result;
  }
}

/** What Terraform keeps of a stack, as far as accounts are concerned. */
interface State {
  readonly resources?: readonly {
    readonly mode: string;
    readonly type: string;
    readonly name: string;
    readonly instances: readonly { readonly attributes: Readonly<Record<string, unknown>> }[];
  }[];
}

/** Whether an ARN among a resource's attributes, its own or that of what it is part of, names another account. */
const outside =
  (account: string) =>
  ({ attributes }: { readonly attributes: Readonly<Record<string, unknown>> }): boolean =>
    ["arn", "policy_arn", "topic_arn", "queue_url", "id"].some((name) => {
      const named = /(?<![0-9])([0-9]{12})(?![0-9])/.exec(String(attributes[name] ?? ""))?.[1];
      return named !== undefined && named !== account;
    });

const colored = new Set(["init", "apply", "destroy", "plan", "import"]);

const withoutColor = ([command = "", ...rest]: string[]) =>
  colored.has(command) ? [command, "-no-color", ...rest] : [command, ...rest];
