import { createHash, type KeyObject, verify } from "node:crypto";

/**
 * A signed text, as DSSE has it: the signature covers the text's type too, and bytes are signed as they are, so that
 * nothing depends on how JSON is written. Source: secure-systems-lab/dsse, "protocol.md" and "envelope.md".
 */
export interface Envelope {
  readonly payloadType: string;
  /** Base64. */
  readonly payload: string;
  readonly signatures: readonly { readonly keyid: string; readonly sig: string }[];
}

/** The text is a statement as in-toto has it. Source: in-toto/attestation, "spec/v1/envelope.md". */
export const payloadType = "application/vnd.in-toto+json";

/** What is signed: type and text, each with its length in bytes before it. */
function signedBytes(type: string, payload: Buffer): Buffer {
  const head = `DSSEv1 ${Buffer.byteLength(type)} ${type} ${payload.length} `;
  return Buffer.concat([Buffer.from(head), payload]);
}

/** Gives a signature of bytes: ECDSA on P-256 over their SHA-256, DER as KMS gives it. */
export type Sign = (bytes: Buffer) => Promise<{ readonly keyid: string; readonly signature: Buffer }>;

/** The bytes of an envelope around a text. */
export async function sealed(text: string, sign: Sign): Promise<Buffer> {
  const payload = Buffer.from(text);
  const { keyid, signature } = await sign(signedBytes(payloadType, payload));
  const envelope: Envelope = {
    payloadType,
    payload: payload.toString("base64"),
    signatures: [{ keyid, sig: signature.toString("base64") }],
  };
  return Buffer.from(`${JSON.stringify(envelope)}\n`);
}

export type Opened =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly why: string };

/** The text of an envelope, where this key has signed it. */
export function opened(bytes: Buffer, key: KeyObject): Opened {
  const envelope = envelopeOf(bytes);
  if (envelope === undefined) return { ok: false, why: "is no signed envelope" };
  if (envelope.payloadType !== payloadType) return { ok: false, why: "holds no statement" };
  const payload = Buffer.from(envelope.payload, "base64");
  const signed = signedBytes(envelope.payloadType, payload);
  const good = envelope.signatures.some(({ sig }) =>
    verify("sha256", signed, { key, dsaEncoding: "der" }, Buffer.from(sig, "base64")),
  );
  return good
    ? { ok: true, text: payload.toString() }
    : { ok: false, why: "is not signed by the key of custody" };
}

function envelopeOf(bytes: Buffer): Envelope | undefined {
  let read: Partial<Envelope> | null;
  try {
    read = JSON.parse(bytes.toString()) as Partial<Envelope> | null;
  } catch {
    return undefined;
  }
  const sound =
    typeof read?.payloadType === "string" &&
    typeof read.payload === "string" &&
    Array.isArray(read.signatures) &&
    read.signatures.every((one) => typeof (one as { sig?: unknown } | null)?.sig === "string");
  return sound ? (read as Envelope) : undefined;
}

export const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

/** Digest and size of bytes as they flow by, whatever their number. */
export async function digested(
  chunks: AsyncIterable<Buffer>,
): Promise<{ readonly sha256: string; readonly bytes: number }> {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of chunks) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { sha256: hash.digest("hex"), bytes };
}
