import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { accountHeader, type Caller, Callers, EmulatorAccounts, iamPlace } from "./accounts";
import type { IamRequest } from "./authorization/request";
import { atOnce, type Conditions } from "./conditions";
import type { Emulator, EmulatorProcess } from "./emulator";
import { type Delivery, type EventPlace, type EventRecord, emitEvent } from "./event-bridge/emit";
import { recordEvent } from "./events";
import { readRequest, toEmulator } from "./front-http";
import { FrontMemory, type MemoryOptions } from "./front-memory";
import { gaps as allGaps } from "./gaps";
import type { Gap } from "./gaps/gap";
import { KeptReads } from "./kept-reads";
import { type AwsAnswer, type AwsCall, errorAnswer, parseCall, type RawRequest } from "./protocol";
import { refusals as allRefusals } from "./refusals";
import type { Refusal } from "./refusals/refusal";
import { StaleReads } from "./stale-reads";
import { emptyTally, increment } from "./tally";
import { Traffic } from "./traffic";

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
  readonly memory: <T>(name: string, initial: () => T, options?: MemoryOptions) => T;
  /** How the front behaves in time at this moment. */
  readonly conditions: () => Conditions;
  /** Told of every call of a role of the kit that its policies allowed, and of what IAM was asked about it. */
  readonly authorized: (caller: Caller, requests: readonly IamRequest[]) => void;
  /** Counts an action that was let through without being judged: no policy of the kit's roles is concerned. */
  readonly undecided: (action: string) => void;
}

export interface Counts {
  /** Calls whose answer the front made or changed, by gap. */
  readonly gaps: Readonly<Record<string, number>>;
  readonly refusals: Readonly<Record<string, number>>;
  /** Calls that the emulator could not answer at all, by service and operation. */
  readonly unanswered: Readonly<Record<string, number>>;
  /** Actions that were let through since the front could not judge them, of principals that are not the kit's. */
  readonly undecided: Readonly<Record<string, number>>;
  readonly forwarded: number;
}

/** A copy of a local AWS before which no front stands yet: {@link startFront} takes both. */
export interface Fork {
  readonly emulator: EmulatorProcess;
  readonly memory: Uint8Array;
}

export interface Front {
  readonly port: number;
  readonly counts: () => Counts;
  /**
   * Emits an event as a service of AWS does, which no caller may: on the default bus of an account and region.
   *
   * @returns what each rule's targets got, on whichever bus the event came by
   */
  readonly emit: (place: EventPlace, event: EventRecord) => Promise<readonly Delivery[]>;
  readonly reset: () => Promise<void>;
  /** From now on the front behaves in time as told; what is not named stays as it is. */
  readonly behave: (conditions: Partial<Conditions>) => void;
  /**
   * Copies emulator and memory between two calls: what a call changes is in the copy whole or not at all.
   *
   * @param owner id of the process with which the copy ends
   * @throws NotCopied, EmulatorForkFailed
   */
  readonly fork: (owner: number) => Promise<Fork>;
  readonly stop: () => Promise<void>;
}

export interface FrontOptions {
  readonly emulator: Emulator;
  readonly managementAccount: string;
  /** What the front remembers from the beginning: the memory of the one that was forked. */
  readonly memory?: Uint8Array;
  readonly port?: number;
  readonly gaps?: readonly Gap[];
  readonly refusals?: readonly Refusal[];
  /** Answers requests below `/_local-aws/`, which are not AWS calls. */
  readonly control?: (path: string, front: Front) => Promise<AwsAnswer>;
  /** Told of every call after it was answered. */
  readonly observe?: (call: AwsCall, answer: AwsAnswer) => void;
  readonly authorized?: FrontContext["authorized"];
  /** How the front behaves in time from the beginning; at once unless told otherwise. */
  readonly conditions?: Partial<Conditions>;
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
  private readonly memory: FrontMemory;
  private readonly traffic = new Traffic();
  private readonly reads = new KeptReads();
  private readonly stale = new StaleReads();
  private tally = emptyTally();
  private conditions: Conditions;

