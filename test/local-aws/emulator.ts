import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { request } from "node:http";
import { createServer } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { repository } from "../support/repository";
import { emulatorCommand } from "./tools";

/** moto's server: the AWS API on this machine, reset at will, gone when stopped. */
export interface Emulator {
  readonly port: number;
  readonly processId: number;
  readonly reset: () => Promise<void>;
  /**
   * Makes a copy that holds all that this emulator holds, and from then on goes its own way. It ends by
   * {@link adoptEmulator}'s `stop`, or when its owner ends.
   *
   * @param owner id of the process for which the copy is made
   * @throws EmulatorForkFailed
   */
  readonly fork: (owner: number) => Promise<EmulatorProcess>;
  readonly stop: () => Promise<void>;
}

/** Where an emulator runs, as plain data that another process can be told. */
export interface EmulatorProcess {
  readonly port: number;
  readonly processId: number;
}

/** The emulator made no copy of itself; the message is its own. */
export class EmulatorForkFailed extends Error {}

const startTimeout = 30_000;

/** Port of an emulator that holds nothing, of which a copy is made in the place of a start, which takes seconds. */
export const emptyEmulatorVariable = "IR_KIT_EMPTY_EMULATOR";

export interface EmulatorOptions {
  /** Told when the emulator has ended though nobody stopped it. */
  readonly onDeath?: (() => void) | undefined;
  readonly choosePort?: () => Promise<number>;
}

/** How often another port is tried: between its choice and the emulator's start, another program may take it. */
const attempts = 3;

/**
 * Starts the emulator on a free port of the loopback interface and waits until it answers. It ends with this process.
 *
 * @throws when the emulator is not installed, naming the command that installs it, or does not come up in 30 s
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const template = Number(process.env[emptyEmulatorVariable]);
  if (template > 0 && options.onDeath === undefined && options.choosePort === undefined)
    return adoptEmulator(await commands(template).fork(process.pid));
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnce(options);
    } catch (error) {
      if (!(error instanceof EndedAtOnce) || attempt === attempts) throw error;
    }
  }
}

class EndedAtOnce extends Error {}

async function startOnce({ onDeath, choosePort = freePort }: EmulatorOptions): Promise<Emulator> {
  const port = await choosePort();
  const child = spawn(emulatorCommand(), ["-H", "127.0.0.1", "-p", String(port)], {
    env: {
      ...process.env,
      MOTO_IAM_LOAD_MANAGED_POLICIES: "true",
      LOCAL_AWS_OWNER: String(process.pid),
      // Objects stay in memory whatever their size: a fork would share a file, and the place where it is read.
      MOTO_S3_DEFAULT_KEY_BUFFER_SIZE: String(2 ** 31),
      // macOS otherwise ends a copy of a process that has asked for the system's proxies.
      OBJC_DISABLE_INITIALIZE_FORK_SAFETY: "YES",
      // By the repository: from a bundle, this file's own folder is another.
      PYTHONPATH: [path.join(repository, "test", "local-aws", "emulator"), process.env.PYTHONPATH]
        .filter(Boolean)
        .join(path.delimiter),
    },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const output = collect(child);
  try {
    await untilUp(child, port, output);
  } catch (error) {
    child.kill();
    throw error;
  }
  let wanted = false;
  child.once("exit", () => {
    if (!wanted) onDeath?.();
  });
  return {
    port,
    processId: child.pid ?? 0,
    ...commands(port),
    stop: () => {
      wanted = true;
      return stop(child);
    },
  };
}

/** An emulator that another process has started or forked, to be used and ended by this one. */
export const adoptEmulator = ({ port, processId }: EmulatorProcess): Emulator => ({
  port,
  processId,
  ...commands(port),
  stop: () => endProcess(processId),
});

const commands = (port: number): Pick<Emulator, "reset" | "fork"> => ({
  reset: async () => {
    await post(port, "/moto-api/reset");
  },
  fork: async (owner) => {
    const answer = JSON.parse(await post(port, "/local-aws/fork", JSON.stringify({ owner }))) as
      | EmulatorProcess
      | { readonly message: string };
    if ("message" in answer) throw new EmulatorForkFailed(answer.message);
    return answer;
  },
});

/** The last lines of standard error, for the message when the emulator dies. */
function collect(child: ChildProcess): () => string {
  let tail = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    tail = (tail + chunk.toString()).slice(-2000);
  });
  return () => tail.trim();
}

async function untilUp(child: ChildProcess, port: number, output: () => string): Promise<void> {
  const deadline = Date.now() + startTimeout;
  while (Date.now() < deadline) {
    const answered = await answers(port);
    // Asked after the answer, which may be that of another program on this port.
    if (child.exitCode !== null)
      throw new EndedAtOnce(`the emulator ended at once (exit ${child.exitCode}): ${output()}`);
    if (answered) return;
    await sleep(100);
  }
  throw new Error(`the emulator did not answer within ${startTimeout / 1000} s: ${output()}`);
}

const answers = (port: number) =>
  new Promise<boolean>((resolve) => {
    const probe = request(
      { host: "127.0.0.1", port, path: "/moto-api/data.json", timeout: 2000 },
      (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      },
    );
    probe.on("error", () => resolve(false));
    probe.on("timeout", () => probe.destroy());
    probe.end();
  });

export function post(port: number, path: string, body = ""): Promise<string> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: "127.0.0.1", port, path, method: "POST" }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => resolve(Buffer.concat(chunks).toString()));
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  const late = setTimeout(() => child.kill("SIGKILL"), 3000);
  await ended;
  clearTimeout(late);
}

/** Ends a process that is not a child of this one, and waits until it is gone. */
async function endProcess(processId: number): Promise<void> {
  const signals = ["SIGTERM", "SIGKILL"] as const;
  for (const signal of signals) {
    if (!tell(processId, signal)) return;
    for (let waited = 0; waited < 3000; waited += 20) {
      if (!tell(processId, 0)) return;
      await sleep(20);
    }
  }
}

/** @returns false where there is no such process any more */
export function tell(processId: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(processId, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
    throw error;
  }
}

export async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") throw new Error("no free port on 127.0.0.1");
  return address.port;
}
