import { type ChildProcess, fork } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { unzipSync } from "fflate";

/** Long enough for the next event of one run, short enough that a suite doesn't gather processes. */
const idleMilliseconds = 10_000;

export type Answer =
  | { readonly result: unknown }
  | { readonly errorType: string; readonly errorMessage: string };

export interface Lifecycle {
  readonly idle: (environment: ExecutionEnvironment) => void;
  readonly ended: (environment: ExecutionEnvironment) => void;
}

/** What Lambda's own runtime does with a CommonJS handler. */
const localRuntime = `const dns = require("dns");
const { lookup } = dns;
// S3 Control's client puts the account before the host. Names under localhost are this machine's (RFC 6761).
dns.lookup = (name, options, done) =>
  lookup(name.endsWith(".localhost") ? "127.0.0.1" : name, options, done);
// Whoever started this ended without ending it.
process.on("disconnect", () => {
  require("fs").rmSync(__dirname, { recursive: true, force: true });
  process.exit();
});
process.on("message", async ({ event, context }) => {
  let answer;
  try {
    answer = { result: await require("./index.js").handler(event, context) };
  } catch (error) {
    answer = { errorType: error.name, errorMessage: error.message };
  }
  process.send(answer);
});`;

let invocations = 0;

/** A process that runs one function's code, one event at a time. */
export class ExecutionEnvironment {
  private readonly folder = mkdtempSync(path.join(tmpdir(), "local-aws-function-"));
  private readonly child: ChildProcess;
  private log = "";
  private timer: NodeJS.Timeout | undefined;
  private settle: ((answer: Answer) => void) | undefined;

  constructor(
    archive: Buffer,
    env: NodeJS.ProcessEnv,
    private readonly lifecycle: Lifecycle,
  ) {
    for (const [file, content] of Object.entries(unzipSync(archive))) {
      mkdirSync(path.dirname(path.join(this.folder, file)), { recursive: true });
      writeFileSync(path.join(this.folder, file), content);
    }
    const runtime = path.join(this.folder, "local-runtime.js");
    writeFileSync(runtime, localRuntime);
    this.child = fork(runtime, [], { env, execArgv: [], stdio: ["ignore", "ignore", "pipe", "ipc"] });
    this.child.stderr?.on("data", (chunk) => {
      this.log += String(chunk);
    });
    this.child.on("message", (answer) => this.answered(answer as Answer));
    this.child.on("close", (code) => this.closed(code));
  }

  /** @param timeout milliseconds, after which the environment is gone, as Lambda's would be */
  invoke(event: unknown, timeout: number): Promise<Answer> {
    invocations += 1;
    const awsRequestId = `00000000-0000-4000-8000-${String(invocations).padStart(12, "0")}`;
    clearTimeout(this.timer);
    this.hold();
    return new Promise((resolve) => {
      this.settle = resolve;
      this.timer = setTimeout(() => {
        this.finish({
          errorType: "Sandbox.Timedout",
          errorMessage: `Task timed out after ${timeout / 1000} seconds`,
        });
        this.child.kill("SIGKILL");
      }, timeout);
      this.child.send({ event, context: { awsRequestId } });
    });
  }

  private answered(answer: Answer): void {
    this.finish(answer);
    this.letGo();
    this.timer = setTimeout(() => this.end(), idleMilliseconds).unref();
    this.lifecycle.idle(this);
  }

  private end(): void {
    this.lifecycle.ended(this);
    this.child.kill();
  }

  private closed(code: number | null): void {
    this.lifecycle.ended(this);
    rmSync(this.folder, { recursive: true, force: true });
    this.finish({
      errorType: "Runtime.ExitError",
      errorMessage: `exited with ${code}: ${this.log.slice(-500)}`,
    });
  }

  private finish(answer: Answer): void {
    clearTimeout(this.timer);
    this.settle?.(answer);
    this.settle = undefined;
  }

  /** An environment that waits keeps nobody else from ending. */
  private letGo(): void {
    this.child.unref();
    this.child.channel?.unref();
    (this.child.stderr as NodeJS.ReadStream | null)?.unref();
  }

  private hold(): void {
    this.child.ref();
    this.child.channel?.ref();
    (this.child.stderr as NodeJS.ReadStream | null)?.ref();
  }
}
