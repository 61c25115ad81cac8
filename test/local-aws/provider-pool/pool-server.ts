import { once } from "node:events";
import {
  createServer,
  type Http2Server,
  type Http2Session,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from "node:http2";
import { call, readWhole } from "./call";
import type { Configured, ConfiguredProviders } from "./configured-providers";
import type { ProviderProcess } from "./provider-process";
import { relay } from "./relay";
import type { SchemaAnswers } from "./schema-answers";
import { frame } from "./wire";

export interface PoolServerParts {
  readonly schemas: SchemaAnswers;
  /** For calls that need no configuration. */
  readonly unconfigured: { readonly get: () => Promise<ProviderProcess> };
  readonly configured: ConfiguredProviders;
}

const window = 16 * 1024 * 1024;
const grpc = { ":status": 200, "content-type": "application/grpc" } as const;

/** gRPC's status "failed precondition": of "unavailable" Terraform would tell that the provider did not respond. */
const failedPrecondition = "9";

/** What Terraform calls, by the last part of the path, in both versions of the protocol. */
const schemaCalls = /\/Get(Provider)?Schema$/;
const configureCalls = /\/Configure(Provider)?$/;
/**
 * Whether a provider's own configuration is well formed, of which the message alone tells; the AWS provider looks
 * through all its 1,500 resource types for it, each time.
 */
const checkCalls = /\/(PrepareProviderConfig|ValidateProviderConfig)$/;
/** Of the library that runs plug-ins: output and nested connections, neither of which a provider uses. */
const pluginStreams = /^\/plugin\.GRPC(Stdio|Broker)\//;
/** It would end a provider that others use next. */
const endingCalls = /\/Shutdown$/;
/** Ctrl-C: a provider gives up what it waits for, and goes on for the next. */
const stopCalls = /\/Stop(Provider)?$/;

/** Speaks to Terraform as a provider does, and hands each call to a provider behind it. */
export class PoolServer {
  private readonly server: Http2Server;
  private readonly sessions = new Map<Http2Session, Configured | undefined>();
  private readonly checked = new Map<string, Buffer>();

  constructor(private readonly parts: PoolServerParts) {
    this.server = createServer({ settings: { initialWindowSize: window } });
    this.server.on("session", (session) => {
      this.sessions.set(session, undefined);
      session.on("error", () => undefined);
      session.on("close", () => this.endOf(session));
    });
    this.server.on("stream", (stream, headers) => this.serve(stream, headers));
  }

  async listen(socket: string): Promise<void> {
    this.server.listen(socket);
    await once(this.server, "listening");
  }

  async stop(): Promise<void> {
    for (const session of this.sessions.keys()) session.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private endOf(session: Http2Session): void {
    this.sessions.get(session)?.release();
    this.sessions.delete(session);
  }

  private serve(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    stream.on("error", () => undefined);
    const path = String(headers[":path"]);
    if (pluginStreams.test(path)) {
      stream.respond(grpc);
      stream.resume();
    } else if (endingCalls.test(path) || (stopCalls.test(path) && !this.holds(stream.session))) {
      stream.resume();
      answer(stream, frame(new Uint8Array()));
    } else {
      this.handOn(stream, headers, path).catch((error: Error) => refuse(stream, error));
    }
  }

  private holds(session: Http2Session | undefined): boolean {
    return session !== undefined && this.sessions.get(session) !== undefined;
  }

  private async handOn(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, path: string): Promise<void> {
    const { session } = stream;
    if (!session || !this.sessions.has(session)) return stream.close();
    if (configureCalls.test(path)) return this.configure(session, stream, headers);
    if (checkCalls.test(path)) return answer(stream, await this.check(headers, await readWhole(stream)));
    if (schemaCalls.test(path)) {
      const asked = await readWhole(stream);
      const ask = async () => call(await this.parts.unconfigured.get(), headers, asked);
      return answer(stream, await this.parts.schemas.answer(ask));
    }
    relay(stream, headers, this.sessions.get(session)?.provider ?? (await this.parts.unconfigured.get()));
  }

  /** The same question has the same answer. */
  private async check(headers: IncomingHttpHeaders, configuration: Buffer): Promise<Buffer> {
    const key = configuration.toString("base64");
    const known =
      this.checked.get(key) ?? (await call(await this.parts.unconfigured.get(), headers, configuration));
    this.checked.set(key, known);
    return known;
  }

  private async configure(
    session: Http2Session,
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
  ): Promise<void> {
    const configuration = await readWhole(stream);
    const configured = await this.parts.configured.take(configuration, (provider) =>
      call(provider, headers, configuration),
    );
    // Terraform may have gone while it waited in line.
    if (!this.sessions.has(session)) return configured.release();
    this.sessions.get(session)?.release();
    this.sessions.set(session, configured);
    answer(stream, configured.answer);
  }
}

function answer(stream: ServerHttp2Stream, framed: Buffer): void {
  if (stream.destroyed) return;
  stream.respond(grpc, { waitForTrailers: true });
  stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
  stream.end(framed);
}

function refuse(stream: ServerHttp2Stream, error: Error): void {
  if (stream.destroyed) return;
  stream.resume();
  if (stream.headersSent) {
    stream.close();
    return;
  }
  // In gRPC the message is percent-encoded.
  stream.respond(
    { ...grpc, "grpc-status": failedPrecondition, "grpc-message": encodeURIComponent(error.message) },
    { endStream: true },
  );
}
