import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cacheFolder } from "../../../bin/user-cache";
import { tell } from "../../local-aws/emulator";
import { repository } from "../../support/repository";
import type { Assignment } from "./daemon";
import { TemplateFolder } from "./folder";
import { digestOfSources } from "./sources";

/** Names the folder of the template to those who fork it. */
export const folderVariable = "IR_KIT_ORGANIZATION_FOLDER";

/** Whether a template is kept for the next run; it ends half an hour after the last. */
const kept = () => process.env.IR_KIT_KEEP_ORGANIZATION === "1";

/**
 * Begins to make a template, or finds the one that was kept of the same sources; does not wait for it.
 *
 * @param reviewed whether every stack is to be planned before the first is applied
 */
export function startTemplate(reviewed: boolean): TemplateFolder {
  if (kept()) return findKept();
  const directory = mkdtempSync(path.join(tmpdir(), "ir-kit-organization-"));
  return start({ directory, reviewed, owner: process.pid });
}

function findKept(): TemplateFolder {
  const builds = cacheFolder();
  if (builds === undefined)
    throw new Error("IR_KIT_KEEP_ORGANIZATION needs a home folder, or XDG_CACHE_HOME");
  const directory = path.join(path.dirname(builds), "organizations", digestOfSources());
  const folder = new TemplateFolder(directory);
  const status = folder.status();
  if (status !== undefined && status.state !== "failed" && tell(status.processId, 0)) return folder;
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  return start({ directory, reviewed: true });
}

function start(assignment: Assignment): TemplateFolder {
  const folder = new TemplateFolder(assignment.directory);
  folder.make();
  const log = openSync(folder.log, "a");
  const program = path.join(repository, "bin", "run.js");
  const child = spawn(
    process.execPath,
    [program, "test/e2e/organization-template/daemon.ts", JSON.stringify(assignment)],
    { cwd: repository, detached: true, stdio: ["ignore", log, log] },
  );
  child.unref();
  folder.say({ state: "deploying", processId: child.pid ?? 0, step: "start" });
  return folder;
}

/** Ends a template and what it has left behind, unless it is kept. */
export async function endTemplate(folder: TemplateFolder): Promise<void> {
  const status = folder.status();
  if (kept() || status === undefined) return;
  for (
    let waited = 0;
    waited < 10_000 && tell(status.processId, waited === 0 ? "SIGTERM" : 0);
    waited += 50
  ) {
    await sleep(50);
  }
  rmSync(folder.directory, { recursive: true, force: true });
}
