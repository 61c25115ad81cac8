import { lstatSync, readFileSync } from "node:fs";
import path from "node:path";
import { Value } from "@sinclair/typebox/value";
import { inert, type Problem, type Result, show } from "../problems";
import { contradictionsIn } from "./contradictions";
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
  const refused = (field: string, message: string) => failure([{ file, field, message }]);
  let text: string;
  try {
    // A link that leads nowhere is no missing file: what it led to is.
    if (!lstatSync(file, { throwIfNoEntry: false })) return { ok: true, value: undefined };
    text = readFileSync(file, "utf8");
  } catch (error) {
    return refused("", `can't be read (${inert((error as Error).message)}); ${restore}`);
  }
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    return refused(
      "",
      `is not JSON (${inert((error as Error).message)}); after a merge, keep the lines of both sides; else ${restore}`,
    );
  }
  if (data === null || typeof data !== "object" || Array.isArray(data) || !("version" in data)) {
    return refused("version", `is missing, so that this is no record of what is deployed; ${restore}`);
  }
  if (data.version !== DeployedSchema.properties.version.const) {
    return refused(
      "version",
      `${show(data.version)} is not 1, which this version of the kit reads; use the version that wrote the file`,
    );
  }
  const problems = [...Value.Errors(DeployedSchema, data)].map(
    ({ path: field, value, message }): Problem => ({
      file,
      field: field.slice(1).replaceAll("/", "."),
      message: `${show(value)}: ${message}; ${restore}`,
    }),
  );
  if (problems.length > 0) return failure(problems);
  const contradictions = contradictionsIn(data as Deployed).map(
    ({ field, message }): Problem => ({ file, field, message: `${message}; ${restore}` }),
  );
  return contradictions.length > 0 ? failure(contradictions) : { ok: true, value: data as Deployed };
}

const restore = "restore the file from version control";

const failure = (problems: readonly Problem[]): Result<never> => ({ ok: false, problems });

/** The file's text: one line an entry and an address, sorted, so that two branches that add something merge. */
export function deployedText({ version, names, ...lists }: Deployed): string {
  const parts = [
    `  "version": ${version}`,
    `  "names": ${JSON.stringify(names)}`,
    ...Object.entries(lists).map(([key, entries]) => {
      const lines = entries.map((entry) => `    ${entryText(entry)}`);
      return lines.length === 0 ? `  "${key}": []` : `  "${key}": [\n${lines.join(",\n")}\n  ]`;
    }),
  ];
  return `{\n${parts.join(",\n")}\n}\n`;
}

function entryText(entry: object): string {
  const fields = Object.entries(entry).map(([key, value]) => {
    const isLong = Array.isArray(value) && key !== "core";
    const text = isLong ? `[\n${linesOf(value)}\n    ]` : JSON.stringify(value);
    return `${JSON.stringify(key)}: ${text}`;
  });
  return `{ ${fields.join(", ")} }`;
}

const linesOf = (addresses: readonly unknown[]): string =>
  addresses.map((address) => `      ${JSON.stringify(address)}`).join(",\n");
