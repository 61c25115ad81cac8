import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { request } from "node:http";
import { createServer } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { emulatorCommand } from "./tools";

/** moto's server: the AWS API on this machine, reset at will, gone when stopped. */
export interface Emulator {
  readonly port: number;
  readonly processId: number;
  readonly reset: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

const startTimeout = 30_000;

export interface EmulatorOptions {
  /** Told when the emulator has ended though nobody stopped it. */
  readonly onDeath?: (() => void) | undefined;
  readonly choosePort?: () => Promise<number>;
}

/** How often another port is tried: between its choice and the emulator's start, another program may take it. */
const attempts = 3;

/**
 * Starts the emulator on a free port of the loopback interface and waits until it answers.
 *
 * @throws when the emulator is not installed, naming the command that installs it, or does not come up in 30 s
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
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
      PYTHONPATH: [path.join(__dirname, "emulator"), process.env.PYTHONPATH]
        .filter(Boolean)
        .join(path.delimiter),
    },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const output = collect(child);
  // Whoever starts an emulator and ends without stopping it would leave it behind.
  process.once("exit", () => child.kill());
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
    reset: async () => {
      await post(port, "/moto-api/reset");
    },
    stop: () => {
      wanted = true;
      return stop(child);
    },
  };
}

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
