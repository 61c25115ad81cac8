import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/**
 * The notices of the packages that are bundled, as their licenses ask for; a text that many share stands once.
 *
 * @param root the kit's folder
 * @param sources what was bundled, as paths from there
 * @throws Error where a package has no text of its license, or one that is not known to be permissive
 */
export function thirdPartyNotices(root: string, sources: readonly string[]): string {
  const folders = sources.flatMap(
    (source) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(source)?.[0] ?? [],
  );
  const packages = new Map<string, Set<string>>();
  for (const folder of new Set(folders)) {
    const { title, text } = notice(path.join(root, folder));
    packages.set(text, (packages.get(text) ?? new Set()).add(title));
  }
  return [...packages]
    .map(([text, titles]) => `${[...titles].sort().join("\n")}\n\n${text}\n`)
    .sort()
    .join(`\n${"-".repeat(80)}\n\n`);
}

/** Under these, a package may be part of what ships; another one is for a person to judge. */
const permissive = new Set([
  "MIT",
  "Apache-2.0",
  "ISC",
  "0BSD",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "BlueOak-1.0.0",
]);

function notice(folder: string): { readonly title: string; readonly text: string } {
  const { name, version, license } = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")) as {
    name: string;
    version: string;
    license?: string;
  };
  if (!permissive.has(license ?? ""))
    throw new Error(
      `${name} ${version} is under ${license ?? "no license"}, which is not known to be permissive`,
    );
  const read = (file: string) => readFileSync(path.join(folder, file), "utf8").trim();
  const files = readdirSync(folder);
  const texts = files.filter((file) => /^(licen[cs]e|notice)/i.test(file)).map(read);
  // Some packages tell it at the end of their description.
  const description = files.find((file) => /^readme/i.test(file));
  const told = description && /^#*\s*licen[cs]e\b[\s\S]*/im.exec(read(description))?.[0];
  if (texts.length === 0 && told) texts.push(told);
  // The kit's own license has the same text.
  if (texts.length === 0 && license === "Apache-2.0") texts.push("See the file LICENSE of this package.");
  if (texts.length === 0) throw new Error(`${name} ${version} (${license}) has no text of its license`);
  return { title: `${name} ${version} (${license})`, text: texts.join("\n\n") };
}
