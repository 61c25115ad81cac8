import { everyType, type typesInUse } from "./types-in-use";
import { frame, unframe, withoutOtherTypes } from "./wire";

/** As many combinations of stacks at once are kept. */
const mostKept = 50;

/** The provider's schemas, asked for once and then cut to what is in use. */
export class SchemaAnswers {
  private whole: Promise<Buffer> | undefined;
  private readonly cut = new Map<string, Buffer>();

  constructor(private readonly types: () => ReturnType<typeof typesInUse>) {}

  /**
   * The framed answer to a call for schemas.
   *
   * @param ask calls the provider, the first time
   */
  async answer(ask: () => Promise<Buffer>): Promise<Buffer> {
    const types = this.types();
    this.whole ??= ask();
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
}
