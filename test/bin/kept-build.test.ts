import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { keptBuild, keyOf, stampsOf } from "../../bin/kept-build";
import { cacheFolder, pruneCache, writeToCache } from "../../bin/user-cache";

describe("a build that is kept", () => {
  let root: string;
  let builds: number;
  let cache: string;
  const { XDG_CACHE_HOME } = process.env;
  const source = () => path.join(root, "source.txt");

  beforeEach(() => {
    const folder = mkdtempSync(path.join(tmpdir(), "kept-build-"));
    root = path.join(folder, "kit");
    cache = path.join(folder, "cache");
    process.env.XDG_CACHE_HOME = cache;
    mkdirSync(root);
    writeFileSync(path.join(root, "main.ts"), "");
    builds = 0;
    write("one", 10);
  });
  afterEach(() => {
    rmSync(path.dirname(root), { recursive: true, force: true });
    if (XDG_CACHE_HOME === undefined) delete process.env.XDG_CACHE_HOME;
    else process.env.XDG_CACHE_HOME = XDG_CACHE_HOME;
  });

  /** @param seconds how long ago it was written: what has just been written is no build's to keep */
  function write(text: string, seconds: number): void {
    writeFileSync(source(), text);
    const then = new Date(Date.now() - seconds * 1000);
    utimesSync(source(), then, then);
  }

  const build = (): string =>
    keptBuild({
      root,
      entry: "a/b.ts",
      extension: ".out",
      build: () => {
        builds += 1;
        return { content: Buffer.from(`made of ${readFileSync(source(), "utf8")}`), sources: ["source.txt"] };
      },
    });

  it("is made once", () => {
    const first = build();
    expect([build(), builds]).toEqual([first, 1]);
    expect(readFileSync(first, "utf8")).toBe("made of one");
  });

  it("is made again where a source has changed, though it is as long as before", () => {
    const first = build();
    write("two", 5);
    const second = build();
    expect([builds, readFileSync(second, "utf8")]).toEqual([2, "made of two"]);
    // Who still runs the first goes on reading it.
    expect(readFileSync(first, "utf8")).toBe("made of one");
  });

  it("is made again where a package that it holds is another", () => {
    const folder = path.join(root, "node_modules", "@a", "b");
    mkdirSync(path.join(folder, "dist"), { recursive: true });
    const files = ["package.json", "dist/one.js", "dist/two.js"].map((name) => path.join(folder, name));
    for (const file of files) writeFileSync(file, "1.0.0");
    const sources = files.slice(1).map((file) => path.relative(root, file));
    const before = stampsOf(root, ["source.txt", ...sources]);
    expect(Object.keys(before)).toEqual(["source.txt", "node_modules/@a/b/package.json"]);
    writeFileSync(files[0] ?? "", "1.10.0");
    expect(stampsOf(root, sources)).not.toMatchObject({
      "node_modules/@a/b/package.json": before["node_modules/@a/b/package.json"],
    });
  });

  it("is made again where it is gone", () => {
    rmSync(build());
    expect(readFileSync(build(), "utf8")).toBe("made of one");
    expect(builds).toBe(2);
  });

  it("is not kept where a source was written while it was made", () => {
    write("one", -60);
    build();
    build();
    expect(builds).toBe(2);
  });

  it("keeps what is made of one entry in two ways apart", () => {
    const other = keptBuild({
      root,
      entry: "a/b.ts",
      extension: ".other",
      build: () => ({ content: Buffer.from("other"), sources: ["source.txt"] }),
    });
    expect(readFileSync(build(), "utf8")).toBe("made of one");
    expect(readFileSync(other, "utf8")).toBe("other");
  });

  describe("in dist", () => {
    const made = { entry: "a/b.ts", extension: ".out" };

    beforeEach(() => {
      const dist = path.join(root, "dist");
      mkdirSync(path.join(dist, "stamps"), { recursive: true });
      writeFileSync(path.join(dist, "builds.json"), JSON.stringify({ [keyOf(made)]: "b.out" }));
      writeFileSync(path.join(dist, "b.out"), "made before");
      const stamps = JSON.stringify(stampsOf(root, ["source.txt"]));
      writeFileSync(path.join(dist, "stamps", `${keyOf(made)}.json`), stamps);
    });

    it("is used, and nothing is made", () => {
      expect([readFileSync(build(), "utf8"), builds]).toEqual(["made before", 0]);
    });

    it("is not used where a source has changed since", () => {
      write("two", 5);
      expect(readFileSync(build(), "utf8")).toBe("made of two");
    });

    it("is not used in a clone that lacks its stamps", () => {
      rmSync(path.join(root, "dist", "stamps"), { recursive: true });
      expect(readFileSync(build(), "utf8")).toBe("made of one");
    });

    it("is used as it is in a package, which has neither sources nor stamps", () => {
      for (const name of ["main.ts", "source.txt", "dist/stamps"])
        rmSync(path.join(root, name), { recursive: true });
      expect([readFileSync(build(), "utf8"), builds]).toEqual(["made before", 0]);
    });
  });

  it("lies in the user's cache folder, and nothing lies beside the sources", () => {
    expect(path.dirname(build())).toBe(path.join(cache, "aws-ir-kit", "builds"));
    expect(readdirSync(root).sort()).toEqual(["main.ts", "source.txt"]);
  });

  it("is made for one run where the cache cannot be written", () => {
    writeFileSync(cache, "a file, where a folder is wanted");
    const file = build();
    expect(readFileSync(file, "utf8")).toBe("made of one");
    expect(file.startsWith(root)).toBe(false);
    build();
    expect(builds).toBe(2);
  });

  it.each([
    ["what was not used for a month", 31, 1000, ["new"]],
    ["what is beyond the limit, the longest unused first", 1, 5, ["new"]],
    ["nothing else", 1, 1000, ["new", "old"]],
  ])("is pruned: %s", (_, age, bytes, left) => {
    const day = 86_400_000;
    const { file } = writeToCache("old", "old");
    utimesSync(file, new Date(), new Date(Date.now() - age * day));
    writeToCache("new", "new");
    pruneCache(Date.now(), { days: 30, bytes });
    expect(readdirSync(cacheFolder() ?? "").sort()).toEqual(left);
  });

  it("asks for no folder of the user's where the path is not absolute", () => {
    process.env.XDG_CACHE_HOME = "relative";
    expect(cacheFolder()).toMatch(/[\\/]\.cache[\\/]aws-ir-kit[\\/]builds$/);
  });
});
