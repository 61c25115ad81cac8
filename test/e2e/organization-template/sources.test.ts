import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { repository } from "../../support/repository";
import { digestOfSources, parts } from "./sources";

describe("the digest of a template's sources", () => {
  let copy: string;

  beforeAll(() => {
    copy = mkdtempSync(path.join(tmpdir(), "ir-kit-sources-"));
    for (const part of parts) cpSync(path.join(repository, part), path.join(copy, part), { recursive: true });
  });

  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  it("is the same for the same sources, wherever they lie", () => {
    expect(digestOfSources(copy)).toBe(digestOfSources());
  });

  it.each(["stacks/index.ts", "config/landscape.yaml", "test/local-aws/emulator/forking.py"])(
    "is another one when %s has changed",
    (file) => {
      const before = digestOfSources(copy);
      writeFileSync(path.join(copy, file), "changed");
      expect(digestOfSources(copy)).not.toBe(before);
    },
  );
});
