import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { emulatorCommand } from "../local-aws/tools";
import { repository } from "../support/repository";

/** Python that has botocore: the emulator's program begins with its path, or is a shim that lies beside it. */
const emulatorsPython = (): string => {
  const program = emulatorCommand();
  const [first = ""] = readFileSync(program, "utf8").split("\n");
  return /^#!.*\/python[\d.]*$/.test(first) ? first.slice(2) : path.join(path.dirname(program), "python3");
};

it("quotas/published.json is what AWS's models of its APIs say", () => {
  const check = path.join(repository, "scripts", "published-limits.py");
  expect(() => execFileSync(emulatorsPython(), [check, "--check"], { stdio: "pipe" })).not.toThrow();
});
