import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type FileTime, readTimes, recordTimes, timesTable, writeTimes } from "../support/file-times";
import { repository } from "../support/repository";
import { ordered } from "../support/test-order";

const file = (name: string, seconds: number, cpu?: number): FileTime => ({
  file: name,
  project: "unit",
  seconds,
  ...(cpu !== undefined && { cpu }),
});

describe("what test files have cost", () => {
  it("is told slowest first, a file that did not load without its CPU, with the total", () => {
    const files = [file("a.test.ts", 1, 0.5), file("b.test.ts", 20.04, 18), file("c.test.ts", 0)];
    expect(timesTable({ ended: "then", files }).split("\n").slice(1)).toEqual([
      "    20.0     18.0  b.test.ts",
      "     1.0      0.5  a.test.ts",
      "     0.0           c.test.ts",
      "    21.0     18.5  3 files in all",
      "",
    ]);
  });

  it("is told of twenty files; of the others, in one line", () => {
    const files = Array.from({ length: 23 }, (_, index) => file(`${index}.test.ts`, 100 - index, 1));
    const lines = timesTable({ ended: "then", files }).trim().split("\n");
    expect(lines).toHaveLength(1 + 20 + 2);
    expect(lines.at(-2)).toBe("   237.0      3.0  3 others");
    expect(lines.at(-1)).toBe("  2047.0     23.0  23 files in all");
  });

  it("is kept for later; where nothing is kept, nothing is told", () => {
    const directory = mkdtempSync(path.join(tmpdir(), "file-times-"));
    try {
      const kept = path.join(directory, "cache", "times.json");
      expect(readTimes(kept)).toBeUndefined();
      const times = { ended: "then", files: [file("a.test.ts", 1, 0.5)] };
      writeTimes(times, kept);
      expect(readTimes(kept)).toEqual(times);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
});

describe("the order of test files", () => {
  const named = (names: readonly string[]) =>
    names.map((name) => ({ path: path.join(repository, "test", `${name}.test.ts`) }));

  it("rests on files that there are", () => {
    const recorded = Object.keys(
      JSON.parse(readFileSync(path.join(repository, "test", "file-times.json"), "utf8")),
    );
    expect(recorded.filter((file) => !existsSync(path.join(repository, file)))).toEqual([]);
    expect(recorded).toContain("test/e2e/organization/rehoming.test.ts");
  });

  it("begins with what lasts long, and has what needs the organization wait beside what computes", () => {
    const long = Array.from({ length: 20 }, (_, index) => `long-${index}`);
    const short = ["short-1", "short-2"];
    const needing = ["e2e/organization/deploy", "e2e/organization/rehoming"];
    const seconds = (name: string) => (name.startsWith("long") ? 50 : 1);
    const order = ordered(named([...needing, ...short, ...long]), {
      secondsOf: ({ path: file }) => seconds(path.basename(file)),
      workers: 2,
    }).map(({ path: file }) => path.basename(file, ".test.ts"));
    expect(order.slice(0, 15)).toEqual(long.slice(0, 15));
    expect(order.slice(15)).toEqual([
      "deploy",
      ...long.slice(15, 19),
      "rehoming",
      "long-19",
      "short-1",
      "short-2",
    ]);
  });

  it("is kept from a run: what took long, in whole seconds", () => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), "file-times-")), "record.json");
    const time = (name: string, seconds: number): FileTime => ({ file: name, project: "unit", seconds });
    const exists = (name: string) => name !== "gone";
    writeFileSync(file, '{ "c": 40, "other": 20, "gone": 30 }');
    recordTimes({ ended: "then", files: [time("b", 12.4), time("a", 100.6), time("c", 3)] }, file, exists);
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({ a: 101, b: 12, other: 20 });
  });
});
