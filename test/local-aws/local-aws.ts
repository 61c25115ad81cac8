import { startEmulator } from "./emulator";
import { type Front, type FrontOptions, startFront } from "./front";

export interface LocalAwsOptions extends Omit<FrontOptions, "emulator"> {
  /** Told when the emulator has ended though nobody stopped it. */
  readonly onDeath?: () => void;
}

/** Starts the emulator with the strict front before it; both end with `stop`. */
export async function startLocalAws(options: LocalAwsOptions): Promise<Front> {
  const emulator = await startEmulator({ onDeath: options.onDeath });
  return startFront({ ...options, emulator });
}
