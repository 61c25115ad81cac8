import pc from "picocolors";

/** Tells progress: a spinner on a terminal, plain lines elsewhere. Goes to standard error; results to standard output. */
export interface Reporter {
  /** Runs work under a title, and tells when it is done or has failed. */
  readonly step: <T>(title: string, work: (detail: (text: string) => void) => Promise<T>) => Promise<T>;
  readonly say: (line: string) => void;
}

/** For tests, and where a script reads JSON. */
export const silentReporter: Reporter = {
  step: (_title, work) => work(() => undefined),
  say: () => undefined,
};

/** A terminal of no width, as some tools pretend to be, can't hold a spinner: it would be redrawn without end. */
export const createReporter = (
  stream: Pick<NodeJS.WriteStream, "isTTY" | "columns"> = process.stderr,
): Reporter => (stream.isTTY && stream.columns > 0 ? terminalReporter : lineReporter);

const seconds = (since: number) => `${((Date.now() - since) / 1000).toFixed(1)} s`;

const write = (line: string) => process.stderr.write(`${line}\n`);

const lineReporter: Reporter = {
  say: write,
  step: async (title, work) => {
    write(`… ${title}`);
    const start = Date.now();
    try {
      const result = await work(() => undefined);
      write(`✓ ${title} (${seconds(start)})`);
      return result;
    } catch (error) {
      write(`✗ ${title} (${seconds(start)})`);
      throw error;
    }
  },
};

const terminalReporter: Reporter = {
  say: write,
  step: async (title, work) => {
    const { default: ora } = await import("ora");
    const start = Date.now();
    const spinner = ora({ text: title, stream: process.stderr }).start();
    try {
      const result = await work((detail) => {
        spinner.text = `${title} ${pc.dim(detail.slice(0, 80))}`;
      });
      spinner.succeed(`${title} ${pc.dim(seconds(start))}`);
      return result;
    } catch (error) {
      spinner.fail(`${title} ${pc.dim(seconds(start))}`);
      throw error;
    }
  },
};
