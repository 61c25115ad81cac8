import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** A folder of a run, in memory where there is such a place: a disk's moods would drown a difference of milliseconds. */
export class Scratch {
  readonly directory = mkdtempSync(
    path.join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "ir-kit-bench-"),
  );
  private folders = 0;

  /** Absolute path of a folder that nobody else was given; it does not exist yet. */
  folder(): string {
    this.folders += 1;
    return path.join(this.directory, String(this.folders));
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}
