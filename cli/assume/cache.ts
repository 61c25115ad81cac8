import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import type { SessionCredentials } from "./chain";

/** Less than this is left, and a new session is opened: a command should not end in the middle. */
const leastLeft = 5 * 60_000;

/**
 * Sessions that are open, each in a file that only its owner reads, and for no longer than the session lasts.
 *
 * Below `XDG_CACHE_HOME`, else `~/.cache`.
 */
export class SessionCache {
  private readonly directory: string;

  constructor(
    private readonly now: () => number = Date.now,
    root = process.env.XDG_CACHE_HOME || path.join(homedir(), ".cache"),
  ) {
    this.directory = path.join(root, "aws-ir-kit", "sessions");
  }

  /** @param parts what the session depends on, the caller's own key among it */
  read(parts: readonly string[]): SessionCredentials | undefined {
    const file = this.file(parts);
    try {
      const session = JSON.parse(readFileSync(file, "utf8")) as SessionCredentials;
      if (Date.parse(session.expiration) - this.now() > leastLeft) return session;
      rmSync(file, { force: true });
    } catch {
      // Absent or broken, which is the same: a new session takes its place.
    }
    return undefined;
  }

  write(parts: readonly string[], session: SessionCredentials): void {
    mkdirSync(this.directory, { recursive: true, mode: 0o700 });
    chmodSync(this.directory, 0o700);
    const file = this.file(parts);
    const partial = `${file}.${process.pid}`;
    writeFileSync(partial, JSON.stringify(session), { mode: 0o600 });
    renameSync(partial, file);
  }

  private file(parts: readonly string[]): string {
    const name = createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
    return path.join(this.directory, `${name}.json`);
  }
}
