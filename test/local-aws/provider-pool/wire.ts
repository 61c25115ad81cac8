/** Bytes before each message of gRPC: whether it is compressed, and its length. */
const prefixLength = 5;

/** A message as gRPC sends it. */
export function frame(message: Uint8Array): Buffer {
  const prefix = Buffer.alloc(prefixLength);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

/**
 * The one message of a unary call.
 *
 * @throws when it is compressed or not whole
 */
export function unframe(body: Buffer): Buffer {
  const whole = body.length >= prefixLength && body.length === prefixLength + body.readUInt32BE(1);
  if (!whole || body[0] !== 0) throw new Error(`not one plain message of gRPC (${body.length} bytes)`);
  return body.subarray(prefixLength);
}

/** A field of a message in the encoding of Protocol Buffers. */
interface Field {
  readonly number: number;
  /** The field as it stands, with its tag. */
  readonly bytes: Buffer;
  /** What a field of variable length holds; no bytes for numbers. */
  readonly content: Buffer;
}

function varint(message: Buffer, start: number): { value: number; end: number } {
  let value = 0;
  for (let end = start, factor = 1; end < message.length; factor *= 128) {
    const byte = message[end++] ?? 0;
    value += (byte & 127) * factor;
    if (byte < 128) return { value, end };
  }
  throw new Error("a message of Protocol Buffers ends within a number");
}

const fixedLength: Readonly<Record<number, number>> = { 1: 8, 5: 4 };
const lengthDelimited = 2;

function* fieldsOf(message: Buffer): Generator<Field> {
  for (let start = 0; start < message.length; ) {
    const tag = varint(message, start);
    const wireType = tag.value % 8;
    let from = tag.end;
    let end = tag.end + (fixedLength[wireType] ?? 0);
    if (wireType === 0) end = varint(message, tag.end).end;
    if (wireType === lengthDelimited) {
      const length = varint(message, tag.end);
      from = length.end;
      end = from + length.value;
    }
    if (end > message.length) throw new Error("a message of Protocol Buffers ends within a field");
    const content = wireType === lengthDelimited ? message.subarray(from, end) : Buffer.alloc(0);
    yield { number: Math.floor(tag.value / 8), bytes: message.subarray(start, end), content };
    start = end;
  }
}

/** Fields of `Configure.Request`: Terraform's version, the configuration, and what Terraform is capable of. */
const capabilities = 3;

/**
 * A message that configures, without what Terraform is capable of. In an apply it can put resources off, in a plan it
 * can't; the AWS provider puts none off, so that both are one configuration.
 *
 * Source: `tfplugin5.proto` of hashicorp/terraform.
 */
export const withoutCapabilities = (message: Buffer): Buffer =>
  Buffer.concat(
    [...fieldsOf(message)].filter(({ number }) => number !== capabilities).map(({ bytes }) => bytes),
  );

/** The key of an entry of a map whose keys are texts. */
function keyOf(entry: Buffer): string {
  for (const { number, content } of fieldsOf(entry)) if (number === 1) return content.toString("utf8");
  return "";
}

/**
 * Maps of `GetProviderSchema.Response` from a name to a schema: resources, data sources, ephemeral resources. The
 * numbers are the same in both versions of the protocol.
 *
 * Source: `tfplugin5.proto` and `tfplugin6.proto` of hashicorp/terraform.
 */
const schemaMaps = new Set([2, 3, 8]);

/** Field of `GetProviderSchema.Response` in both versions of the protocol: what went wrong. */
const diagnostics = 4;

/** Whether an answer for schemas says that something went wrong, or deserves a warning. */
export const holdsDiagnostics = (schemas: Buffer): boolean =>
  [...fieldsOf(schemas)].some(({ number }) => number === diagnostics);

/**
 * A provider's answer to the question for its schemas, cut to some resource types. All else in it, fields that a later
 * version may add too, stays as it is.
 */
export function withoutOtherTypes(schemas: Buffer, types: ReadonlySet<string>): Buffer {
  const kept: Buffer[] = [];
  for (const { number, bytes, content } of fieldsOf(schemas)) {
    if (!schemaMaps.has(number) || types.has(keyOf(content))) kept.push(bytes);
  }
  return Buffer.concat(kept);
}
