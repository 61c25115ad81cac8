import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { MissingTool } from "../../cli/terraform";
import { type Emulator, emptyEmulatorVariable, startEmulator } from "../local-aws/emulator";
import { survey, useTools } from "../local-aws/tool-cache/survey";
import { emulatorCommand } from "../local-aws/tools";
import { runFolderVariable, runProcessVariable } from "./once-in-a-run";

let empty: Emulator | undefined;

/**
 * Before the first test: what the kit has brought is on the PATH of all; brings nothing, so that one test starts at
 * once. Where several files run, one emulator stands ready of which each makes a copy.
 */
export default async function setUp(): Promise<void> {
  useTools(survey());
  process.env[runFolderVariable] = mkdtempSync(path.join(tmpdir(), "ir-kit-tests-"));
  process.env[runProcessVariable] = String(process.pid);
  if (process.env.IR_KIT_SEVERAL_TEST_FILES !== "1" || !emulatorIsThere()) return;
  process.env.LOCAL_AWS_WARM = "1";
  empty = await startEmulator();
  delete process.env.LOCAL_AWS_WARM;
  process.env[emptyEmulatorVariable] = String(empty.port);
}

export async function tearDown(): Promise<void> {
  rmSync(process.env[runFolderVariable] ?? "", { recursive: true, force: true });
  await empty?.stop();
}

/** Where it is missing, each test that needs it says so. */
function emulatorIsThere(): boolean {
  try {
    emulatorCommand();
    return true;
  } catch (error) {
    if (error instanceof MissingTool) return false;
    throw error;
  }
}
