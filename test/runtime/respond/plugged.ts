import type { MetadataBearer, MiddlewareStack } from "@smithy/types";
import type { Clock } from "../../../runtime/shared/clock";
import type { Between } from "./small-aws";

type Pluggable = MiddlewareStack<object, MetadataBearer>;

export const nobody = { accessKeyId: "AKIAAAAAAAAAAAAAAAAA", secretAccessKey: "none" };

/** A client of the SDK whose commands are answered here, in an account's name, and never sent. */
export function plugged<Client extends { readonly middlewareStack: unknown }>(
  client: Client,
  account: string,
  between: Between,
  answer: (call: string, input: unknown) => unknown,
): Client {
  (client.middlewareStack as Pluggable).add(
    (_, { commandName = "" }) =>
      async ({ input }) => {
        const call = commandName.replace(/Command$/, "");
        // Names and places of evidence are new each time: of the input, what a retry would say again is told.
        const told = call === "PutObject" ? {} : { ...(input as object), account };
        const output = await between(call, told, () => answer(call, input));
        return { output: { $metadata: {}, ...(structuredClone(output) as object) }, response: {} };
      },
    { step: "initialize", priority: "high" },
  );
  return client;
}

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
