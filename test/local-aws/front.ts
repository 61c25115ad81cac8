import { once } from "node:events";
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { accountHeader, type Caller, Callers, EmulatorAccounts } from "./accounts";
import type { IamRequest } from "./authorization/request";
import type { Emulator } from "./emulator";
import { recordEvent } from "./events";
import { gaps as allGaps } from "./gaps";
import type { Gap } from "./gaps/gap";
import {
  type AwsAnswer,
  type AwsCall,
  errorAnswer,
  isS3Control,
  parseCall,
  type RawRequest,
} from "./protocol";
import { refusals as allRefusals } from "./refusals";
import type { Refusal } from "./refusals/refusal";

/** What gaps and refusals may ask of the front. */
export interface FrontContext {
  readonly accounts: EmulatorAccounts;
  readonly callers: Callers;
  readonly managementAccount: string;
  /** Where the front itself listens. */
  readonly port: () => number;
  /** Hands a call to the emulator, as it is or changed. */
  readonly forward: (call: AwsCall) => Promise<AwsAnswer>;
  /** State of one gap or of several that share it, under a name; gone at a reset. */
  readonly memory: <T>(name: string, initial: () => T) => T;
  /** Told of every call of a role of the kit that its policies allowed, and of what IAM was asked about it. */
  readonly authorized: (caller: Caller, requests: readonly IamRequest[]) => void;
}

export interface Counts {
  /** Calls whose answer the front made or changed, by gap. */
  readonly gaps: Readonly<Record<string, number>>;
  readonly refusals: Readonly<Record<string, number>>;
  /** Calls that the emulator could not answer at all, by service and operation. */
  readonly unanswered: Readonly<Record<string, number>>;
  readonly forwarded: number;
}

export interface Front {
  readonly port: number;
  readonly counts: () => Counts;
  readonly reset: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

export interface FrontOptions {
  readonly emulator: Emulator;
  readonly managementAccount: string;
  readonly port?: number;
  readonly gaps?: readonly Gap[];
  readonly refusals?: readonly Refusal[];
  /** Answers requests below `/_local-aws/`, which are not AWS calls. */
  readonly control?: (path: string, front: Front) => Promise<AwsAnswer>;
  /** Told of every call after it was answered. */
  readonly observe?: (call: AwsCall, answer: AwsAnswer) => void;
  readonly authorized?: FrontContext["authorized"];
}

/** Starts the strict front: it refuses as AWS does, fills what the emulator lacks, and forwards the rest. */
export async function startFront(options: FrontOptions): Promise<Front> {
  const front = new StrictFront(options);
  await front.listen(options.port ?? 0);
  return front;
}

class StrictFront implements Front {
  private readonly server: Server;
  private readonly context: FrontContext;
  private readonly memories = new Map<string, unknown>();
  private tally = emptyTally();

  constructor(private readonly options: FrontOptions) {
    const forward = (call: AwsCall) => this.forward(call);
    this.context = {
      accounts: new EmulatorAccounts(options.emulator.port, options.managementAccount),
      callers: new Callers(forward, options.managementAccount),
      managementAccount: options.managementAccount,
      port: () => this.port,
      forward,
      memory: <T>(name: string, initial: () => T) => this.remember(name, initial),
      authorized: (caller, requests) => options.authorized?.(caller, requests),
    };
    this.server = createServer((incoming, outgoing) => void this.serve(incoming, outgoing));
    this.server.keepAliveTimeout = 60_000;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  readonly counts = (): Counts => structuredClone(this.tally);

  readonly reset = async (): Promise<void> => {
    await this.options.emulator.reset();
    this.memories.clear();
    this.context.callers.forget();
    this.tally = emptyTally();
  };

  readonly stop = async (): Promise<void> => {
    this.server.close();
    this.server.closeAllConnections();
    await this.options.emulator.stop();
  };

  async listen(port: number): Promise<void> {
    this.server.listen(port, "127.0.0.1");
    await once(this.server, "listening");
  }

  private remember<T>(name: string, initial: () => T): T {
    if (!this.memories.has(name)) this.memories.set(name, initial());
    return this.memories.get(name) as T;
  }

  private async serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const raw = await readRequest(incoming);
    const answer = await this.answer(raw).catch((error: unknown) => frontFailure(raw, error));
    const head = raw.method === "HEAD";
    outgoing.writeHead(answer.status, {
      ...answer.headers,
      // HEAD tells the length of what GET would give.
      "content-length": (head && answer.headers["content-length"]) || Buffer.byteLength(answer.body),
    });
    outgoing.end(head ? undefined : answer.body);
  }

