import type { AwsCall } from "./protocol";

/** What of the SDK's middleware is used here: every client's stack takes it, whatever its commands. */
interface Client {
  readonly middlewareStack: {
    add(
      middleware: (
        next: (args: { readonly input: object }) => Promise<unknown>,
        context: { readonly commandName?: string },
      ) => (args: { readonly input: object }) => Promise<unknown>,
      options: { readonly step: "initialize"; readonly name: string },
    ): void;
  };
}

/** Services whose state only their own calls change, and those of CloudFormation. */
const kept = new Set(["iam", "organizations"]);
const writers = new Set([...kept, "cloudformation"]);

const reads = (operation: string): boolean => /^(Get|List|Describe)[A-Z]/.test(operation);

/**
 * What the emulator said about identities and the organization, until a call may have changed it: each call of a role is
 * judged by some thirty such answers, mostly the same ones.
 */
export class KeptReads {
  private answers = new Map<string, Promise<unknown>>();

  /** A call comes to the emulator, or its answer back: what was read before no longer counts. */
  private passes({ service, operation }: Pick<AwsCall, "service" | "operation">): void {
    if (writers.has(service) && !reads(operation)) this.forget();
  }

  forget(): void {
    this.answers = new Map();
  }

  /** Lets a client of a service in one account answer from what is kept, and forget by what it changes. */
  serve<T extends object>(service: string, place: string, client: T): T {
    (client as T & Client).middlewareStack.add(
      (next, { commandName = "" }) =>
        (args) => {
          const operation = commandName.replace(/Command$/, "");
          return kept.has(service) && reads(operation)
            ? this.answer(`${place} ${operation} ${JSON.stringify(args.input)}`, () => next(args))
            : this.changed({ service, operation }, () => next(args));
        },
      { step: "initialize", name: "keptReads" },
    );
    return client;
  }

  /** An answer that was asked for before a change is kept only in what the change has thrown away. */
  private answer(question: string, ask: () => Promise<unknown>): Promise<unknown> {
    const known = this.answers.get(question);
    if (known) return known;
    const asked = ask();
    const { answers } = this;
    answers.set(question, asked);
    asked.catch(() => answers.delete(question));
    return asked;
  }

  async changed<T>(call: Pick<AwsCall, "service" | "operation">, change: () => Promise<T>): Promise<T> {
    this.passes(call);
    try {
      return await change();
    } finally {
      this.passes(call);
    }
  }
}
