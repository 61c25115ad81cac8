import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { linuxUserData, userDataLimit, windowsUserData } from "../../constructs/user-data";
import { mostTools } from "../../landscape/schema/forensics";
import { shellCheck } from "../support/shell-check";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const tool = "#!/bin/sh\necho tool\n";

const setting = {
  region: "eu-west-1",
  toolsBucket: "acme-ir-tools-444444444444-eu-west-1",
  tools: [
    { platform: "linux", key: "volatility/vol", sha256: sha256(tool) },
    { platform: "linux", key: "swapped", sha256: sha256("what the landscape pins") },
    { platform: "linux", key: "missing", sha256: sha256("gone") },
    { platform: "windows", key: "vol.exe", sha256: sha256("windows") },
  ],
  logGroup: "/acme-ir/sessions",
} as const;

/** Runs a few of the script's functions as a machine does, in folders of the test. */
class Machine {
  readonly folder = mkdtempSync(path.join(tmpdir(), "ir-kit-machine-"));
  private readonly script = path.join(this.folder, "user-data.sh");
  readonly record = path.join(this.folder, "start.jsonl");
  readonly command = path.join(this.folder, "ir-kit-evidence");

  constructor(tools: (typeof setting)["tools"] | readonly [] = setting.tools) {
    writeFileSync(this.script, linuxUserData({ ...setting, tools }));
    const commands = path.join(this.folder, "bin");
    mkdirSync(commands);
    // Gives what lies in the bucket of the test, as `aws s3api get-object` would.
    writeFileSync(
      path.join(commands, "aws"),
      `#!/bin/bash
while [ $# -gt 1 ]; do [ "$1" = --key ] && key=$2; shift; done
[ -f "${this.folder}/bucket/$key" ] && cp "${this.folder}/bucket/$key" "$1"
`,
    );
    chmodSync(path.join(commands, "aws"), 0o755);
    mkdirSync(path.join(this.folder, "bucket", "volatility"), { recursive: true });
    writeFileSync(path.join(this.folder, "bucket", "volatility", "vol"), tool);
    writeFileSync(path.join(this.folder, "bucket", "swapped"), "what somebody put there");
  }

