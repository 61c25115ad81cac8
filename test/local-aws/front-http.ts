import type { IncomingMessage } from "node:http";
import { type AwsCall, isS3Control, type RawRequest } from "./protocol";

/** The emulator tells services apart by signature, but S3 Control only by its host. */
export function emulatorHost(call: AwsCall): string {
  if (!isS3Control(call)) return `${call.service || "local"}.${call.region || "us-east-1"}.amazonaws.com`;
  const account = call.headers["x-amz-account-id"];
  return `${String(account)}.s3-control.${call.region}.amazonaws.com`;
}

export const flatHeaders = (headers: IncomingMessage["headers"], method: string): Record<string, string> =>
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
