import { type IncomingMessage, request } from "node:http";
import { type AwsAnswer, type AwsCall, isS3Control, type RawRequest } from "./protocol";

/** The emulator tells services apart by signature, but S3 Control only by its host. */
function emulatorHost(call: AwsCall): string {
  if (!isS3Control(call)) return `${call.service || "local"}.${call.region || "us-east-1"}.amazonaws.com`;
  const account = call.headers["x-amz-account-id"];
  return `${String(account)}.s3-control.${call.region}.amazonaws.com`;
}

const flatHeaders = (headers: IncomingMessage["headers"], method: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !["connection", "transfer-encoding"].includes(name))
      .filter(([name]) => name !== "content-length" || method === "HEAD")
      .map(([name, value]) => [name, String(value)]),
  );

export async function readRequest(incoming: IncomingMessage): Promise<RawRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return {
    method: incoming.method ?? "GET",
    url: incoming.url ?? "/",
    headers: incoming.headers,
    body: Buffer.concat(chunks),
  };
}

/** Hands a call to the emulator, with headers beside its own. */
export function toEmulator(
  port: number,
  call: AwsCall,
  more: Readonly<Record<string, string>>,
): Promise<AwsAnswer> {
  const { host: _, connection: __, "proxy-connection": ___, ...headers } = call.headers;
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: "127.0.0.1",
        port,
        method: call.method,
        path: call.target,
        headers: { ...headers, host: emulatorHost(call), "content-length": call.body.length, ...more },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 502,
            headers: flatHeaders(response.headers, call.method),
            body: Buffer.concat(chunks),
          }),
        );
      },
    );
    outgoing.on("error", reject);
    outgoing.end(call.body);
  });
}
