import type { Lane } from "./lanes";
import type { ProviderProcess } from "./provider-process";
import { unframe, withoutCapabilities } from "./wire";

/** A provider that holds a configuration, for one of those who asked for just this one. */
export interface Configured {
  readonly provider: ProviderProcess;
  /** What it answered to the configuration, as gRPC frames it. */
  readonly answer: Buffer;
  readonly release: () => void;
}

interface Entry {
  readonly ready: Promise<{ readonly lane: Lane; readonly answer: Buffer }>;
  holders: number;
}

/** A message without a field: the provider has taken the configuration and says nothing more. */
const plainlyTaken = (answer: Buffer) => answer.length === 5;

/**
 * Providers by what they are configured with. Terraform opens a connection for its plan and another for its apply, and
 * closes both at its end only: both get the same provider, as do others that ask for the same. What differs gets a provider
 * of its own.
 */
export class ConfiguredProviders {
  private readonly entries = new Map<string, Entry>();

  constructor(private readonly lanes: { readonly take: () => Promise<Lane> }) {}

  /**
   * @param configuration the message that configures, as it came
   * @param configure hands it to a provider and gives the answer
   * @throws ProviderFailure
   */
  async take(
    configuration: Buffer,
    configure: (provider: ProviderProcess) => Promise<Buffer>,
  ): Promise<Configured> {
    const key = withoutCapabilities(unframe(configuration)).toString("base64");
    const entry = this.entries.get(key) ?? this.open(key, configure);
    entry.holders += 1;
    try {
      const { lane, answer } = await entry.ready;
      return { provider: lane.provider, answer, release: () => this.release(key, entry, lane) };
    } catch (error) {
      this.forget(key, entry);
      throw error;
    }
  }

  private open(key: string, configure: (provider: ProviderProcess) => Promise<Buffer>): Entry {
    const ready = this.lanes.take().then(async (lane) => {
      try {
        const answer = await configure(lane.provider);
        // What was refused, or taken with a warning, is asked again for the next.
        if (!plainlyTaken(answer)) this.forget(key, entry);
        void lane.provider.ended.then(() => this.forget(key, entry));
        return { lane, answer };
      } catch (error) {
        lane.release();
        throw error;
      }
    });
    const entry: Entry = { ready, holders: 0 };
    this.entries.set(key, entry);
    return entry;
  }

  private release(key: string, entry: Entry, lane: Lane): void {
    entry.holders -= 1;
    if (entry.holders > 0) return;
    this.forget(key, entry);
    lane.release();
  }

  private forget(key: string, entry: Entry): void {
    if (this.entries.get(key) === entry) this.entries.delete(key);
  }
}
