import type { KeptSchemas } from "./kept-schemas";
import { everyType, type Types } from "./types-in-use";
import { frame, holdsDiagnostics, unframe, withoutOtherTypes } from "./wire";

/** As many combinations of stacks at once are kept. */
const mostKept = 50;

/** The provider's schemas, asked for once and then cut to what is in use. */
export class SchemaAnswers {
  private whole: Promise<Buffer> | undefined;
  private readonly cut = new Map<string, Buffer>();

  /** @param kept where the whole answer is kept for other pools */
  constructor(
    private readonly types: () => Promise<Types>,
    private readonly kept: Pick<KeptSchemas, "read" | "write">,
  ) {}

  /**
   * The framed answer to a call for schemas.
   *
   * @param ask calls the provider, where no pool has asked it before
   */
  async answer(ask: () => Promise<Buffer>): Promise<Buffer> {
    const types = await this.types();
    this.whole ??= this.ask(ask);
    const whole = await this.whole.catch((error: unknown) => {
      this.whole = undefined;
      throw error;
    });
    if (types === everyType) return whole;
    const key = [...types].sort().join(" ");
    const known = this.cut.get(key) ?? frame(withoutOtherTypes(unframe(whole), types));
    this.cut.set(key, known);
    for (const [oldest] of this.cut) if (this.cut.size > mostKept) this.cut.delete(oldest);
    return known;
  }

  private async ask(ask: () => Promise<Buffer>): Promise<Buffer> {
    const known = this.kept.read();
    if (known) return known;
    const whole = await ask();
    if (isWholeAnswer(whole)) this.kept.write(whole);
    return whole;
  }
}

/** An answer that says what went wrong, or that is not one frame, is nothing for others. */
function isWholeAnswer(answer: Buffer): boolean {
  try {
    return !holdsDiagnostics(unframe(answer));
  } catch {
    return false;
  }
}
