import type { ProviderProcess } from "./provider-process";

/** One provider for all who ask without a configuration; started when it is first wanted, and again when it has died. */
export class SharedProvider {
  private current: Promise<ProviderProcess> | undefined;

  constructor(private readonly start: () => Promise<ProviderProcess>) {}

  /** @throws ProviderFailure when it can't be started; the next call tries again */
  get(): Promise<ProviderProcess> {
    const started = this.current ?? this.start();
    this.current = started;
    const forget = () => {
      if (this.current === started) this.current = undefined;
    };
    started.then(({ ended }) => ended.then(forget), forget);
    return started;
  }

  async stop(): Promise<void> {
    await (await this.current?.catch(() => undefined))?.stop();
  }
}
