/** How many calls a provider is at, and since when it has been at none. */
export class Activity {
  private active = 0;
  private idleSince = Date.now();

  /** @returns what is to be called at the call's end */
  begin(): () => void {
    this.active += 1;
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      this.active -= 1;
      this.idleSince = Date.now();
    };
  }

  /** Milliseconds since its last call ended; none while it is at one. */
  idle(): number {
    return this.active > 0 ? 0 : Date.now() - this.idleSince;
  }
}
