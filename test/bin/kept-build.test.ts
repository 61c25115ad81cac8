import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { keptBuild } from "../../bin/kept-build";

describe("a build that is kept", () => {
  let root: string;
  let builds: number;
  const source = () => path.join(root, "source.txt");

  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), "kept-build-"));
    builds = 0;
    write("one", 10);
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

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
});
