import { readFileSync } from "node:fs";
import type { Finding, Problem } from "../problems";
import { fieldName } from "../problems";
import { parseYaml, toProblem } from "../yaml";

/** Findings about a landscape that is right by itself, with their lines in its file. */
export function placed(file: string, findings: readonly Finding[]): Problem[] {
  if (findings.length === 0) return [];
  const yaml = parseYaml(file, readFileSync(file, "utf8"));
  return findings.map((finding) =>
    yaml.data === undefined
      ? { file, field: fieldName(finding.path), message: finding.message }
      : toProblem(file, yaml, finding),
  );
}
