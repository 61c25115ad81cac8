import { readFileSync } from "node:fs";
import path from "node:path";
import { endpointServiceNames } from "../policies/forensic-endpoints";
import { questions } from "../questions";
import { rules } from "./review/examples";
import { repository } from "./support/repository";

const readme = readFileSync(path.join(repository, "README.md"), "utf8");
const { engines } = JSON.parse(readFileSync(path.join(repository, "package.json"), "utf8")) as {
  readonly engines: { readonly node: string };
};

/** Small numbers are written as words. */
const words = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
const written = (count: number): string => words[count] ?? String(count);

/** Every figure of the README that the code can count. */
const figures: readonly (readonly [what: RegExp, count: number])[] = [
  [/(\S+) saved questions/, questions.length],
  [/judged by (\S+) rules/, rules.length],
  [/S3 and (\S+) endpoints/, endpointServiceNames.length],
];

describe("README.md", () => {
  it.each(figures)("%s is what the code has", (what, count) => {
    expect(what.exec(readme)?.[1]).toBe(written(count));
  });

  it("asks for the Node that package.json asks for", () => {
    expect(`>=${/Node (\d+\.\d+)/.exec(readme)?.[1]}`).toBe(engines.node);
  });

  it("has no other figure of what the kit has", () => {
    const table = readme.slice(readme.indexOf("## What it does today"), readme.indexOf("## Try it"));
    const counted = figures.reduce((text, [what]) => text.replace(what, ""), table);
    expect(counted.match(/\b\d+\b/g) ?? []).toEqual([]);
  });
});
