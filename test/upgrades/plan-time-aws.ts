import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** Where the provider is sent while it plans offline. */
export interface PlanTimeAws {
  readonly port: number;
  readonly stop: () => Promise<void>;
}

/**
 * Answers the one call that the provider makes for a plan, whether a changed definition of a state machine is valid,
 * with yes: the tests of the definitions judge that. Any other call is an error that names it, and is not repeated.
 */
export async function startPlanTimeAws(): Promise<PlanTimeAws> {
  const server = createServer((incoming, outgoing) => {
    incoming.resume();
    const target = String(incoming.headers["x-amz-target"] ?? `${incoming.method} ${incoming.url}`);
    const known = target === "AWSStepFunctions.ValidateStateMachineDefinition";
    outgoing.writeHead(known ? 200 : 400, { "content-type": "application/x-amz-json-1.0" });
    outgoing.end(
      JSON.stringify(
        known
          ? { result: "OK", diagnostics: [] }
          : { __type: "ValidationException", message: `a plan without AWS asked for ${target}` },
      ),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
