import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";

/** A server of this machine in the place of one of the internet. */
export interface LoopbackServer {
  readonly port: number;
  readonly url: string;
  /** Paths that were asked for, or hosts that were to be reached. */
  readonly asked: string[];
  readonly close: () => Promise<void>;
}

/** A file that is served; one that is cut off ends after half of its bytes. */
export interface ServedFile {
  readonly content: Uint8Array | string;
  readonly cutOff?: boolean;
  /** Nothing is answered before. */
  readonly heldUntil?: Promise<void>;
  readonly type?: string;
}

/** Serves files by their path; 404 for the rest. */
export async function serveFiles(files: ReadonlyMap<string, ServedFile>): Promise<LoopbackServer> {
  const asked: string[] = [];
  return listen(asked, async (request, response) => {
    asked.push(request.url ?? "");
    const file = files.get(request.url ?? "");
    await file?.heldUntil;
    if (!file) {
      response.writeHead(404).end();
      return;
    }
    const content = Buffer.from(file.content);
    response.writeHead(200, {
      "content-length": content.length,
      "content-type": file.type ?? "application/octet-stream",
    });
    if (!file.cutOff) response.end(content);
    else response.write(content.subarray(0, content.length / 2), () => response.socket?.destroy());
  });
}

/** A proxy that tunnels to whatever it is asked to. */
export async function startProxy(): Promise<LoopbackServer> {
  const asked: string[] = [];
  return listen(
    asked,
    (_request, response) => {
      response.writeHead(501).end();
    },
    (target) => asked.push(target),
  );
}

async function listen(
  asked: string[],
  serve: (request: IncomingMessage, response: ServerResponse) => void,
  onTunnel?: (target: string) => void,
): Promise<LoopbackServer> {
  const server = createServer(serve);
  if (onTunnel)
    server.on("connect", (request, socket) => {
      onTunnel(request.url ?? "");
      const [, port] = (request.url ?? "").split(":");
      // Whatever its name is, what the tests ask for is on this machine.
      const target = connect(Number(port), "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
        target.pipe(socket).pipe(target);
      });
      for (const end of [target, socket]) end.on("error", () => end.destroy());
    });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  };
  return { port, url: `http://127.0.0.1:${port}`, asked, close };
}

/** The address of a server that is gone: whoever connects is refused. */
export async function deadUrl(): Promise<string> {
  const server = await serveFiles(new Map());
  await server.close();
  return server.url;
}
