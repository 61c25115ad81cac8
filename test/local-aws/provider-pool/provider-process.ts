import { mkdirSync } from "node:fs";
import { type ClientHttp2Session, connect } from "node:http2";
import { connect as connectSocket } from "node:net";
import { startOwned } from "../owned-process";
import { Activity } from "./activity";

/** A provider that runs on and answers one Terraform after the other. */
export interface ProviderProcess {
  readonly processId: number;
  readonly session: ClientHttp2Session;
  readonly activity: Activity;
  readonly running: () => boolean;
  /** Settles when the process has ended, however that came. */
  readonly ended: Promise<void>;
  readonly stop: () => Promise<void>;
}

/** A provider that can't be used; the message says which and why. */
export class ProviderFailure extends Error {}

export interface ProviderOptions {
  /** Path of the provider's program. */
  readonly program: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Where the provider looks for files that a configuration names by relative paths. */
  readonly directory: string;
  /** Version of Terraform's protocol that the provider must speak. */
  readonly protocolVersion: number;
}

const startTimeout = 60_000;

/** What the provider itself tells of how to reach it. */
interface Reattachment {
  readonly Protocol: string;
  readonly ProtocolVersion: number;
  readonly Pid: number;
  readonly Addr: { readonly Network: string; readonly String: string };
}

/** As much of a stream as one side may send before the other has read: a schema is 5 MB. */
const window = 16 * 1024 * 1024;

/**
 * Starts a provider in the mode that its own documentation describes for debuggers: it runs until it is ended.
 *
 * @throws ProviderFailure when it ends, says nothing within a minute, or speaks another protocol
 */
export async function startProvider(options: ProviderOptions): Promise<ProviderProcess> {
  // Temporary folders are cleaned up by others too.
  mkdirSync(options.directory, { recursive: true });
  const { child, stop } = startOwned(options.program, ["-debug"], {
    env: options.environment,
    cwd: options.directory,
    stdio: ["pipe", "pipe"],
  });
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  let said = "";
  const reattachment = new Promise<Reattachment>((resolve, reject) => {
    const late = setTimeout(
      () => reject(new ProviderFailure(`${options.program} said nothing of its socket in a minute`)),
      startTimeout,
    );
    const take = (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-20_000);
      let found: Reattachment | undefined;
      try {
        found = reattachmentIn(said);
      } catch (cause) {
        clearTimeout(late);
        reject(
          new ProviderFailure(`${options.program} tells its address in no form that is known`, { cause }),
        );
      }
      if (!found) return;
      clearTimeout(late);
      // It tells of each of its calls. Reading on without keeping that costs least.
      for (const stream of [child.stdout, child.stderr]) stream?.off("data", take).resume();
      resolve(found);
    };
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", take);
    child.once("error", (cause) =>
      reject(new ProviderFailure(`${options.program} does not start`, { cause })),
    );
    void ended.then(() => {
      clearTimeout(late);
      reject(new ProviderFailure(`${options.program} ended at once: ${said.trim().slice(-500)}`));
    });
  });
  try {
    const { Addr, Pid, ProtocolVersion } = await reattachment;
    if (ProtocolVersion !== options.protocolVersion)
      throw new ProviderFailure(
        `${options.program} speaks version ${ProtocolVersion} of Terraform's protocol, not ${options.protocolVersion}`,
      );
    const session = connect("http://localhost", {
      createConnection: () => connectSocket(Addr.String),
      settings: { initialWindowSize: window },
    });
    // A broken session breaks its streams, and they tell Terraform.
    session.on("error", () => undefined);
    void ended.then(() => session.destroy());
    return {
      processId: Pid,
      session,
      activity: new Activity(),
      running: () => child.exitCode === null && child.signalCode === null,
      ended,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function reattachmentIn(text: string): Reattachment | undefined {
  const json = /TF_REATTACH_PROVIDERS='(\{.*\})'/.exec(text)?.[1];
  if (json === undefined) return undefined;
  const [found] = Object.values(JSON.parse(json) as Record<string, Reattachment>);
  return found;
}
