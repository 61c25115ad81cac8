import { spawn } from "node:child_process";
import { processCpu } from "../test/support/process-cpu";
import { repository } from "../test/support/repository";

/** What a program and all that it started have used. */
export interface Usage {
  /** Seconds of CPU. */
  readonly cpu: number;
  /** The most memory that one process of them had, in MiB. */
  readonly memory: number;
}

/** Node doesn't tell what children have used; Python does, of all below that have ended. */
const script = `
import json, resource, subprocess, sys
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
unit = 1 if sys.platform == "darwin" else 1024
print(json.dumps({"code": code, "cpu": used.ru_utime + used.ru_stime, "memory": used.ru_maxrss * unit / 2 ** 20}))
`;

/** @throws Error where the program fails, with what it said on standard error */
export function usageOf(command: readonly string[], environment: NodeJS.ProcessEnv): Promise<Usage> {
  return new Promise((resolve, reject) => {
    const child = spawn("python3", ["-c", script, ...command], {
      cwd: repository,
      env: environment,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [answer, said] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => {
      answer += chunk.toString();
    });
    child.stderr.on("data", (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-2000);
    });
    child.on("error", reject);
    child.on("close", () => {
      const { code, ...usage } = JSON.parse(answer || '{"code":1}') as Usage & { readonly code: number };
      if (code === 0) resolve(usage);
      else reject(new Error(`${command.join(" ")} failed: ${said}`));
    });
  });
}

/** Seconds of CPU of processes that still run; 0 where the system does not tell. */
export const cpuOf = (processIds: readonly number[]): number =>
  processIds.reduce((sum, id) => sum + processCpu(id, "own"), 0);
