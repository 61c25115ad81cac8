import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { describeWithEmulator } from "../support/with-tools";
import { freePort, startEmulator } from "./emulator";
import { localEnvironment } from "./environment";
import { SessionFolder } from "./session";
import { AlreadyStarting, explainFailure, onlyHere, shellLine, toolsLine } from "./start-conditions";
import { kitTerraformFolder } from "./tool-cache/terraform";

let directory: string;
let folder: SessionFolder;
const environment = { ...process.env };

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), "ir-kit start ä-"));
  folder = new SessionFolder(path.join(directory, ".local-aws"));
});

afterEach(() => {
  process.env = { ...environment };
  rmSync(directory, { recursive: true, force: true });
});

describe("npm start", () => {
  it("refuses a second one in the same folder, and lets one in another folder be", async () => {
    await onlyHere(folder);
    await expect(onlyHere(folder)).rejects.toThrow(AlreadyStarting);
    await expect(onlyHere(folder)).rejects.toThrow(`another npm start works in ${folder.directory}`);
    await onlyHere(new SessionFolder(path.join(directory, "other clone")));
  });

  it("sets an earlier run aside without the lock that it holds itself", async () => {
    await onlyHere(folder);
    expect(folder.setAside()).toBeUndefined();
    await expect(onlyHere(folder)).rejects.toThrow(AlreadyStarting);
  });

  it("says that the disk is full in the place of a system error's words", async () => {
    const cause = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
    const message = await explainFailure(new Error("writing failed", { cause }), folder);
    expect(message).toContain(`the disk that holds ${folder.directory} is full`);
    expect(message).toContain("run npm start again");
  });

  it("says where the local AWS has ended meanwhile, and only then", async () => {
    const failure = new Error("cdktf deploy failed");
    expect(await explainFailure(failure, folder)).toBe("cdktf deploy failed");
    folder.write({
      port: await freePort(),
      processId: 1,
      managementAccount: "1",
      startedAt: "",
      providers: {},
      lanes: 2,
    });
    const message = await explainFailure(failure, folder);
    expect(message).toContain("cdktf deploy failed");
    expect(message).toContain("The local AWS has ended meanwhile");
    expect(message).toContain(folder.log);
  });
});

describe("what npm start writes for the shell", () => {
  it("holds values with quotes, spaces and dollars as they are", () => {
    const value = 'it\'s $HOME in a "folder ä"';
    const script = `${shellLine(["VALUE", value])}; printf %s "$VALUE"`;
    expect(execFileSync("sh", ["-c", script], { encoding: "utf8" })).toBe(value);
  });

  it("puts the kit's own Terraform on the PATH, where that is in use", () => {
    process.env.XDG_CACHE_HOME = directory;
    process.env.PATH = "/usr/bin:/bin";
    expect(toolsLine()).toEqual([]);
    const bin = path.join(kitTerraformFolder(), "bin");
    execFileSync("mkdir", ["-p", bin]);
    writeFileSync(path.join(bin, "terraform"), "", { mode: 0o755 });
    process.env.PATH = `${bin}:/usr/bin:/bin`;
    const script = `PATH=/usr/bin:/bin; ${toolsLine().join("\n")}\nprintf %s "$PATH"`;
    expect(execFileSync("sh", ["-c", script], { encoding: "utf8" })).toBe(`${bin}:/usr/bin:/bin`);
  });

  it("quotes the mirror's path in Terraform's own language", () => {
    process.env.IR_KIT_PROVIDER_MIRROR = '/a "b" ${c}';
    const { TF_CLI_CONFIG_FILE = "" } = localEnvironment(1, "eu-west-1", directory);
    expect(readFileSync(TF_CLI_CONFIG_FILE, "utf8")).toContain('path = "/a \\"b\\" $${c}"');
  });
});

describeWithEmulator("the emulator", () => {
  it("takes another port where the one it was given is in use", async () => {
    const taken = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
    const address = taken.address();
    const inUse = typeof address === "object" && address !== null ? address.port : 0;
    const ports = [inUse, await freePort()];
    const emulator = await startEmulator({ choosePort: async () => ports.shift() ?? 0 });
    expect(emulator.port).not.toBe(inUse);
    expect(ports).toEqual([]);
    await emulator.stop();
    taken.close();
  });

  it("tells that it was killed, and nothing where it was stopped", async () => {
    let deaths = 0;
    const onDeath = () => {
      deaths++;
    };
    const stopped = await startEmulator({ onDeath });
    await stopped.stop();
    expect(deaths).toBe(0);
    const died = new Promise<void>((resolve) => {
      void startEmulator({ onDeath: resolve }).then(({ processId }) => process.kill(processId, "SIGKILL"));
    });
    await died;
  });
});
