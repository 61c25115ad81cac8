import type { FrontContext } from "./front";
import { type AwsAnswer, type AwsCall, parseXmlRoot } from "./protocol";

/** What the emulator says of a bucket's configuration, asked with the credentials of the call. */
export const askBucket = (
  call: AwsCall,
  { forward }: FrontContext,
  configuration: string,
  bucket = call.bucket ?? "",
): Promise<AwsAnswer> =>
  forward({ ...call, method: "GET", target: `/${bucket}?${configuration}`, body: Buffer.alloc(0) });

/** The same as plain data; nothing where there is no such configuration or bucket. */
export async function readBucket(
  call: AwsCall,
  context: FrontContext,
  configuration: string,
  bucket?: string,
): Promise<unknown> {
  const { status, body } = await askBucket(call, context, configuration, bucket);
  return status === 200 ? parseXmlRoot(body) : undefined;
}
