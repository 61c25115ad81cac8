import { readFileSync } from "node:fs";
import path from "node:path";
import { formatProblem, type Landscape, parseLandscape } from "../landscape";
import { repository } from "../test/support/repository";

/** Absolute path of the example's landscape. */
export const exampleFile = path.join(repository, "config", "landscape.yaml");

export const exampleText = readFileSync(exampleFile, "utf8");

/** @throws where the text is no valid landscape, with its problems */
export function landscapeOf(text: string): Landscape {
  const result = parseLandscape("bench.yaml", text);
  if (result.ok) return result.value;
  throw new Error(result.problems.map(formatProblem).join("\n"));
}

/** The example with so many member accounts more. */
export const withMembers = (count: number): string => {
  const members = Array.from(
    { length: count },
    (_, index) => `  - { name: member-${index}, id: "${800_000_000_000 + index}", ou: sandbox }\n`,
  ).join("");
  return exampleText.replace("securityContact:", `${members}\nsecurityContact:`);
};
