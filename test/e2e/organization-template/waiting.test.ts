import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { forkOrganization, untilOver } from "../organization/fork";
import { TemplateFolder } from "./folder";
import { folderVariable } from "./start";

describe("waiting for the template", () => {
  let folder: TemplateFolder;
  const before = process.env[folderVariable];

  beforeEach(() => {
    folder = new TemplateFolder(mkdtempSync(path.join(tmpdir(), "ir-kit-waiting-")));
    folder.make();
    process.env[folderVariable] = folder.directory;
  });

  afterEach(() => {
    rmSync(folder.directory, { recursive: true, force: true });
    if (before === undefined) delete process.env[folderVariable];
    else process.env[folderVariable] = before;
  });

  it("goes on until it stands", async () => {
    folder.say({ state: "deploying", processId: process.pid, step: "apply of trail" });
    const waiting = untilOver(folder);
    folder.say({ state: "ready", processId: process.pid, port: 1 });
    expect(await waiting).toEqual({ state: "ready", processId: process.pid, port: 1 });
  });

  it("ends at once with the error of a deployment that failed", async () => {
    folder.say({ state: "failed", processId: process.pid, message: "trail ended with 1: AccessDenied" });
    await expect(forkOrganization()).rejects.toThrow(
      "the organization was not deployed: trail ended with 1: AccessDenied",
    );
  });

  it("ends at once where the process is gone, with its last words", async () => {
    const { pid } = spawnSync(process.execPath, ["--version"]);
    folder.say({ state: "deploying", processId: pid, step: "apply of trail" });
    writeFileSync(folder.log, "the disk is full");
    await expect(forkOrganization()).rejects.toThrow(/is gone: the disk is full/);
  });

  it("says how the tests are to be run where nothing deploys it", async () => {
    delete process.env[folderVariable];
    await expect(forkOrganization()).rejects.toThrow("the repository's own jest.config.js");
  });
});
