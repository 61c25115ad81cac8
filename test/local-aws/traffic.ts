/** Calls that are on their way through the front, and the moments in which there are none. */
export class Traffic {
  private inside = 0;
  private paused: Promise<void> | undefined;
  private readonly whenEmpty: (() => void)[] = [];

  /** Lets a call through, at once unless there is a pause. */
  async through<T>(call: () => Promise<T>): Promise<T> {
    while (this.paused !== undefined) await this.paused;
    this.inside += 1;
    try {
      return await call();
    } finally {
      this.inside -= 1;
      if (this.inside === 0) for (const tell of this.whenEmpty.splice(0)) tell();
    }
  }

  /**
   * Works while no call is on its way. It waits for a moment without calls rather than to hold new ones until the last
   * has ended: a call that runs a function ends only after calls of the function.
   */
  async pausedFor<T>(work: () => Promise<T>): Promise<T> {
    while (this.inside > 0 || this.paused !== undefined) {
      await (this.paused ?? new Promise<void>((resolve) => this.whenEmpty.push(resolve)));
    }
    let end = () => {};
    this.paused = new Promise((resolve) => {
      end = resolve;
    });
    try {
      return await work();
    } finally {
      this.paused = undefined;
      end();
    }
  }
}
