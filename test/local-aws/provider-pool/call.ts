import type { IncomingHttpHeaders } from "node:http2";
import type { Readable } from "node:stream";
import { ProviderFailure, type ProviderProcess } from "./provider-process";

/** Everything that a stream gives. */
export async function readWhole(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/**
 * Makes one call to a provider.
 *
 * @param framed the message, as gRPC frames it
 * @returns the answer, framed
 * @throws ProviderFailure when the provider ends, or answers with another status than that all went well
 */
export async function call(
  { session, activity }: ProviderProcess,
  headers: IncomingHttpHeaders,
  framed: Buffer,
): Promise<Buffer> {
  const path = String(headers[":path"]);
  const { host: _, ":authority": __, ...rest } = headers;
  const ended = activity.begin();
  let status: unknown;
  let message: unknown;
  const take = (received: IncomingHttpHeaders) => {
    status = received["grpc-status"] ?? status;
    message = received["grpc-message"] ?? message;
  };
  try {
    const stream = session.request({ ...rest, ":authority": "localhost" }, { endStream: false });
    stream.on("response", take);
    stream.on("trailers", take);
    stream.end(framed);
    const answer = await readWhole(stream);
    if (status === "0") return answer;
  } catch (cause) {
    throw new ProviderFailure(`the provider broke off ${path}`, { cause });
  } finally {
    ended();
  }
  throw new ProviderFailure(
    `the provider answers ${path} with status ${String(status)} ${String(message ?? "")}`,
  );
}
