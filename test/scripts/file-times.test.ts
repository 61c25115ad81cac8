import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type FileTime, readTimes, timesTable, writeTimes } from "../support/file-times";

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
