import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { editYaml, Uneditable, writeAtomically } from "../../landscape/edit";
import { exampleText } from "../support/landscapes";

const id = { path: ["a", "id"], value: "012345678901" };

describe("setting a field in the landscape's text", () => {
  it.each([
    [
      "behind the first entry of a flow mapping",
      "a: { name: x, ou: y } # why\n",
      'a: { name: x, id: "012345678901", ou: y } # why\n',
    ],
    ["into an empty flow mapping", "a: {}\n", 'a: { id: "012345678901" }\n'],
    [
      "behind the first line of a block mapping",
      "a:\n  name: x # who\n  ou: y\n",
      'a:\n  name: x # who\n  id: "012345678901"\n  ou: y\n',
    ],
    ["at the end of a file without a last line end", "a:\n  name: x", 'a:\n  name: x\n  id: "012345678901"'],
    [
      "before a nested first entry",
      "a:\n  create:\n    email: x\n",
      'a:\n  id: "012345678901"\n  create:\n    email: x\n',
    ],
    [
      "before a block scalar",
      "a:\n  name: |-\n    x\n  ou: y\n",
      'a:\n  id: "012345678901"\n  name: |-\n    x\n  ou: y\n',
    ],
    [
      "in place of a value, keeping its comment",
      "a: { id: '1' } # old\n",
      'a: { id: "012345678901" } # old\n',
    ],
    [
      "with the file's line ends",
      "a:\r\n  name: x\r\n  ou: y\r\n",
      'a:\r\n  name: x\r\n  id: "012345678901"\r\n  ou: y\r\n',
    ],
    [
      "behind an alias",
      "b: &o x\na: { owner: *o, name: z }\n",
      'b: &o x\na: { owner: *o, id: "012345678901", name: z }\n',
    ],
  ])("puts it %s", (_, before, after) => {
    expect(editYaml(before, [id])).toBe(after);
  });

  it("sets several at one place in their order", () => {
    const edits = [
      { path: ["units", 0, "id"], value: "ou-1" },
      { path: ["units", 0, "create"], value: true },
    ];
    expect(editYaml("units:\n  - { path: sandbox }\n", edits)).toBe(
      'units:\n  - { path: sandbox, id: "ou-1", create: true }\n',
    );
  });

  it("changes nothing else in the example", () => {
    const edited = editYaml(exampleText, [{ path: ["members", 2, "id"], value: "999999999999" }]);
    expect(edited).toBe(exampleText.replace('"777777777777"', '"999999999999"'));
  });

  it("refuses what it could only rewrite", () => {
    expect(() => editYaml("? a\n: ? name\n  : x\n", [id])).toThrow(Uneditable);
    expect(() => editYaml("a: x\n", [id])).toThrow(Uneditable);
  });
});

describe("replacing the file", () => {
  it("keeps a symbolic link and the mode, and leaves no other file", () => {
    const directory = mkdtempSync(path.join(tmpdir(), "ir-kit-edit-"));
    try {
      const real = path.join(directory, "real.yaml");
      writeFileSync(real, "old", { mode: 0o600 });
      symlinkSync(real, path.join(directory, "link.yaml"));
      writeAtomically(path.join(directory, "link.yaml"), "new");
      expect(readFileSync(real, "utf8")).toBe("new");
      expect(statSync(real).mode & 0o777).toBe(0o600);
      expect(readdirSync(directory).sort()).toEqual(["link.yaml", "real.yaml"]);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
});
