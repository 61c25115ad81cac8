import {
  constants,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type ServerHttp2Stream,
} from "node:http2";
import type { ProviderProcess } from "./provider-process";

/** Hands a call on as it is, and the answer back as it is, trailers included. */
export function relay(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  { session, activity }: ProviderProcess,
): void {
  const { host: _, ":authority": __, ...rest } = headers;
  const ended = activity.begin();
  const call = session.request({ ...rest, ":authority": "localhost" }, { endStream: false });
  let trailers: OutgoingHttpHeaders = {};

  stream.pipe(call);
  stream.on("aborted", () => call.close(constants.NGHTTP2_CANCEL));
  // What breaks there breaks here: Terraform then tells it in its own words.
  call.on("error", () => stream.close(constants.NGHTTP2_INTERNAL_ERROR));
  call.on("close", () => {
    ended();
    if (!stream.writableEnded) stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  });

  call.on("trailers", ({ ":status": ___, ...received }) => {
    trailers = received;
  });
  call.on("response", ({ [constants.HTTP2_HEADER_STATUS]: status, ...received }, flags) => {
    if (stream.destroyed) return;
    const answer = { ...received, [constants.HTTP2_HEADER_STATUS]: status };
    if (flags & constants.NGHTTP2_FLAG_END_STREAM) {
      stream.respond(answer, { endStream: true });
      return;
    }
    stream.respond(answer, { waitForTrailers: true });
    stream.on("wantTrailers", () => stream.sendTrailers(trailers));
    call.pipe(stream);
  });
}
