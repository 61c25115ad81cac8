import type { Keys } from "./clients";
import { signatureOf } from "./signature";

interface Request {
  readonly method: string;
  readonly path: string;
  readonly service: string;
  readonly region: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A call by hand, signed with some keys: for what no client of the SDK sends to an address of this machine. */
export function signedFetch(
  endpoint: string,
  { accessKeyId, secretAccessKey, sessionToken }: Keys,
  { method, path, service, region, headers: more = {}, body }: Request,
): Promise<Response> {
  const { host } = new URL(endpoint);
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
  const scope = `${time.slice(0, 8)}/${region}/${service}/aws4_request`;
  const headers: Record<string, string> = {
    ...more,
    "x-amz-date": time,
    ...(sessionToken !== undefined && { "x-amz-security-token": sessionToken }),
  };
  const signedHeaders = ["host", ...Object.keys(headers)].sort();
  const raw = { method, url: path, headers: { ...headers, host }, body: Buffer.from(body ?? "") };
  const signed = { accessKeyId, scope, signedHeaders, time, presigned: false };
  const signature = signatureOf(raw, signed, secretAccessKey);
  return fetch(`${endpoint}${path}`, {
    method,
    headers: {
      ...headers,
      authorization:
        `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${signedHeaders.join(";")}, ` +
        `Signature=${signature}`,
    },
    ...(body !== undefined && { body }),
  });
}
