import type { Clock } from "../../../runtime/shared/clock";

export type Input = Readonly<Record<string, string | undefined>>;

/** Comes between a step and AWS: may throw in place of a call, after it, or give another answer. */
export type Between = (name: string, input: Input, answer: () => unknown) => unknown;

export const nobody = { accessKeyId: "AKIAAAAAAAAAAAAAAAAA", secretAccessKey: "none" };

interface Command {
  readonly constructor: { readonly name: string };
  readonly input: object;
}

/**
 * A client of the SDK whose commands are answered here, and never sent. Its middleware, which would prepare each of
 * thousands of calls to be sent, has no part in it.
 */
export function answering<Client extends { readonly send: unknown }>(
  client: Client,
  answer: (call: string, input: object) => unknown,
): Client {
  const send = async (command: Command) => {
    const call = command.constructor.name.replace(/Command$/, "");
    // A copy, as over the wire: what the caller keeps is no part of the state.
    return { $metadata: {}, ...(structuredClone(await answer(call, command.input)) as object) };
  };
  return Object.assign(client, { send });
}

/** As {@link answering}, in an account's name. */
export const plugged = <Client extends { readonly send: unknown }>(
  client: Client,
  account: string,
  between: Between,
  answer: (call: string, input: unknown) => unknown,
): Client =>
  answering(client, (call, input) => {
    // Names and places of evidence are new each time: of the input, what a retry would say again is told.
    const told = call === "PutObject" ? {} : { ...input, account };
    return between(call, told, () => answer(call, input));
  });

/** Time passes only where somebody waits. */
export function passingClock(): Clock {
  let now = Date.parse("2026-11-28T03:00:00Z");
  return {
    now: () => new Date(now),
    sleep: async (milliseconds) => {
      now += milliseconds;
    },
  };
}
