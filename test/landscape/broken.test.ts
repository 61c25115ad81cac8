import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { repository } from "../support/repository";
import { runInProcess } from "../support/run-in-process";
import { type BrokenLandscape, brokenLandscapes } from "./broken-landscapes";

interface Outcome {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

function runProgram(args: readonly string[], cwd: string, environment: NodeJS.ProcessEnv = process.env) {
  return new Promise<{ exitCode: number | null; stdout: string; stderr: string }>((resolve) => {
    const child = spawn(process.execPath, args, { cwd, env: { ...environment, NO_COLOR: "1" } });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    child.stderr.on("data", (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    child.on("close", (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
}

const runHere = async (words: readonly string[], directory: string) => {
  const { exitCode, stdout, stderr } = await runInProcess(words, { directory });
  return { exitCode, stdout, stderr };
};

const runAsUser = (words: readonly string[], cwd: string) =>
  runProgram([path.join(repository, "bin", "ir-kit.js"), ...words], cwd);

async function validate(
  broken: BrokenLandscape,
  run: typeof runHere | typeof runAsUser = runHere,
): Promise<Outcome> {
  const directory = mkdtempSync(path.join(tmpdir(), "ir-kit-broken-"));
  try {
    const file = broken.write(directory);
    const before = readdirSync(directory).sort();
    const result = await run(["validate", "--config", file], directory);
    return { ...result, before, after: readdirSync(directory).sort() };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

describe("a broken landscape", () => {
  it("is tested in at least 40 ways, each with a name of its own", () => {
    expect(brokenLandscapes.length).toBeGreaterThanOrEqual(40);
    expect(new Set(brokenLandscapes.map(({ name }) => name)).size).toBe(brokenLandscapes.length);
  });

  it.each(brokenLandscapes.map((broken) => [broken.name, broken] as const))(
    "is refused with place, value and remedy: %s",
    async (_, broken) => {
      const { exitCode, stdout, stderr, before, after } = await validate(broken);
      expect(stderr).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
      for (const fragment of broken.says) expect(stderr).toContain(fragment);
      if (broken.problems !== undefined) expect(stderr).toContain(`${broken.problems} problems`);
      expect({ exitCode, stdout, after }).toEqual({ exitCode: 2, stdout: "", after: before });
    },
  );

  const some = brokenLandscapes.filter((_, index) => index % 12 === 0);
  it.concurrent.each(some.map((broken) => [broken.name, broken] as const))(
    "is refused by the program, started by its user, in the same words: %s",
    async (_, broken) => {
      const started = await validate(broken, runAsUser);
      for (const fragment of broken.says) expect(started.stderr).toContain(fragment);
      expect({ ...started, stderr: "" }).toEqual({
        exitCode: 2,
        stdout: "",
        stderr: "",
        before: started.before,
        after: started.before,
      });
    },
  );

  it("is refused by synthesis too, which then writes nothing", async () => {
    const directory = mkdtempSync(path.join(tmpdir(), "ir-kit-broken-"));
    try {
      const broken = brokenLandscapes.find(({ name }) => name === "three mistakes at once");
      const file = broken?.write(directory) ?? "";
      const result = await runProgram([path.join(repository, "bin", "run.js"), "main.ts"], directory, {
        ...process.env,
        IR_KIT_CONFIG: file,
      });
      expect(result.exitCode).toBe(2);
      expect(result.stderr.trim().split("\n")).toHaveLength(3);
      expect(readdirSync(directory)).toEqual(["landscape.yaml"]);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
});
