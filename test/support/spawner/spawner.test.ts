import childProcess, { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";

const node = process.execPath;

async function outputOf(child: ChildProcess): Promise<{ stdout: string; stderr: string; how: unknown[] }> {
  const [stdout, stderr] = [[], []] as [Buffer[], Buffer[]];
  child.stdout?.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr?.on("data", (chunk: Buffer) => stderr.push(chunk));
  const how = await once(child, "close");
  return { stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString(), how };
}

const parentOf = (processId: number): number =>
  Number(/^PPid:\t(\d+)$/m.exec(readFileSync(`/proc/${processId}/status`, "utf8"))?.[1]);

describe("a program that a test starts", () => {
  it("is started by a small process, and not by the worker", async () => {
    const child = spawn(node, ["-e", "setTimeout(() => {}, 60_000)"], { stdio: "ignore" });
    await once(child, "spawn");
    expect(parentOf(child.pid ?? 0)).not.toBe(process.pid);
    expect(parentOf(parentOf(child.pid ?? 0))).toBe(process.pid);
    expect(child.kill()).toBe(true);
    expect(await once(child, "exit")).toEqual([null, "SIGTERM"]);
    expect([child.exitCode, child.signalCode, child.killed, child.kill()]).toEqual([
      null,
      "SIGTERM",
      true,
      false,
    ]);
  });

  it("tells what it writes, whole and in order, and how it ends", async () => {
    const program =
      'process.stdout.write("ä".repeat(500_000)); process.stderr.write("b"); process.exitCode = 7';
    const { stdout, stderr, how } = await outputOf(spawn(node, ["-e", program]));
    expect([stdout === "ä".repeat(500_000), stderr, how]).toEqual([true, "b", [7, null]]);
  });

  it("has the folder, the variables and the input that it is given", async () => {
    const program =
      'process.stdin.on("data", (d) => process.stdout.write(`${process.cwd()} ${process.env.A} ${d}`))';
    const child = spawn(node, ["-e", program], { cwd: "/", env: { A: "1" } });
    child.stdin?.end("in");
    expect((await outputOf(child)).stdout).toBe("/ 1 in");
  });

  it("fails as Node says it where there is no such program", async () => {
    const [error] = await once(spawn("/no/such/program", ["a"]), "error", {}).catch((one: unknown) => [one]);
    expect(error).toMatchObject({ code: "ENOENT", syscall: "spawn /no/such/program", spawnargs: ["a"] });
  });

  it("ends though nobody reads what it writes", async () => {
    const child = spawn(node, ["-e", 'process.stdout.write("x".repeat(100_000))']);
    expect(await once(child, "close")).toEqual([0, null]);
  });

  it("is started by the worker itself where it needs a channel or a file of it", async () => {
    const child = spawn(node, ["-e", 'process.send("hello")'], {
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    expect(await once(child, "message")).toEqual(["hello", undefined]);
    expect(childProcess.spawn).toBe(spawn);
  });
});
