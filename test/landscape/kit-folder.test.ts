import { readFileSync } from "node:fs";
import path from "node:path";
import { kitFile, kitFolder } from "../../landscape/kit-folder";
import { repository } from "../support/repository";

describe("the kit's own folder", () => {
  it("is found from wherever the code lies", () => {
    expect(kitFolder()).toBe(repository);
  });

  it("gives its files, as they are", () => {
    const text = readFileSync(path.join(repository, "machines", "linux.sh"), "utf8");
    expect([kitFile("machines", "linux.sh"), kitFile("machines", "linux.sh")]).toEqual([text, text]);
    expect(() => kitFile("machines", "none.sh")).toThrow("ENOENT");
  });
});
