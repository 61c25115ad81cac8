import { createHash } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import lockfile from "proper-lockfile";
import writeFileAtomic from "write-file-atomic";
import {
  type Ledger,
  type LedgerEntry,
  LedgerUnsound,
  type NewEntry,
  type Note,
  type Settlement,
  settledEntry,
} from "./ledger";

const version = 1;

interface Contents {
  readonly entries: readonly LedgerEntry[];
  readonly notes: readonly Note[];
}

interface LedgerFile extends Contents {
  readonly version: number;
  readonly case: string;
  /** SHA-256 of entries and notes, so that a file that was cut short or edited is noticed. */
  readonly digest: string;
}

/**
 * A case's ledger in a file that only its owner reads. It is replaced whole, by a rename after a flush to disk, under
 * a lock: a crash leaves the earlier file or the later one.
 */
export class FileLedger implements Ledger {
  readonly file: string;

  /** @param directory folder of the case, made when there is something to write */
  constructor(
    private readonly directory: string,
    private readonly caseId: string,
  ) {
    this.file = path.join(directory, "ledger.json");
  }

  /** @throws LedgerUnsound for a file that the kit has not written so */
  readonly entries = async (): Promise<readonly LedgerEntry[]> => this.read().entries;

  readonly notes = async (): Promise<readonly Note[]> => this.read().notes;

  readonly note = (note: Note): Promise<void> =>
    this.change(({ entries, notes }) => [{ entries, notes: [...notes, note] }, undefined]);

  readonly intend = (entry: NewEntry): Promise<LedgerEntry> =>
    this.change(({ entries, notes }) => {
      const numbered: LedgerEntry = {
        number: entries.length + 1,
        case: this.caseId,
        ...entry,
        state: "intended",
      };
      return [{ entries: [...entries, numbered], notes }, numbered];
    });

  readonly settle = (number: number, settlement: Settlement): Promise<LedgerEntry> =>
    this.change(({ entries, notes }) => {
      const settled = entries.map((entry) =>
        entry.number === number ? settledEntry(entry, settlement) : entry,
      );
      const entry = settled[number - 1];
      if (entry === undefined) throw new LedgerUnsound(`${this.file} has no entry ${number}`);
      return [{ entries: settled, notes }, entry];
    });

  private async change<T>(next: (contents: Contents) => [Contents, T]): Promise<T> {
    mkdirSync(this.directory, { recursive: true, mode: 0o700 });
    const release = await lockfile.lock(this.directory, {
      // A lock that a crash has left is over when it is this old; a writer needs milliseconds.
      stale: 3000,
      retries: { retries: 150, factor: 1, minTimeout: 20, maxTimeout: 100, randomize: true },
    });
    try {
      const [contents, result] = next(this.read());
      await writeFileAtomic(this.file, textOf(this.caseId, contents), { mode: 0o600 });
      return result;
    } finally {
      await release();
    }
  }

  private read(): Contents {
    let text: string;
    try {
      text = readFileSync(this.file, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return { entries: [], notes: [] };
      throw new LedgerUnsound(`${this.file} can't be read: ${(error as Error).message}`);
    }
    return contentsOf(text, this.file, this.caseId);
  }
}

function textOf(caseId: string, { entries, notes }: Contents): string {
  const file: LedgerFile = { version, case: caseId, entries, notes, digest: digestOf({ entries, notes }) };
  return `${JSON.stringify(file, undefined, 2)}\n`;
}

const digestOf = ({ entries, notes }: Contents): string =>
  createHash("sha256")
    .update(JSON.stringify([entries, notes]))
    .digest("hex");

function contentsOf(text: string, file: string, caseId: string): Contents {
  const refuse = (what: string): never => {
    throw new LedgerUnsound(
      `${file} ${what}. Nothing was changed. Keep the file as evidence, move it out of the way or restore it from a ` +
        "backup, and run the command again.",
    );
  };
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return refuse("is not whole: it was cut short, or is no ledger");
  }
  if (read === null || typeof read !== "object" || !("version" in read))
    return refuse("is no ledger of ir-kit");
  const ledger = read as Partial<LedgerFile>;
  if (ledger.version !== version) {
    return refuse(
      `is a ledger of version ${String(ledger.version)}, and this ir-kit knows version ${version}`,
    );
  }
  if (ledger.case !== caseId) return refuse(`belongs to case ${String(ledger.case)}, not ${caseId}`);
  const { entries, notes } = ledger;
  if (!Array.isArray(entries) || !Array.isArray(notes) || ledger.digest !== digestOf({ entries, notes })) {
    return refuse("is not as ir-kit wrote it: its digest does not fit what it holds");
  }
  return { entries, notes };
}
