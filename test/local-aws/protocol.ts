import type { IncomingHttpHeaders } from "node:http";
import { XMLParser } from "fast-xml-parser";

/** The five wire forms of AWS APIs, which differ in where the operation stands and how an error looks. */
export type Protocol = "json" | "query" | "ec2" | "rest-xml" | "rest-json";

/** A call as it reached the front, with what every gap and refusal asks of it. */
export interface AwsCall {
  readonly service: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly protocol: Protocol;
  /** API operation such as `CreateRole`; for REST APIs other than S3, `METHOD /path`. */
  readonly operation: string;
  /** Parameters of JSON and query calls; the parsed JSON body of REST calls. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly method: string;
  /** Path and query as the emulator is to see them. */
  readonly target: string;
  readonly path: string;
  /** What stood in the request's first line, which is what is signed; nothing for a call of the front's own. */
  readonly url?: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Bucket of an S3 call. */
  readonly bucket?: string;
  /** Object key of an S3 call. */
  readonly key?: string;
}

export interface AwsAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

export interface RawRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const queryServices = new Set([
  "iam",
  "sts",
  "cloudformation",
  "sns",
  "rds",
  "autoscaling",
  "elasticloadbalancing",
  "monitoring",
]);

/** Reads service, region and key from the signature, and the operation from where the protocol keeps it. */
export function parseCall({ method, url, headers, body }: RawRequest): AwsCall {
  const { path, search, hostPrefix } = splitUrl(url, headers.host ?? "");
  const query = new URLSearchParams(search);
  const { accessKeyId, region, service } = credentialScope(headers, query);
  const addressed = addressOf(service, path, search, hostPrefix);
  const base = { service, region, accessKeyId, method, url, query, headers, body, ...addressed };

  const jsonTarget = headers["x-amz-target"];
  if (typeof jsonTarget === "string") {
    const operation = jsonTarget.slice(jsonTarget.lastIndexOf(".") + 1);
    return { ...base, protocol: "json", operation, parameters: parseJson(body) };
  }
  if (service === "ec2" || queryServices.has(service)) {
    const parameters = Object.fromEntries(new URLSearchParams(body.length > 0 ? body.toString() : search));
    const protocol = service === "ec2" ? "ec2" : "query";
    return { ...base, protocol, operation: parameters.Action ?? "", parameters };
  }
  if (service === "s3") {
    return {
      ...base,
      protocol: "rest-xml",
      operation: s3Operation(method, addressed, query, headers),
      parameters: {},
    };
  }
  const parameters = headers["content-type"]?.includes("json") ? parseJson(body) : {};
  return { ...base, protocol: "rest-json", operation: `${method} ${addressed.path}`, parameters };
}

interface SplitUrl {
  readonly path: string;
  readonly search: string;
  /** What stands before the host's own name: a bucket, or the account of an S3 Control call. */
  readonly hostPrefix: string;
}

/** `new URL` refuses hosts such as 123456789012.127.0.0.1, which S3 Control calls have, so this splits by hand. */
function splitUrl(url: string, hostHeader: string): SplitUrl {
  const absolute = /^https?:\/\/([^/]+)(\/.*)?$/.exec(url);
  const host = (absolute?.[1] ?? hostHeader).replace(/:\d+$/, "");
  const rest = absolute ? (absolute[2] ?? "/") : url;
  const mark = rest.indexOf("?");
  const prefix = /^(.+)\.(?:127\.0\.0\.1|localhost)$/.exec(host)?.[1] ?? "";
  return {
    path: mark < 0 ? rest : rest.slice(0, mark),
    search: mark < 0 ? "" : rest.slice(mark + 1),
    hostPrefix: prefix,
  };
}

function credentialScope(headers: IncomingHttpHeaders, query: URLSearchParams) {
  const credential =
    /Credential=([^,\s]+)/.exec(headers.authorization ?? "")?.[1] ?? query.get("X-Amz-Credential") ?? "";
  const [accessKeyId = "", , region = "", service = ""] = credential.split("/");
  return { accessKeyId, region, service };
}

/** Paths as the emulator knows them: buckets in the path, S3 Control under its own host. */
function addressOf(service: string, path: string, search: string, hostPrefix: string) {
  const control = service === "s3" && path.startsWith("/v20180820/");
  const fullPath = service === "s3" && hostPrefix !== "" && !control ? `/${hostPrefix}${path}` : path;
  const target = search === "" ? fullPath : `${fullPath}?${search}`;
  if (service !== "s3" || control) return { path: fullPath, target };
  const [bucket = "", ...key] = fullPath.slice(1).split("/");
  return {
    path: fullPath,
    target,
    ...(bucket !== "" && { bucket: decodeURIComponent(bucket) }),
    ...(key.join("/") !== "" && { key: decodeURIComponent(key.join("/")) }),
  };
}

