import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { crossCheck, type SoundPart } from "./cross-checks";
import type { Landscape } from "./model";
import { didYouMean, type FieldPath, type Finding, type Problem, type Result } from "./problems";
import { parseQuickly } from "./quick-yaml";
import { readBeside } from "./read-text";
import { resolve } from "./resolve";
import type { LandscapeFile } from "./schema";
import { checkShape } from "./shape";
import { parseYaml, toProblem } from "./yaml";

const maximumBytes = 5 * 1024 * 1024;

export const defaultLandscapePath = "config/landscape.yaml";

/** Path of the landscape: the `--config` option, else `IR_KIT_CONFIG`, else `config/landscape.yaml`. */
export const landscapePath = (option?: string): string =>
  option || process.env.IR_KIT_CONFIG || defaultLandscapePath;

/** What more is looked at once a landscape is sound in itself, such as the sizes of what is made of it. */
export type FurtherCheck = (landscape: Landscape) => readonly Finding[];

/**
 * Reads, checks and resolves a landscape file.
 *
 * @param further looked at where nothing else is wrong
 * @returns the landscape, or every problem found, each with its line. Never throws for what the file contains.
 */
export function loadLandscape(file: string, further?: FurtherCheck): Result<Landscape> {
  const text = readText(file);
  return text.ok ? parseLandscape(file, text.value, further) : text;
}

/** As {@link loadLandscape}, for a text that is in hand already. */
export function parseLandscape(
  file: string,
  text: string,
  further: FurtherCheck = () => [],
): Result<Landscape> {
  const readText = readBeside(file);
  const quick = parseQuickly(text);
  if (
    quick !== undefined &&
    checkShape(quick).length === 0 &&
    crossCheck(quick as SoundPart, [], readText).length === 0
  ) {
    const value = resolve(quick as LandscapeFile, readText);
    if (further(value).length === 0) return { ok: true, value };
  }
  const yaml = parseYaml(file, text);
  if (yaml.data === undefined) return { ok: false, problems: yaml.problems };
  if (yaml.data === null) {
    return failure(file, "the file is empty; config/landscape.yaml of the kit is a complete example");
  }
  const shape = checkShape(yaml.data, yaml.sourceOf);
  const toProblems = (findings: readonly Finding[]) =>
    findings.map((finding) => toProblem(file, yaml, finding));
  const findings = [...shape, ...crossCheck(soundPart(yaml.data, shape), shape, readText)];
  const problems = [...yaml.problems, ...toProblems(findings)];
  if (problems.length > 0) return { ok: false, problems: problems.sort(byPlace) };
  const value = resolve(yaml.data as LandscapeFile, readText);
  const later = toProblems(further(value));
  return later.length > 0 ? { ok: false, problems: later.sort(byPlace) } : { ok: true, value };
}

const byPlace = (a: Problem, b: Problem) =>
  (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);

const failure = (file: string, message: string): Result<never> => ({
  ok: false,
  problems: [{ file, field: "", message }],
});

function readText(file: string): Result<string> {
  let bytes: Buffer;
  try {
    const status = statSync(file);
    if (status.isDirectory()) return failure(file, "is a directory; name the file in it");
    if (!status.isFile()) return failure(file, "is not an ordinary file");
    if (status.size > maximumBytes) {
      const size = (status.size / 1024 / 1024).toFixed(1);
      return failure(file, `has ${size} MiB; a landscape has at most ${maximumBytes / 1024 / 1024} MiB`);
    }
    bytes = readFileSync(file);
  } catch (error) {
    return failure(file, explainReadError(file, error as NodeJS.ErrnoException));
  }
  if (/^(?:fffe|feff)/.test(bytes.toString("hex", 0, 2)))
    return failure(file, "is UTF-16 text; save it as UTF-8");
  if (bytes.includes(0))
    return failure(file, "is a binary file (it contains a zero byte); expected YAML text");
  try {
    return { ok: true, value: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    return failure(file, "is not UTF-8 text; save it as UTF-8");
  }
}

function explainReadError(file: string, error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case "ENOENT":
    case "ENOTDIR":
      return `no such file${neighbour(file)}; name another with --config or IR_KIT_CONFIG`;
    case "EACCES":
    case "EPERM":
      return "may not be read: permission denied";
    case "ELOOP":
      return "is a symbolic link that leads back to itself";
    case "ENAMETOOLONG":
      return "the name is too long";
    default:
      return `cannot be read: ${error.code ?? error.message}`;
  }
}

function neighbour(file: string): string {
  try {
    const names = readdirSync(path.dirname(file)).filter((name) => /\.ya?ml$/.test(name));
    return didYouMean(path.basename(file), names).replace(/\?$/, "");
  } catch {
    return "";
  }
}

/** A copy without the fields that have the wrong shape. */
function soundPart(data: unknown, wrong: readonly Finding[]): SoundPart {
  if (wrong.length === 0) return data as SoundPart;
  if (wrong.some(({ path: field }) => field.length === 0)) return {};
  const copy = structuredClone(data) as SoundPart;
  for (const { path: field } of wrong) remove(copy, field);
  return copy;
}

function remove(root: unknown, field: FieldPath): void {
  let holder = root as Record<string | number, unknown> | undefined;
  for (const part of field.slice(0, -1))
    holder = holder?.[part] as Record<string | number, unknown> | undefined;
  const last = field[field.length - 1];
  if (holder === null || typeof holder !== "object" || last === undefined) return;
  // An index stays where it is, so that the others keep theirs.
  if (Array.isArray(holder)) holder[Number(last)] = undefined;
  else delete holder[last];
}
