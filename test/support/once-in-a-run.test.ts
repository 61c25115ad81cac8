import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { onceInARunAwaited, runFolderVariable } from "./once-in-a-run";

describe("what is made once in a run", () => {
  const before = process.env[runFolderVariable];
  const folder = mkdtempSync(path.join(tmpdir(), "ir-kit-once-"));

  beforeAll(() => {
    process.env[runFolderVariable] = folder;
  });
  afterAll(() => {
    if (before === undefined) delete process.env[runFolderVariable];
    else process.env[runFolderVariable] = before;
    rmSync(folder, { recursive: true });
  });

  it("is made by one of those who ask at once, and awaited by the others", async () => {
    let made = 0;
    const make = async () => {
      made += 1;
      await sleep(50);
      return { made };
    };
    const given = await Promise.all([1, 2, 3].map(() => onceInARunAwaited("asked at once", make)));
    expect(given).toEqual([{ made: 1 }, { made: 1 }, { made: 1 }]);
    expect(made).toBe(1);
  });

  it("is made by the next where it could not be made", async () => {
    const fails = () => Promise.reject(new Error("not now"));
    await expect(onceInARunAwaited("hard to make", fails)).rejects.toThrow("not now");
    expect(await onceInARunAwaited("hard to make", async () => "made")).toBe("made");
  });
});