  private async answer(raw: RawRequest): Promise<AwsAnswer> {
    const control = /^\/_local-aws\/(\w+)$/.exec(raw.url)?.[1];
    if (control !== undefined && this.options.control) return this.options.control(control, this);
    const call = parseCall(raw);
    const answer = await this.decide(call);
    await this.context.callers.learn(call, answer);
    await recordEvent(call, answer, this.context);
    this.options.observe?.(call, answer);
    return answer;
  }

  private async decide(call: AwsCall): Promise<AwsAnswer> {
    for (const refusal of this.options.refusals ?? allRefusals) {
      const refused = await refusal.inspect(call, this.context);
      if (refused) {
        increment(this.tally.refusals, refusal.id);
        return errorAnswer(call, refused.status, refused.code, refused.message);
      }
    }
    for (const gap of this.options.gaps ?? allGaps) {
      if (!gap.concerns(call)) continue;
      const answer = await gap.answer(call, this.context);
      if (answer) {
        increment(this.tally.gaps, gap.id);
        return answer;
      }
    }
    this.tally.forwarded += 1;
    return this.neverAnInternalError(call, await this.forward(call));
  }

  /** Terraform's provider repeats a 500, and an HTML page, for ten minutes and more; a 400 it reports at once. */
  private neverAnInternalError(call: AwsCall, answer: AwsAnswer): AwsAnswer {
    // To HEAD there is no body, whatever type the emulator gives it.
    const html =
      call.method !== "HEAD" && answer.headers["content-type"]?.includes("text/html") && answer.status >= 400;
    if (answer.status < 500 && !html) return answer;
    increment(this.tally.unanswered, `${call.service}:${call.operation}`);
    const detail = answer.body
      .toString()
      .replace(/<[^>]*>/g, " ")
      .replace(/\s+/g, " ")
      .trim()
      .slice(0, 200);
    return errorAnswer(
      call,
      400,
      "LocalAwsGap",
      `the emulator cannot answer ${call.service} ${call.operation} (${answer.status}): ${detail}`,
    );
  }

  private forward(call: AwsCall): Promise<AwsAnswer> {
    return new Promise((resolve, reject) => {
      const { host: _, connection: __, "proxy-connection": ___, ...headers } = call.headers;
      const account = this.context.callers.accountOf(call.accessKeyId);
      const outgoing = request(
        {
          host: "127.0.0.1",
          port: this.options.emulator.port,
          method: call.method,
          path: call.target,
          headers: {
            ...headers,
            host: emulatorHost(call),
            "content-length": call.body.length,
            ...(account !== undefined && { [accountHeader]: account }),
          },
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
}

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

async function readRequest(incoming: IncomingMessage): Promise<RawRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return {
    method: incoming.method ?? "GET",
    url: incoming.url ?? "/",
    headers: incoming.headers,
    body: Buffer.concat(chunks),
  };
}

function frontFailure(raw: RawRequest, error: unknown): AwsAnswer {
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`local AWS: the front failed on ${raw.method} ${raw.url}: ${message}\n`);
  return errorAnswer(parseCall(raw), 400, "LocalAwsFailure", `the front failed: ${String(error)}`);
}

interface Tally {
  gaps: Record<string, number>;
  refusals: Record<string, number>;
  unanswered: Record<string, number>;
  forwarded: number;
}

const emptyTally = (): Tally => ({ gaps: {}, refusals: {}, unanswered: {}, forwarded: 0 });

function increment(counts: Record<string, number>, id: string): void {
  counts[id] = (counts[id] ?? 0) + 1;
}
