import type { ProviderProcess } from "./provider-process";

/** One provider for all who ask without a configuration; started when it is first wanted, and again when it has died. */
export class SharedProvider {
  private current: Promise<ProviderProcess> | undefined;
  private started: ProviderProcess | undefined;

  constructor(private readonly start: () => Promise<ProviderProcess>) {}

  /** @throws ProviderFailure when it can't be started; the next call tries again */
  get(): Promise<ProviderProcess> {
    const current = this.current ?? this.begin();
    this.current = current;
    return current;
  }

  /** The provider, where it runs. */
  running(): readonly ProviderProcess[] {
    return this.started?.running() ? [this.started] : [];
  }

  private async begin(): Promise<ProviderProcess> {
    try {
      this.started = await this.start();
      void this.started.ended.then(() => {
        this.current = undefined;
      });
      return this.started;
    } catch (error) {
      this.current = undefined;
      throw error;
    }
  }

  async stop(): Promise<void> {
    await (await this.current?.catch(() => undefined))?.stop();
  }
}
