import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { WorkspaceFork } from "../workspace";

/**
 * Answers `GET /fork?owner=<process id>` with a fork, on a free port of the loopback interface.
 *
 * @param fork makes one for a process, with which it ends
 */
export async function serveForks(
  fork: (owner: number) => Promise<WorkspaceFork>,
): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer((incoming, outgoing) => {
    // Whoever asks may load tests for seconds without a look at its sockets: it would ask again on a connection that
    // was closed meanwhile.
    outgoing.setHeader("connection", "close");
    const owner = Number(new URL(incoming.url ?? "/", "http://127.0.0.1").searchParams.get("owner"));
    fork(owner)
      .then(({ memory, ...rest }) => {
        outgoing.end(JSON.stringify({ ...rest, memory: Buffer.from(memory).toString("base64") }));
      })
      .catch((error: Error) => {
        outgoing.writeHead(500);
        outgoing.end(error.message);
      });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, port: (server.address() as AddressInfo).port };
}
