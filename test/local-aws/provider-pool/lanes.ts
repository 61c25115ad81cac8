import type { ProviderProcess } from "./provider-process";

/** A provider that is lent to one configuration. */
export interface Lane {
  readonly provider: ProviderProcess;
  readonly release: () => void;
}

/**
 * How long nothing may happen on any lane while somebody waits for one, in milliseconds. One Terraform may hold a lane
 * and need a second before it gives the first back, for a provider with an alias: then nobody would ever go on.
 */
const standstill = 20_000;

/**
 * Providers that are lent, each to one configuration at a time: in one process the accounts of two would mix. There are
 * no more than `limit`; who comes later waits in line.
 */
export class Lanes {
  private readonly free: ProviderProcess[] = [];
  private readonly lent = new Set<ProviderProcess>();
  private readonly waiting: (() => void)[] = [];
  private places: number;

  constructor(
    limit: number,
    private readonly start: () => Promise<ProviderProcess>,
  ) {
    this.places = limit;
  }

  /** The providers that run. */
  get providers(): readonly ProviderProcess[] {
    return [...this.free, ...this.lent];
  }

  /** @throws ProviderFailure when a provider is to be started and can't be */
  async take(): Promise<Lane> {
    if (this.places > 0) this.places -= 1;
    else await this.waitForPlace();
    try {
      const provider = this.free.pop() ?? (await this.startOne());
      this.lent.add(provider);
      let held = true;
      const release = () => {
        if (held) this.takeBack(provider);
        held = false;
      };
      return { provider, release };
    } catch (error) {
      this.givePlaceOn();
      throw error;
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.providers.map(({ stop }) => stop()));
  }

  private async waitForPlace(): Promise<void> {
    const watch = setInterval(() => {
      if (this.waiting.length > 0 && this.standsStill()) {
        // One more for now: the next that is given back goes to nobody.
        this.places -= 1;
        this.waiting.shift()?.();
      }
    }, standstill / 10);
    await new Promise<void>((resolve) => this.waiting.push(resolve));
    clearInterval(watch);
  }

  private standsStill(): boolean {
    return this.lent.size > 0 && [...this.lent].every(({ activity }) => activity.idle() > standstill);
  }

  private takeBack(provider: ProviderProcess): void {
    this.lent.delete(provider);
    if (provider.running()) this.free.push(provider);
    this.givePlaceOn();
  }

  private async startOne(): Promise<ProviderProcess> {
    const provider = await this.start();
    void provider.ended.then(() => {
      const at = this.free.indexOf(provider);
      if (at >= 0) this.free.splice(at, 1);
    });
    return provider;
  }

  /** To who has waited longest. */
  private givePlaceOn(): void {
    const next = this.places < 0 ? undefined : this.waiting.shift();
    if (next) next();
    else this.places += 1;
  }
}
