import { types } from "node:util";
import { deserialize, serialize } from "node:v8";

/** A part of the front's memory holds what can't be handed on: the message says where. */
export class NotCopied extends Error {}

export interface MemoryOptions {
  /**
   * Whether a copy of the front begins with what is held here. False for what belongs to this process, such as
   * processes that it started; a copy begins anew.
   */
  readonly copied?: boolean;
}

/** What gaps and refusals hold, by names of their own: plain data, which a copy of the front takes over. */
export class FrontMemory {
  private readonly parts = new Map<string, unknown>();
  private readonly own = new Set<string>();

  /** @param handedOn what {@link handOn} of another has given */
  constructor(handedOn?: Uint8Array) {
    if (handedOn !== undefined) this.parts = deserialize(handedOn) as Map<string, unknown>;
  }

  readonly part = <T>(name: string, initial: () => T, { copied = true }: MemoryOptions = {}): T => {
    if (!this.parts.has(name)) this.parts.set(name, initial());
    if (!copied) this.own.add(name);
    return this.parts.get(name) as T;
  };

  clear(): void {
    this.parts.clear();
  }

  /**
   * All that a copy begins with, as bytes.
   *
   * @throws NotCopied where something else than plain data is held
   */
  handOn(): Uint8Array {
    const copied = new Map([...this.parts].filter(([name]) => !this.own.has(name)));
    for (const [name, value] of copied) refuseAllButPlainData(value, name);
    return serialize(copied);
  }
}

/** Serialization drops methods and prototypes without a word: what it would change is refused before. */
function refuseAllButPlainData(value: unknown, where: string, seen = new Set<unknown>()): void {
  if (["function", "symbol"].includes(typeof value)) throw notCopied(where, `a ${typeof value}`);
  if (typeof value !== "object" || value === null || seen.has(value)) return;
  seen.add(value);
  if (types.isDate(value) || Buffer.isBuffer(value)) return;
  for (const [name, held] of partsOf(value, where)) refuseAllButPlainData(held, `${where}${name}`, seen);
}

function partsOf(value: object, where: string): readonly (readonly [string, unknown])[] {
  if (types.isMap(value)) {
    return [...value].flatMap(([key, held]) => [
      [": a key", key] as const,
      [`: ${String(key)}`, held] as const,
    ]);
  }
  if (types.isSet(value) || Array.isArray(value)) return [...value].map((held) => [": an element", held]);
  // The prototypes at the root are many: each realm, as a test's, has its own.
  const prototype: unknown = Object.getPrototypeOf(value);
  const plain = prototype === null || Object.getPrototypeOf(prototype) === null;
  if (!plain) throw notCopied(where, `a ${value.constructor.name}`);
  return Object.entries(value).map(([name, held]) => [`.${name}`, held]);
}

const notCopied = (where: string, what: string) =>
  new NotCopied(
    `the front's memory "${where}" holds ${what}, which a copy of the front can't take over; hold plain data ` +
      "(Map, Set, array, object, Buffer, Date), or say { copied: false } where the memory is made",
  );
