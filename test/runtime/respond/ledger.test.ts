import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { FileLedger } from "../../../runtime/shared/file-ledger";
import { LedgerUnsound, type NewEntry } from "../../../runtime/shared/ledger";
import { repository } from "../../support/repository";

const entry: NewEntry = {
  step: "quarantine-principal",
  actor: "emergency-1",
  account: "555555555555",
  target: "arn:aws:iam::555555555555:user/ann",
  title: "policy attached",
  action: "iam:AttachUserPolicy",
  input: { name: "ann", policyArn: "arn:aws:iam::555555555555:policy/acme-ir/x" },
  before: { attached: false },
  undo: { kind: "automatic" },
  intendedAt: "2026-11-25T03:00:00Z",
};

describe("the ledger in a file", () => {
  let directory: string;
  const ledger = () => new FileLedger(directory, "CASE-1");

  beforeEach(() => {
    directory = mkdtempSync(path.join(tmpdir(), "ir-kit-ledger-"));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it("is read by its owner only", async () => {
    await ledger().intend(entry);
    expect(statSync(ledger().file).mode & 0o777).toBe(0o600);
  });

  it("gives every entry a number of its own, however many write at once", async () => {
    const numbers = await Promise.all(Array.from({ length: 20 }, () => ledger().intend(entry)));
    expect(numbers.map(({ number }) => number).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, index) => index + 1),
    );
    expect(await ledger().entries()).toHaveLength(20);
  });

  it("keeps what was intended and what was settled, and notes", async () => {
    const { number } = await ledger().intend(entry);
    await ledger().settle(number, {
      state: "done",
      after: { attached: true },
      doneAt: "2026-11-25T03:00:01Z",
    });
    await ledger().note({
      at: "2026-11-25T03:00:02Z",
      actor: "emergency-1",
      kind: "verdict",
      target: entry.target,
      text: "CONTAINED",
    });
    expect(await ledger().entries()).toEqual([
      {
        ...entry,
        number: 1,
        case: "CASE-1",
        state: "done",
        after: { attached: true },
        doneAt: "2026-11-25T03:00:01Z",
      },
    ]);
    expect(await ledger().notes()).toHaveLength(1);
  });

  describe("that is not as it was written", () => {
    const unsound = async (text: string, message: RegExp) => {
      const { file } = ledger();
      writeFileSync(file, text);
      const uses = [
        () => ledger().entries(),
        () => ledger().intend(entry),
        () => ledger().settle(1, { state: "undone" }),
      ];
      for (const use of uses) await expect(use()).rejects.toThrow(LedgerUnsound);
      await expect(ledger().entries()).rejects.toThrow(message);
      // Nothing is lost: it can be looked at, or restored.
      expect(readFileSync(file, "utf8")).toBe(text);
    };

    it("is refused wherever it was cut short", async () => {
      await ledger().intend(entry);
      const text = readFileSync(ledger().file, "utf8");
      for (let length = 0; length < text.length - 1; length += 17) {
        await unsound(text.slice(0, length), /is not whole|is no ledger/);
      }
    });

    it("is refused where an entry was taken out or changed", async () => {
      await ledger().intend(entry);
      const text = readFileSync(ledger().file, "utf8");
      await unsound(text.replace('"attached": false', '"attached": true'), /digest does not fit/);
    });

    it("is refused of another version, and of another case", async () => {
      await ledger().intend(entry);
      const text = readFileSync(ledger().file, "utf8");
      await unsound(
        text.replace('"version": 1', '"version": 2'),
        /version 2, and this ir-kit knows version 1/,
      );
      await unsound(
        text.replace('"case": "CASE-1"', '"case": "CASE-2"'),
        /belongs to case CASE-2, not CASE-1/,
      );
      await unsound("[]", /is no ledger of ir-kit/);
    });
  });

  it("is whole whenever its writer is killed", async () => {
    for (let round = 0; round < 4; round += 1) {
      const child = spawn(process.execPath, ["-e", writer, directory], {
        cwd: repository,
        stdio: ["ignore", "pipe", "inherit"],
      });
      await once(child.stdout, "data");
      await new Promise((resolve) => setTimeout(resolve, 20 + round * 15));
      child.kill("SIGKILL");
      await once(child, "close");
      const entries = await ledger().entries();
      expect(entries.length).toBeGreaterThan(0);
      expect(entries.map(({ number }) => number)).toEqual(entries.map((_, index) => index + 1));
    }
    // A lock that was left behind is over after three seconds.
    const before = (await ledger().entries()).length;
    await ledger().intend(entry);
    expect(await ledger().entries()).toHaveLength(before + 1);
  }, 60_000);
});

/** Writes entries without end, and says so at the first. */
const writer = `
const { load } = require("./bin/run.js");
const { FileLedger } = load("runtime/shared/file-ledger.ts");
const entry = ${JSON.stringify(entry)};
(async () => {
  const ledger = new FileLedger(process.argv[1], "CASE-1");
  for (;;) {
    try { await ledger.intend(entry); } catch (error) { if (error.code !== "ELOCKED") throw error; }
    process.stdout.write(".");
  }
})();
`;