  run(commands: string): string {
    return execFileSync("bash", ["--norc", "-c", `. ${this.script}\n${commands}`], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        PATH: `${path.join(this.folder, "bin")}:${process.env.PATH}:/usr/sbin:/sbin`,
        IR_KIT_FUNCTIONS_ONLY: "1",
        IR_KIT_RECORD: this.record,
        IR_KIT_EVIDENCE: path.join(this.folder, "evidence"),
        IR_KIT_TOOLS_FOLDER: path.join(this.folder, "tools"),
        IR_KIT_COMMAND: this.command,
      },
    });
  }

  said(): { what: string; detail: string }[] {
    return readFileSync(this.record, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { what: string; detail: string });
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

describe("user data of a machine on which evidence is looked at", () => {
  it("passes ShellCheck", () => {
    expect(shellCheck(linuxUserData(setting))).toEqual([]);
    // That it can fail:
    expect(shellCheck("#!/bin/bash\necho $x\n")).not.toEqual([]);
  });

  it("fits, with as many tools as a landscape can name", () => {
    const key = `${"k".repeat(190)}/tool`;
    const many = Array.from({ length: mostTools }, () => ({
      platform: "linux" as const,
      key,
      sha256: "0".repeat(64),
    }));
    for (const text of [
      linuxUserData({ ...setting, tools: many }),
      windowsUserData({
        ...setting,
        tools: many.map((one) => ({ ...one, platform: "windows" })),
      }),
    ]) {
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(userDataLimit);
    }
  });

  it("fetches nothing from anywhere but the tools bucket", () => {
    for (const text of [linuxUserData(setting), windowsUserData(setting)]) {
      expect(text).not.toMatch(/\b(dnf|yum|apt-get|rpm|pip|wget|Invoke-WebRequest|Install-Module|choco)\b/);
      const addresses = [...text.matchAll(/https?:\/\/([^/\s'"]+)/g)].map(([, host]) => host);
      // The machine's own metadata.
      expect(new Set(addresses)).toEqual(text.startsWith("#!") ? new Set(["169.254.169.254"]) : new Set());
    }
  });

  it("takes a tool that is what the landscape pins, and refuses another", () => {
    const machine = new Machine();
    try {
      machine.run("fetch_tools");
      expect(machine.said().map(({ what, detail }) => [what, detail.split(" ")[0]])).toEqual([
        ["tool", "volatility/vol,"],
        ["tool refused", "swapped"],
        ["tool not had", "missing"],
      ]);
      const tools = path.join(machine.folder, "tools");
      expect(execFileSync(path.join(tools, "vol"), { encoding: "utf8" })).toBe("tool\n");
      expect(() => readFileSync(path.join(tools, "swapped"))).toThrow("ENOENT");
    } finally {
      machine.close();
    }
  });

  it("says so where there are no tools", () => {
    const machine = new Machine([]);
    try {
      machine.run("fetch_tools");
      expect(machine.said()).toMatchObject([{ what: "no tools" }]);
    } finally {
      machine.close();
    }
  });

  it("records as JSON whatever a disk or a tool is called", () => {
    const machine = new Machine();
    try {
      machine.run(`say weird 'a "quoted" \\ name'$'\\n''and more'`);
      expect(machine.said()).toMatchObject([{ what: "weird", detail: 'a "quoted" \\ nameand more' }]);
    } finally {
      machine.close();
    }
  });

  it("leaves analysts a command for disks that come later, of the same functions", () => {
    const machine = new Machine();
    try {
      machine.run("leave_command");
      const text = readFileSync(machine.command, "utf8");
      expect(shellCheck(text)).toEqual([]);
      // As on the machine, with what cloud-init keeps of the user data in its place, and no disk there.
      const script = text.replace(
        "/var/lib/cloud/instance/user-data.txt",
        path.join(machine.folder, "user-data.sh"),
      );
      writeFileSync(machine.command, script.replace("open_evidence\n", "declare -F open_evidence\n"));
      expect(machine.run(machine.command)).toContain("open_evidence\n");
    } finally {
      machine.close();
    }
  });

  const describeWithLoop = loopDevices() ? describe : describe.skip;
  describeWithLoop("with a disk of evidence attached", () => {
    let machine: Machine;
    let image: string;
    let loop: string;
    const run = (file: string, ...args: string[]) =>
      execFileSync(file, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();
    const digest = () => createHash("sha256").update(readFileSync(image)).digest("hex");

    beforeEach(() => {
      machine = new Machine();
      image = path.join(machine.folder, "disk.img");
      const evidence = path.join(machine.folder, "content");
      mkdirSync(evidence);
      writeFileSync(path.join(evidence, "malware"), "#!/bin/sh\necho infected\n", { mode: 0o755 });
      execFileSync("truncate", ["--size", "32M", image]);
      execFileSync("/usr/sbin/mkfs.ext4", ["-q", "-d", evidence, image]);
      loop = attached(image);
    });

    /** A loop device stays read-only after it was given back. */
    function attached(file: string): string {
      const device = run("/usr/sbin/losetup", "--find", "--show", file);
      run("/usr/sbin/blockdev", "--setrw", device);
      return device;
    }

    afterEach(() => {
      try {
        run("umount", "--recursive", path.join(machine.folder, "evidence", path.basename(loop)));
      } catch {
        // Not every test mounts it.
      }
      run("/usr/sbin/losetup", "--detach", loop);
      machine.close();
    });

    it("refuses every write below the file system, and leaves not one byte changed", () => {
      const before = digest();
      machine.run(`protect ${loop} && mount_evidence ${loop}`);
      expect(machine.said().map(({ what }) => what)).toEqual(["read-only", "mounted"]);
      const mounted = path.join(machine.folder, "evidence", path.basename(loop));
      expect(readFileSync(path.join(mounted, "malware"), "utf8")).toContain("infected");
      expect(() => run("dd", "if=/dev/zero", `of=${loop}`, "bs=512", "count=1", "conv=fsync")).toThrow();
      expect(() => run("mount", "-o", "remount,rw", mounted)).toThrow();
      expect(() => writeFileSync(path.join(mounted, "x"), "x")).toThrow("EROFS");
      run("umount", mounted);
      expect(digest()).toBe(before);
    });

    it("is mounted once, however often it is opened", () => {
      const only = `other_disks() { echo ${loop}; }`;
      machine.run(`${only}\nopen_evidence\nopen_evidence`);
      expect(machine.said().map(({ what }) => what)).toEqual(["read-only", "mounted", "read-only"]);
    });

    it("runs nothing that lies on it", () => {
      machine.run(`protect ${loop} && mount_evidence ${loop}`);
      const mounted = path.join(machine.folder, "evidence", path.basename(loop));
      expect(() => run(path.join(mounted, "malware"))).toThrow("EACCES");
      const options = run("findmnt", "--noheadings", "--output", "OPTIONS", mounted);
      for (const option of ["ro", "nosuid", "nodev", "noexec"]) expect(options.split(",")).toContain(option);
    });

    it("does not play back a journal that the machine left open", () => {
      // As of a machine that was copied while it ran: the file system says that it needs recovery.
      const folder = path.join(machine.folder, "live");
      mkdirSync(folder);
      run("mount", loop, folder);
      writeFileSync(path.join(folder, "written"), "while it ran");
      const copy = path.join(machine.folder, "copy.img");
      run("dd", `if=${loop}`, `of=${copy}`, "bs=1M");
      run("umount", folder);
      const other = attached(copy);
      try {
        const before = sha256(readFileSync(copy, "latin1"));
        machine.run(`protect ${other} && mount_evidence ${other}`);
        expect(machine.said().map(({ what }) => what)).toEqual(["read-only", "mounted"]);
        run("umount", path.join(machine.folder, "evidence", path.basename(other)));
        expect(sha256(readFileSync(copy, "latin1"))).toBe(before);
      } finally {
        run("/usr/sbin/losetup", "--detach", other);
      }
    });

    it("is not mounted where it can't be protected", () => {
      const said = machine.run(
        `blockdev() { [ "$1" = --getro ] && echo 0; return 0; }\nprotect ${loop} && mount_evidence ${loop} || echo left`,
      );
      expect([said.trim(), machine.said().map(({ what }) => what)]).toEqual(["left", ["not protected"]]);
    });
  });
});

/** Loop devices need root and a kernel that has them; elsewhere the tests are skipped, and the runner counts them. */
function loopDevices(): boolean {
  try {
    execFileSync("/usr/sbin/losetup", ["--find"], { stdio: "ignore" });
    return process.getuid?.() === 0;
  } catch (error) {
    process.stderr.write(`left out: tests with a loop device: ${(error as Error).message}\n`);
    return false;
  }
}
