import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Counts } from "./front";

/** The local AWS that `npm start` leaves running, as its folder tells. */
export interface Session {
  readonly port: number;
  readonly processId: number;
  readonly managementAccount: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** Variables that lead Terraform to the providers that run on; none where it starts its own. */
  readonly providers: Readonly<Record<string, string>>;
  /** How many stacks Terraform works on at once. */
  readonly lanes: number;
  /** Why Terraform starts its own providers. */
  readonly withoutPool?: string;
}

export interface Status extends Session {
  readonly counts: Counts;
}

export const localDirectory = ".local-aws";

/** In the session's folder while an `npm start` works in it. */
export const startLock = "start.lock";

export class SessionFolder {
  readonly landscape: string;
  readonly stateDirectory: string;
  readonly environmentFile: string;
  /** Variables of a responder, an emergency user. */
  readonly responderFile: string;
  readonly log: string;
  private readonly sessionFile: string;

  constructor(readonly directory: string) {
    this.landscape = path.join(directory, "landscape.yaml");
    this.stateDirectory = path.join(directory, "state");
    this.environmentFile = path.join(directory, "env.sh");
    this.responderFile = path.join(directory, "responder.sh");
    this.log = path.join(directory, "daemon.log");
    this.sessionFile = path.join(directory, "session.json");
  }

  write(session: Session): void {
    mkdirSync(this.directory, { recursive: true });
    writeFileSync(this.sessionFile, `${JSON.stringify(session, null, 2)}\n`);
  }

  read(): Session | undefined {
    try {
      return JSON.parse(readFileSync(this.sessionFile, "utf8")) as Session;
    } catch {
      return undefined;
    }
  }

  /** The session if its front still answers, and answers as the process that wrote the folder. */
  async running(): Promise<Status | undefined> {
    const session = this.read();
    if (!session) return undefined;
    const status = await control<Status>(session.port, "status");
    return status?.processId === session.processId ? status : undefined;
  }

  /**
   * Moves what a local AWS that is gone has left behind: its state speaks of resources that no longer exist.
   *
   * @returns where it lies now, or nothing if there was nothing
   */
  setAside(): string | undefined {
    const left = existsSync(this.directory)
      ? readdirSync(this.directory).filter((name) => !name.startsWith("set-aside") && name !== startLock)
      : [];
    if (left.length === 0) return undefined;
    const aside = path.join(this.directory, `set-aside-${new Date().toISOString().replace(/[:.]/g, "-")}`);
    mkdirSync(aside, { recursive: true });
    for (const name of left) renameSync(path.join(this.directory, name), path.join(aside, name));
    return aside;
  }
}

/** Asks the front's own interface; nothing where nobody answers. */
export async function control<T>(port: number, command: "status" | "reset" | "stop"): Promise<T | undefined> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/_local-aws/${command}`, {
      signal: AbortSignal.timeout(5000),
    });
    return (await response.json()) as T;
  } catch {
    return undefined;
  }
}
