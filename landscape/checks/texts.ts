import { type FieldPath, type Finding, fieldName, show } from "../problems";
import { type Check, duplicates, type SoundPart } from "./check";

/** IAM compares tag keys without regard to case, and refuses a role that has one twice. */
function tagKeysDistinct({ tags }: SoundPart): Finding[] {
  return duplicates(
    Object.keys(tags ?? {}).map((key) => [["tags", key], key]),
    (_, first) => `differs from ${fieldName(first)} only in case; IAM takes them for one`,
    (key) => key.toLowerCase(),
  );
}

/** Terraform reads `${` and `%{` as expressions, wherever a text ends up. */
function noTerraformExpressions(file: SoundPart): Finding[] {
  const findings: Finding[] = [];
  const look = (value: unknown, path: FieldPath): void => {
    if (typeof value === "string" && /[$%]\{/.test(value)) {
      findings.push({ path, message: `${show(value)} contains \${ or %{, which Terraform would evaluate` });
    } else if (Array.isArray(value)) {
      value.forEach((item, index) => {
        look(item, [...path, index]);
      });
    } else if (value !== null && typeof value === "object") {
      for (const [key, item] of Object.entries(value)) look(item, [...path, key]);
    }
  };
  look(file, []);
  return findings;
}

export const textChecks: readonly Check[] = [tagKeysDistinct, noTerraformExpressions];
