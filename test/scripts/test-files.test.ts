import path from "node:path";
import { longFiles, patternOf, shareOfLongFiles, sharingFiles } from "../../scripts/test-files";
import { repository } from "../support/repository";
import { lengthVariable, shareAt, shareNumber, shareOf } from "../support/share";

const commit = "0123456789abcdef0123456789abcdef01234567";

describe("a share", () => {
  it("is, over all numbers, everything once", () => {
    const items = ["a", "b", "c", "d", "e", "f", "g"];
    const shares = [0, 1, 2].map((number) => shareAt(items, 3, number));
    expect(shares).toEqual([
      ["a", "d", "g"],
      ["b", "e"],
      ["c", "f"],
    ]);
  });

  it("is chosen by the commit's hash", () => {
    expect(shareNumber(commit, 3)).toBe(0x0123456789ab % 3);
    const numbers = Array.from({ length: 30 }, (_, index) =>
      shareNumber(`${index.toString(16).padStart(12, "0")}${commit.slice(12)}`, 3),
    );
    expect(new Set(numbers)).toEqual(new Set([0, 1, 2]));
  });

  it.each([
    ["main", 3, "main is not a commit's hash"],
    [commit, 0, "parts is 0; allowed: a positive integer"],
    [commit, 1.5, "parts is 1.5; allowed: a positive integer"],
  ])("of %s in %p parts is refused", (hash, parts, message) => {
    expect(() => shareNumber(hash, parts)).toThrow(new RangeError(message));
  });

  it("of a table is the whole in the long run", () => {
    const before = process.env[lengthVariable];
    process.env[lengthVariable] = "whole";
    try {
      expect(shareOf("letters", ["a", "b", "c"], 3)).toEqual(["a", "b", "c"]);
    } finally {
      if (before === undefined) delete process.env[lengthVariable];
      else process.env[lengthVariable] = before;
    }
  });
});

describe("the long tests of an ordinary run", () => {
  const files = ["a", "b", "c", "d", "e"].map((name) =>
    path.join(repository, "test", `${name}.long.test.ts`),
  );

  it("are the files of one share in four, told with the commit", () => {
    // 0x0123456789ab is 3 modulo 4.
    expect(shareOfLongFiles(files, commit)).toEqual({
      files: [files[3]],
      message:
        "long tests, files: 1 of 5 (share 4 of 4, by commit 0123456789ab)\n  test/d.long.test.ts".replaceAll(
          "/",
          path.sep,
        ),
    });
  });

  it("that share a table are none of the long files: they would be shared twice", () => {
    expect(sharingFiles().filter((file) => longFiles().includes(file))).toEqual([]);
    expect(sharingFiles()).toContain(__filename);
  });
});

describe("a path among the arguments", () => {
  it("stands for that file or folder alone", () => {
    const file = new RegExp(patternOf("test/cost.test.ts"));
    expect(file.test(path.join(repository, "test", "cost.test.ts"))).toBe(true);
    expect(file.test(path.join(repository, "test", "cost-test.ts"))).toBe(false);
    const folder = new RegExp(patternOf("test/bin/"));
    expect(folder.test(path.join(repository, "test", "bin", "kept-build.test.ts"))).toBe(true);
    expect(folder.test(path.join(repository, "test", "binary.test.ts"))).toBe(false);
  });

  it.each(["--maxWorkers=1", "no-such-folder", "landscape", "."])(
    "is not seen in %s, which is Jest's",
    (argument) => expect(patternOf(argument)).toBe(argument),
  );
});
