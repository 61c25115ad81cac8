import { createPublicKey, type KeyObject } from "node:crypto";
import { GetPublicKeyCommand, type KMSClient } from "@aws-sdk/client-kms";
import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { digested } from "./envelope";

/** An object in a bucket; of several versions the newest, where none is named. */
export interface StoredObject {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string;
}

const get = (s3: S3Client, { bucket, key, versionId }: StoredObject) =>
  s3.send(
    new GetObjectCommand({
      Bucket: bucket,
      Key: key,
      ...(versionId !== undefined && { VersionId: versionId }),
    }),
  );

/** What S3 says of a version that there is not, or that is a delete marker. */
export const isGone = (error: unknown): boolean =>
  /^(NotFound|NoSuchKey|NoSuchVersion|MethodNotAllowed|BadRequest|400|404|405)$/.test((error as Error).name);

export async function bytesOf(s3: S3Client, object: StoredObject): Promise<Buffer> {
  const { Body } = await get(s3, object);
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}

/** Digest and size of an object of any size, which is read as it flows by. */
export async function digestOf(
  s3: S3Client,
  object: StoredObject,
): Promise<{ readonly sha256: string; readonly bytes: number }> {
  const { Body } = await get(s3, object);
  return digested(Body as AsyncIterable<Buffer>);
}

/** The public half of a key that signs, as KMS has it. */
export async function publicKeyOf(kms: KMSClient, KeyId: string): Promise<KeyObject> {
  const { PublicKey = [] } = await kms.send(new GetPublicKeyCommand({ KeyId }));
  return createPublicKey({ key: Buffer.from(PublicKey), format: "der", type: "spki" });
}
