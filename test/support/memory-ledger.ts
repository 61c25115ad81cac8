import {
  type Ledger,
  type LedgerEntry,
  type NewEntry,
  type Note,
  type Settlement,
  settledEntry,
} from "../../runtime/shared/ledger";

/** A ledger for tests that is gone with them; it holds to the same contract as the file. */
export class MemoryLedger implements Ledger {
  private held: readonly LedgerEntry[] = [];
  private noted: readonly Note[] = [];

  readonly entries = async () => this.held;

  readonly notes = async () => this.noted;

  readonly note = async (note: Note) => {
    this.noted = [...this.noted, note];
  };

  async intend(entry: NewEntry): Promise<LedgerEntry> {
    const numbered: LedgerEntry = {
      number: this.held.length + 1,
      case: "CASE-1",
      ...entry,
      state: "intended",
    };
    this.held = [...this.held, numbered];
    return numbered;
  }

  async settle(number: number, settlement: Settlement): Promise<LedgerEntry> {
    this.held = this.held.map((entry) => (entry.number === number ? settledEntry(entry, settlement) : entry));
    const settled = this.held[number - 1];
    if (!settled) throw new Error(`no entry ${number}`);
    return settled;
  }
}