export const isS3Control = (call: AwsCall): boolean =>
  call.service === "s3" && call.path.startsWith("/v20180820/");

const s3SubResources: Readonly<Record<string, string>> = {
  policy: "BucketPolicy",
  versioning: "BucketVersioning",
  "object-lock": "ObjectLockConfiguration",
  logging: "BucketLogging",
  encryption: "BucketEncryption",
  retention: "ObjectRetention",
  "legal-hold": "ObjectLegalHold",
};

const s3Verbs: Readonly<Record<string, string>> = {
  GET: "Get",
  PUT: "Put",
  DELETE: "Delete",
  HEAD: "Head",
  POST: "Post",
};

function s3Operation(
  method: string,
  { bucket, key, path }: { bucket?: string; key?: string; path: string },
  query: URLSearchParams,
  headers: IncomingHttpHeaders,
): string {
  const verb = s3Verbs[method] ?? method;
  const sub = Object.keys(s3SubResources).find((name) => query.has(name));
  if (sub !== undefined && bucket !== undefined) return `${verb}${s3SubResources[sub]}`;
  if (bucket !== undefined && method === "POST" && query.has("delete")) return "DeleteObjects";
  if (key !== undefined) return headers["x-amz-copy-source"] ? "CopyObject" : `${verb}Object`;
  if (bucket !== undefined && method === "PUT" && [...query.keys()].every((name) => name === "x-id"))
    return "CreateBucket";
  return `${method} ${path}`;
}

function parseJson(body: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body.toString() || "{}");
    return value !== null && typeof value === "object" ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

const xml = new XMLParser({ parseTagValue: false, ignoreAttributes: true });

/** An XML body as nested plain data; every value is text. */
export const parseXml = (body: Buffer | string): Record<string, unknown> =>
  xml.parse(body.toString()) as Record<string, unknown>;

/** What the root element holds, whatever its name: the emulator does not always name it as AWS does. */
export const parseXmlRoot = (body: Buffer | string): unknown =>
  Object.entries(parseXml(body)).find(([name]) => name !== "?xml")?.[1];

/** Value at a path of nested plain data, or nothing. */
export function dig(value: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      inner !== null && typeof inner === "object" ? (inner as Record<string, unknown>)[key] : undefined,
    value,
  );
}

/** XML gives one element as itself and several as a list. */
export const asList = (value: unknown): unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

export const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

const escapeXml = (value: string) =>
  value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

export const jsonAnswer = (
  value: unknown,
  status = 200,
  headers: Record<string, string> = {},
): AwsAnswer => ({
  status,
  headers: { "content-type": "application/json", ...headers },
  body: JSON.stringify(value),
});

export const xmlAnswer = (body: string, status = 200): AwsAnswer => ({
  status,
  headers: { "content-type": "text/xml" },
  body,
});

/** A result of a query API: `<ActionResponse><ActionResult>…`. */
export const queryAnswer = (call: AwsCall, result = ""): AwsAnswer =>
  xmlAnswer(
    `<${call.operation}Response xmlns="https://local-aws/"><${call.operation}Result>${result}</${call.operation}Result>` +
      `<ResponseMetadata><RequestId>local-aws</RequestId></ResponseMetadata></${call.operation}Response>`,
  );

/** An error in the form that the call's protocol wants. */
export function errorAnswer(call: AwsCall, status: number, code: string, message: string): AwsAnswer {
  const safe = { code: escapeXml(code), message: escapeXml(message) };
  switch (call.protocol) {
    case "json":
      return jsonAnswer({ __type: code, message, Message: message }, status, { "x-amzn-errortype": code });
    case "rest-json":
      return jsonAnswer({ code, message, Message: message }, status, { "x-amzn-errortype": code });
    case "query":
      return xmlAnswer(
        `<ErrorResponse><Error><Type>Sender</Type><Code>${safe.code}</Code><Message>${safe.message}</Message></Error>` +
          "<RequestId>local-aws</RequestId></ErrorResponse>",
        status,
      );
    case "ec2":
      return xmlAnswer(
        `<Response><Errors><Error><Code>${safe.code}</Code><Message>${safe.message}</Message></Error></Errors>` +
          "<RequestID>local-aws</RequestID></Response>",
        status,
      );
    case "rest-xml":
      return xmlAnswer(
        `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${safe.code}</Code><Message>${safe.message}</Message>` +
          "<RequestId>local-aws</RequestId></Error>",
        status,
      );
  }
}
