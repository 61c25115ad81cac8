import type { AwsCall } from "./protocol";

/** What of the SDK's middleware is used here: every client's stack takes it, whatever its commands. */
interface Client {
  readonly config: unknown;
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

type Change = Pick<AwsCall, "service" | "operation"> & Partial<Pick<AwsCall, "parameters">>;

/** Parameters by which IAM's calls name an identity; each call that changes one names it. */
const identifying = ["GroupName", "InstanceProfileName", "PolicyArn", "RoleName", "UserName"];

/** Which identities a call names, each with its kind. */
const named = (parameters: object): string[] =>
  Object.entries(parameters)
    .filter(([name]) => identifying.includes(name))
    .map(([name, value]) => `${name} ${String(value)}`);

/**
 * What the emulator said about identities and the organization, until a call may have changed it: each call of a role is
 * judged by some thirty such answers, mostly the same ones.
 */
export class KeptReads {
  /** By what is asked where, and by question. */
  private answers = new Map<string, Map<string, Promise<unknown>>>();

  /**
   * A call comes to the emulator, or its answer back: what was read before no longer counts.
   *
   * @param place as a client has it, where it is known: IAM's calls change nothing in other accounts
   */
  private passes({ service, operation, parameters = {} }: Change, place?: string): void {
    if (!writers.has(service) || reads(operation)) return;
    if (service !== "iam" || place === undefined) this.forget();
    else this.forgetNamed(place, named(parameters));
  }

  /** What is known of identities that a change does not name stands: it is about others. */
  private forgetNamed(place: string, changed: readonly string[]): void {
    const standing = [...(this.answers.get(place) ?? [])].filter(([question]) => {
      const asked = named(JSON.parse(question.slice(question.indexOf(" ") + 1)) as object);
      return changed.length > 0 && asked.length > 0 && !asked.some((name) => changed.includes(name));
    });
    // A new map: an answer that is on its way belongs to what was thrown away.
    this.answers.set(place, new Map(standing));
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
            ? this.answer(place, `${operation} ${JSON.stringify(args.input)}`, () => next(args))
            : this.changed(
                { service, operation, parameters: args.input as AwsCall["parameters"] },
                () => next(args),
                place,
              );
        },
      { step: "initialize", name: "keptReads" },
    );
    return client;
  }

  /** An answer that was asked for before a change is kept only in what the change has thrown away. */
  private answer(place: string, question: string, ask: () => Promise<unknown>): Promise<unknown> {
    const answers = this.answers.get(place) ?? new Map<string, Promise<unknown>>();
    this.answers.set(place, answers);
    const known = answers.get(question);
    if (known) return known;
    const asked = ask();
    answers.set(question, asked);
    asked.catch(() => answers.delete(question));
    return asked;
  }

  async changed<T>(call: Change, change: () => Promise<T>, place?: string): Promise<T> {
    this.passes(call, place);
    try {
      return await change();
    } finally {
      this.passes(call, place);
    }
  }
}
