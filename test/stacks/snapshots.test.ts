import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { currentSnapshots, snapshotDirectory } from "../support/snapshots";

const current = currentSnapshots();
const kept = readdirSync(snapshotDirectory, { recursive: true, encoding: "utf8" }).filter((name) =>
  name.endsWith(".json"),
);

describe("snapshots (npm run snapshots writes them anew)", () => {
  it("are those of the stacks that exist", () => {
    expect(kept.sort()).toEqual([...current.keys()].sort());
  });

  it.each([...current.keys()])("%s is what was reviewed", (name) => {
    expect(current.get(name)).toBe(readFileSync(path.join(snapshotDirectory, name), "utf8"));
  });
});
