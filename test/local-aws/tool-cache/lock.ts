import { mkdirSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import lockfile from "proper-lockfile";
import { errorCode } from "./problems";

/** A lock that was not renewed for so long is one whose owner has died. A check of the emulator holds it up for 20 s. */
const stale = 60_000;

/**
 * Runs work that no other process does in this folder at the same time.
 *
 * @param onWait called once, where another process has to end first
 */
export async function alone<T>(folder: string, onWait: () => void, work: () => Promise<T>): Promise<T> {
  mkdirSync(folder, { recursive: true });
  const lockfilePath = path.join(folder, "tools.lock");
  const release = await take(folder, lockfilePath, onWait);
  try {
    return await work();
  } finally {
    // Whoever found it stale has it now, and it is his to release.
    await release().catch(() => undefined);
  }
}

async function take(folder: string, lockfilePath: string, onWait: () => void): Promise<() => Promise<void>> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await lockfile.lock(folder, {
        lockfilePath,
        stale,
        update: 3000,
        onCompromised: () => undefined,
      });
    } catch (error) {
      if (errorCode(error) !== "ELOCKED") throw error;
      if (attempt === 0) onWait();
      await sleep(200);
    }
  }
}
