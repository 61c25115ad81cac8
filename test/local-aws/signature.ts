import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { RawRequest } from "./protocol";

/** What a request says of its signature. Source: "Create a signed AWS API request" (IAM user guide). */
export interface Signed {
  readonly accessKeyId: string;
  /** Day, region, service and terminator, as they stand in the request. */
  readonly scope: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** `20261128T030000Z` */
  readonly time: string;
  readonly sessionToken?: string;
  readonly presigned: boolean;
}

const header = ({ headers }: RawRequest, name: string): string | undefined => {
  const value = headers[name];
  return Array.isArray(value) ? value.join(",") : value;
};

/** Path and query as they were sent; through a proxy, a request names the host before them. */
function targetOf({ url }: RawRequest): { readonly path: string; readonly query: string } {
  const rest = url.replace(/^https?:\/\/[^/?]+/, "") || "/";
  const mark = rest.indexOf("?");
  return mark < 0 ? { path: rest, query: "" } : { path: rest.slice(0, mark), query: rest.slice(mark + 1) };
}

/** Pairs of a query, decoded. A plus sign is one: signers write a space as `%20`. */
const pairsOf = (query: string): (readonly [string, string])[] =>
  query
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair) => {
      const [name = "", ...value] = pair.split("=");
      return [decodeURIComponent(name), decodeURIComponent(value.join("="))] as const;
    });

/** The signature of a request, from its header or, presigned, from its query; nothing where it is not signed. */
export function signedOf(raw: RawRequest): Signed | undefined {
  const query = new Map(pairsOf(targetOf(raw).query));
  const authorization = header(raw, "authorization") ?? "";
  const given =
    /^AWS4-HMAC-SHA256 +Credential=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]+)$/.exec(
      authorization,
    );
  const presigned = query.has("X-Amz-Signature");
  const [credential, names, signature] = presigned
    ? ["X-Amz-Credential", "X-Amz-SignedHeaders", "X-Amz-Signature"].map((name) => query.get(name))
    : (given?.slice(1) ?? []);
  if (credential === undefined || names === undefined || signature === undefined) return undefined;
  const token = presigned ? query.get("X-Amz-Security-Token") : header(raw, "x-amz-security-token");
  return {
    accessKeyId: credential.slice(0, credential.indexOf("/")),
    scope: credential.slice(credential.indexOf("/") + 1),
    signedHeaders: names.split(";"),
    signature,
    time: (presigned ? query.get("X-Amz-Date") : header(raw, "x-amz-date")) ?? "",
    ...(token !== undefined && { sessionToken: token }),
    presigned,
  };
}

/** Whether the signature is the one that the secret key gives, over what was sent. */
export function isSignedWith(raw: RawRequest, signed: Signed, secretAccessKey: string): boolean {
  const expected = Buffer.from(signatureOf(raw, signed, secretAccessKey));
  const found = Buffer.from(signed.signature);
  return expected.length === found.length && timingSafeEqual(expected, found);
}

/** The signature of a request, by what it says of itself. */
export function signatureOf(
  raw: RawRequest,
  signed: Omit<Signed, "signature">,
  secretAccessKey: string,
): string {
  const text = ["AWS4-HMAC-SHA256", signed.time, signed.scope, sha256(canonicalRequest(raw, signed))].join(
    "\n",
  );
  const key = signed.scope
    .split("/")
    .reduce<Buffer>((last, part) => hmac(last, part), Buffer.from(`AWS4${secretAccessKey}`));
  return hmac(key, text).toString("hex");
}

function canonicalRequest(
  raw: RawRequest,
  { scope, signedHeaders, presigned }: Omit<Signed, "signature">,
): string {
  const { path, query } = targetOf(raw);
  const service = scope.split("/")[2] ?? "";
  return [
    raw.method,
    service === "s3" ? path : twiceEncoded(path),
    canonicalQuery(query),
    ...signedHeaders.map((name) => `${name}:${(header(raw, name) ?? "").trim().replace(/ +/g, " ")}`),
    "",
    signedHeaders.join(";"),
    payloadHash(raw, service, presigned),
  ].join("\n");
}

/** Every service but S3 signs the path as it was sent, encoded once more, without empty and dotted segments. */
function twiceEncoded(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".") segments.push(segment);
  }
  const end = segments.length > 0 && path.endsWith("/") ? "/" : "";
  return `/${segments.map(encoded).join("/")}${end}`;
}

const canonicalQuery = (query: string): string =>
  pairsOf(query)
    .filter(([name]) => name !== "X-Amz-Signature")
    .map(([name, value]) => [encoded(name), encoded(value)] as const)
    .sort(([a, one], [b, other]) => (a < b || (a === b && one < other) ? -1 : 1))
    .map((pair) => pair.join("="))
    .join("&");

const encoded = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/**
 * What is signed in the body's place: its hash, or one of the words by which S3's clients say that they sign it in
 * chunks, or not at all.
 */
function payloadHash(raw: RawRequest, service: string, presigned: boolean): string {
  const said = header(raw, "x-amz-content-sha256");
  if (said !== undefined && !/^[0-9a-f]{64}$/.test(said)) return said;
  if (presigned && service === "s3" && said === undefined) return "UNSIGNED-PAYLOAD";
  return sha256(raw.body);
}

const sha256 = (data: string | Buffer): string => createHash("sha256").update(data).digest("hex");

const hmac = (key: Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();

/** Milliseconds between a signature's time and another; not a number where it has none. */
export const ageOf = ({ time }: Pick<Signed, "time">, now: Date): number =>
  now.getTime() - Date.parse(time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