  constructor(private readonly options: FrontOptions) {
    const forward = (call: AwsCall) => this.forward(call);
    this.memory = new FrontMemory(options.memory);
    this.conditions = { ...atOnce, ...options.conditions };
    this.context = {
      accounts: new EmulatorAccounts(options.emulator.port, options.managementAccount, this.reads),
      callers: new Callers(forward, options.managementAccount, this.memory),
      managementAccount: options.managementAccount,
      port: () => this.port,
      forward,
      memory: this.memory.part,
      conditions: () => this.conditions,
      authorized: (caller, requests) => options.authorized?.(caller, requests),
      undecided: (action) => increment(this.tally.undecided, action),
    };
    this.server = createServer((incoming, outgoing) => void this.serve(incoming, outgoing));
    this.server.keepAliveTimeout = 60_000;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  readonly counts = (): Counts => structuredClone(this.tally);

  readonly emit = (place: EventPlace, event: EventRecord): Promise<readonly Delivery[]> =>
    this.traffic.through(() => emitEvent(this.context, place, event));
  readonly behave = (conditions: Partial<Conditions>): void => {
    this.conditions = { ...this.conditions, ...conditions };
  };

  readonly reset = async (): Promise<void> => {
    await this.options.emulator.reset();
    this.memory.clear();
    this.reads.forget();
    this.stale.forget();
    this.tally = emptyTally();
  };

  readonly fork = (owner: number): Promise<Fork> =>
    this.traffic.pausedFor(async () => ({
      memory: this.memory.handOn(),
      emulator: await this.options.emulator.fork(owner),
    }));

  readonly stop = async (): Promise<void> => {
    this.server.close();
    this.server.closeAllConnections();
    await this.options.emulator.stop();
  };

  async listen(port: number): Promise<void> {
    this.server.listen(port, "127.0.0.1");
    await once(this.server, "listening");
  }

  private async serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const raw = await readRequest(incoming);
    const answer = await this.control(raw)
      .then((controlled) => controlled ?? this.traffic.through(() => this.answer(raw)))
      .catch((error: unknown) => frontFailure(raw, error));
    const head = raw.method === "HEAD";
    outgoing.writeHead(answer.status, {
      ...answer.headers,
      // HEAD tells the length of what GET would give.
      "content-length": (head && answer.headers["content-length"]) || Buffer.byteLength(answer.body),
    });
    outgoing.end(head ? undefined : answer.body);
  }

  private async control({ url }: RawRequest): Promise<AwsAnswer | undefined> {
    const command = /^\/_local-aws\/(\w+)$/.exec(url)?.[1];
    return command === undefined ? undefined : this.options.control?.(command, this);
  }

  private async answer(raw: RawRequest): Promise<AwsAnswer> {
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
    const caller = () => this.context.callers.of(call);
    const answered = await this.stale.through(call, caller, this.conditions, () => this.forward(call));
    return this.neverAnInternalError(call, answered);
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
    const account = this.context.callers.accountOf(call.accessKeyId);
    const place = account === undefined ? undefined : iamPlace(account);
    return this.reads.changed(call, () => this.send(call), place);
  }

  private send(call: AwsCall): Promise<AwsAnswer> {
    const account = this.context.callers.accountOf(call.accessKeyId);
    const inAccount = account === undefined ? {} : { [accountHeader]: account };
    return toEmulator(this.options.emulator.port, call, inAccount);
  }
}

function frontFailure(raw: RawRequest, error: unknown): AwsAnswer {
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`local AWS: the front failed on ${raw.method} ${raw.url}: ${message}\n`);
  return errorAnswer(parseCall(raw), 400, "LocalAwsFailure", `the front failed: ${String(error)}`);
}
