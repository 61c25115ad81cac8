import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import lockfile from "proper-lockfile";
import type { Reporter } from "../../cli/reporter";
import { findProgram } from "../../cli/terraform";
import { type SessionFolder, startLock } from "./session";
import { toolsFolder } from "./tool-cache/folder";
import { acceptsUnverified, prepareTools } from "./tool-cache/prepare";
import { errorCode } from "./tool-cache/problems";
import { survey, useTools } from "./tool-cache/survey";

/** Another `npm start` works in this folder; the message says what to do. */
export class AlreadyStarting extends Error {}

/**
 * Brings what is missing on this machine, and puts it on the PATH of this process.
 *
 * @throws ToolsMissing
 */
export async function bringTools(reporter: Reporter, args: readonly string[]): Promise<void> {
  const tools = await prepareTools({ acceptUnverified: acceptsUnverified(args), reporter });
  for (const { name, version, verdict } of Object.values(tools))
    if (verdict === "not verified")
      reporter.say(`not verified: ${name} ${version}, for which the kit pins no digest (npm run tools)`);
  useTools(survey());
}

/**
 * Keeps a second `npm start` out of this folder until this process ends; it would deploy the same state.
 *
 * @throws AlreadyStarting
 */
export async function onlyHere(folder: SessionFolder): Promise<void> {
  mkdirSync(folder.directory, { recursive: true });
  const lockfilePath = path.join(folder.directory, startLock);
  try {
    await lockfile.lock(folder.directory, {
      lockfilePath,
      stale: 20_000,
      update: 5000,
      onCompromised: ignore,
    });
    // A lock that was thought to be another's, as after a time without a core, is left standing by the library.
    process.once("exit", () => rmSync(lockfilePath, { recursive: true, force: true }));
  } catch (error) {
    if (errorCode(error) !== "ELOCKED") throw error;
    throw new AlreadyStarting(
      `another npm start works in ${path.resolve(folder.directory)}; wait until it ends and start again ` +
        "(20 s after it was killed, this says so no more), or use a clone of its own beside it",
      { cause: error },
    );
  }
}

/** A machine that slept has let the lock grow old: whoever took it since says so itself. */
const ignore = (): void => undefined;

/** What a person reads when `npm start` has failed. */
export async function explainFailure(error: Error, folder: SessionFolder): Promise<string> {
  const code = errorCode(error);
  if (code === "ENOSPC" || code === "EDQUOT")
    return `the disk that holds ${path.resolve(folder.directory)} is full: free some space and run npm start again, it goes on from here`;
  const ended = folder.read() !== undefined && (await folder.running()) === undefined;
  if (!ended) return error.message;
  return (
    `${error.message}\n\nThe local AWS has ended meanwhile (its last words are in ${folder.log}). ` +
    "Run npm start again: it sets aside what this one left, and begins anew."
  );
}

/** A variable for the shell, whatever its value holds. */
export const shellLine = ([name, value]: readonly [string, string]): string =>
  `export ${name}='${value.replaceAll("'", "'\\''")}'`;

/** Puts the kit's own Terraform on the shell's PATH, where that is what the local AWS was deployed with. */
export function toolsLine(): string[] {
  const terraform = findProgram("terraform");
  if (!terraform?.startsWith(toolsFolder() + path.sep)) return [];
  return [`${shellLine(["PATH", path.dirname(terraform)])}:"$PATH"`];
}
