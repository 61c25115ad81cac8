import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { getProxyForUrl } from "proxy-from-env";
import { Agent, type Dispatcher, fetch, ProxyAgent, type Response } from "undici";
import { errorCode, ToolProblem } from "./problems";

/** How a download failed: nobody answered, the answer was no file, or it ended before its end. */
export type Failure = "unreachable" | "refused" | "cut off";

export class DownloadFailed extends Error {
  constructor(
    readonly url: string,
    readonly failure: Failure,
    detail: string,
    /** The proxy that was asked, where the environment names one. */
    readonly proxy: string | undefined,
    options?: ErrorOptions,
  ) {
    const through = proxy === undefined ? "" : ` through the proxy ${withoutPassword(proxy)}`;
    super(`${url} ${words[failure]}${through}: ${detail}`, options);
  }
}

const words: Readonly<Record<Failure, string>> = {
  unreachable: "cannot be reached",
  refused: "gave no file",
  "cut off": "ended before its end",
};

/** Told of bytes that came, and of all there will be, where the server says so. */
export type Progress = (bytes: number, total: number | undefined) => void;

const patience = { connectTimeout: 15_000, headersTimeout: 60_000, bodyTimeout: 60_000 } as const;

/**
 * Brings a file over HTTP, through the proxy that `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` name.
 *
 * @returns SHA-256 of what was written
 * @throws DownloadFailed; the system's error where the file can't be written
 */
export async function download(
  url: string,
  file: string,
  progress: Progress = () => undefined,
): Promise<string> {
  return withAnswer(url, async (response, fail) => {
    const length = response.headers.get("content-length");
    const total = length === null ? undefined : Number(length);
    const hash = createHash("sha256");
    let bytes = 0;
    const meter = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        hash.update(chunk);
        bytes += chunk.length;
        progress(bytes, total);
        done(null, chunk);
      },
    });
    if (!response.body) throw fail("cut off", "it has no content");
    await pipeline(Readable.fromWeb(response.body), meter, createWriteStream(file));
    if (total !== undefined && bytes !== total) throw fail("cut off", `${bytes} of ${total} bytes came`);
    return hash.digest("hex");
  });
}

/** As `download`, for a short text. */
export const downloadText = (url: string): Promise<string> => withAnswer(url, (response) => response.text());

type Fail = (failure: Failure, detail: string, cause?: unknown) => DownloadFailed;

async function withAnswer<T>(url: string, use: (response: Response, fail: Fail) => Promise<T>): Promise<T> {
  const proxy = getProxyForUrl(url) || undefined;
  const fail: Fail = (failure, detail, cause) => new DownloadFailed(url, failure, detail, proxy, { cause });
  const dispatcher = dispatcherFor(proxy);
  try {
    const response = await fetch(url, { dispatcher }).catch((error: unknown) => {
      throw fail("unreachable", reasonOf(error), error);
    });
    if (!response.ok) throw fail("refused", `HTTP ${response.status} ${response.statusText}`.trim());
    return await use(response, fail).catch((error: unknown) => {
      if (error instanceof DownloadFailed || isFileError(error)) throw error;
      throw fail("cut off", reasonOf(error), error);
    });
  } finally {
    await dispatcher.destroy();
  }
}

function dispatcherFor(proxy: string | undefined): Dispatcher {
  if (proxy === undefined) return new Agent(patience);
  try {
    return new ProxyAgent({ uri: proxy, ...patience });
  } catch (cause) {
    throw new ToolProblem(
      `the proxy ${withoutPassword(proxy)} can't be used`,
      ["name it as http://<host>:<port> or https://<host>:<port>, in HTTPS_PROXY or HTTP_PROXY"],
      { cause },
    );
  }
}

/** The file's error rather than the network's: those of files carry a path, or say that the disk is full. */
const isFileError = (error: unknown): boolean =>
  error instanceof Error && ("path" in error || ["ENOSPC", "EDQUOT"].includes(errorCode(error) ?? ""));

/** `fetch` wraps what happened: its cause says it. */
function reasonOf(error: unknown): string {
  let innermost = error;
  while (innermost instanceof Error && innermost.cause instanceof Error) innermost = innermost.cause;
  if (innermost instanceof AggregateError) innermost = innermost.errors[0];
  return innermost instanceof Error ? innermost.message : String(innermost);
}

/** Of text that may be no URL too. */
const withoutPassword = (proxy: string): string => proxy.replace(/\/\/[^/]*@/, "//");
