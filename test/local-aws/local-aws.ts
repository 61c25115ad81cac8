import { startEmulator } from "./emulator";
import { type Front, type FrontOptions, startFront } from "./front";

export type LocalAwsOptions = Omit<FrontOptions, "emulator">;

/** Starts the emulator with the strict front before it; both end with `stop`. */
export async function startLocalAws(options: LocalAwsOptions): Promise<Front> {
  const emulator = await startEmulator();
  return startFront({ ...options, emulator });
}
