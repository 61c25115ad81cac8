import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { Value } from "@sinclair/typebox/value";
import { inert, type Problem, type Result, show } from "../problems";
import { type Deployed, DeployedSchema } from "./schema";

/** Beside the landscape, and committed with it. */
export const deployedFile = (landscapeFile: string): string =>
  path.join(path.dirname(landscapeFile), "deployed.lock.json");

/**
 * What the lock file beside a landscape knows.
 *
 * @returns nothing where there is no such file; every problem of one that can't be used
 */
export function readDeployed(landscapeFile: string): Result<Deployed | undefined> {
  const file = deployedFile(landscapeFile);
  if (!existsSync(file)) return { ok: true, value: undefined };
  let data: unknown;
  try {
    data = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    return failure([
      {
        file,
        field: "",
        message: `is not JSON (${inert((error as Error).message)}); restore it from version control: after a merge, keep the lines of both sides`,
      },
    ]);
  }
  const version = (data as { version?: unknown } | null)?.version;
  if (version !== DeployedSchema.properties.version.const) {
    return failure([
      {
        file,
        field: "version",
        message: `${show(version)} is not 1, which this version of the kit reads; use the version that wrote the file`,
      },
    ]);
  }
  const problems = [...Value.Errors(DeployedSchema, data)].map(
    ({ path: field, value, message }): Problem => ({
      file,
      field: field.slice(1).replaceAll("/", "."),
      message: `${show(value)}: ${message}; restore the file from version control`,
    }),
  );
  return problems.length > 0 ? failure(problems) : { ok: true, value: data as Deployed };
}

const failure = (problems: readonly Problem[]): Result<never> => ({ ok: false, problems });

/** The file's text: one line an entry, sorted, so that two branches that add something merge. */
export function deployedText({ version, names, ...lists }: Deployed): string {
  const parts = [
    `  "version": ${version}`,
    `  "names": ${JSON.stringify(names)}`,
    ...Object.entries(lists).map(([key, entries]) => {
      const lines = entries.map((entry) => `    ${JSON.stringify(entry)}`);
      return lines.length === 0 ? `  "${key}": []` : `  "${key}": [\n${lines.join(",\n")}\n  ]`;
    }),
  ];
  return `{\n${parts.join(",\n")}\n}\n`;
}
