import { createHash, createPublicKey, type KeyObject } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GetPublicKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { GetObjectCommand, ListObjectVersionsCommand, S3Client } from "@aws-sdk/client-s3";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { evidenceRegions, type Forensics, type Landscape } from "../../landscape/model";
import { bucketName, custodyName, custodyPrefix, signingKeyAliasName } from "../../landscape/names";
import { headOf } from "../../runtime/custody/append";
import type { Piece } from "../../runtime/custody/manifest";
import type { Custody, FoundPiece, StoredManifest, StoredPiece } from "../../runtime/custody/verify";
import { utc } from "../../runtime/shared/clock";
import { forClient, type SessionCredentials } from "../assume/chain";

interface Version {
  readonly key: string;
  readonly versionId: string;
  readonly at: number;
  /** A marker hides what is below it. */
  readonly marker: boolean;
}

/** Custody of a case as AWS has it, read with a session of the task evidence in the forensics account. */
export async function caseCustody(
  landscape: Landscape,
  forensics: Forensics,
  caseId: string,
  session: SessionCredentials,
): Promise<Custody> {
  const credentials = forClient(session);
  const home = { region: landscape.homeRegion, credentials };
  const regions = evidenceRegions(landscape, forensics);
  const clients = new Map(
    regions.map((region) => [
      bucketName(landscape, "evidence", region),
      new S3Client({ region, credentials }),
    ]),
  );
  const clientOf = (bucket: string): S3Client => clients.get(bucket) ?? new S3Client(home);
  const homeBucket = bucketName(landscape, "evidence");
  const folder = `${caseId}/${custodyPrefix}`;
  const stored: StoredPiece[] = [];
  let manifests: StoredManifest[] = [];
  for (const [bucket, s3] of clients) {
    const versions = await versionsBelow(s3, bucket, `${caseId}/`);
    const byKey = groupedByKey(versions);
    if (bucket === homeBucket) manifests = await manifestsOf(s3, bucket, folder, byKey);
    stored.push(
      ...[...byKey]
        .filter(([key]) => !key.startsWith(folder) || bucket !== homeBucket)
        .map(([key, found]) => {
          const { versionId, at } = firstWritten(found) ?? { versionId: "", at: 0 };
          return { bucket, key, versionId, storedAt: utc(new Date(at)) };
        }),
    );
  }
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient(home));
  // A case without manifests has no head: then everything that it has is unsigned, and that is told.
  const head = (await headOf({ documents, table: custodyName(landscape) }, caseId)) ?? {
    number: 0,
    sha256: "",
  };
  return {
    caseId,
    key: await publicKey(new KMSClient(home), signingKeyAliasName(landscape)),
    manifests,
    head,
    stored,
    read: (piece) => readPiece(clientOf(piece.bucket), piece),
  };
}

async function versionsBelow(s3: S3Client, Bucket: string, Prefix: string): Promise<Version[]> {
  const found: Version[] = [];
  let from: { KeyMarker?: string; VersionIdMarker?: string } | undefined;
  do {
    const page = await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix, ...from }));
    for (const [entries, marker] of [
      [page.Versions ?? [], false],
      [page.DeleteMarkers ?? [], true],
    ] as const) {
      for (const { Key = "", VersionId = "", LastModified } of entries) {
        found.push({ key: Key, versionId: VersionId, at: LastModified?.getTime() ?? 0, marker });
      }
    }
    from = page.IsTruncated
      ? {
          ...(page.NextKeyMarker !== undefined && { KeyMarker: page.NextKeyMarker }),
          ...(page.NextVersionIdMarker !== undefined && { VersionIdMarker: page.NextVersionIdMarker }),
        }
      : undefined;
  } while (from !== undefined);
  return found;
}

function groupedByKey(versions: readonly Version[]): ReadonlyMap<string, readonly Version[]> {
  const byKey = new Map<string, Version[]>();
  for (const version of versions) byKey.set(version.key, [...(byKey.get(version.key) ?? []), version]);
  return byKey;
}

/** Each as it was first written: what came later is told of as a version too many. */
const manifestsOf = (
  s3: S3Client,
  bucket: string,
  folder: string,
  byKey: ReadonlyMap<string, readonly Version[]>,
): Promise<StoredManifest[]> =>
  Promise.all(
    [...byKey]
      .filter(([key]) => key.startsWith(folder))
      .map(async ([key, versions]) => {
        const first = firstWritten(versions);
        const bytes = first ? await bytesOf(s3, bucket, first) : Buffer.alloc(0);
        return { name: key.slice(folder.length), bytes, versions: versions.length };
      }),
  );

/** The list begins with the newest. */
const firstWritten = (versions: readonly Version[]): Version | undefined =>
  versions.filter(({ marker }) => !marker).reduceRight(earlier, undefined);

const earlier = (found: Version | undefined, next: Version): Version =>
  found === undefined || next.at < found.at ? next : found;

async function bytesOf(s3: S3Client, Bucket: string, { key, versionId }: Version): Promise<Buffer> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: key, VersionId: versionId }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}

/** Reads a piece as it flows by, whatever its size. */
async function readPiece(
  s3: S3Client,
  { bucket, key, versionId }: Pick<Piece, "bucket" | "key" | "versionId">,
): Promise<FoundPiece> {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId }));
    const hash = createHash("sha256");
    let bytes = 0;
    for await (const chunk of Body as AsyncIterable<Buffer>) {
      hash.update(chunk);
      bytes += chunk.length;
    }
    return { sha256: hash.digest("hex"), bytes };
  } catch (error) {
    return { missing: `${(error as Error).name}: ${(error as Error).message}` };
  }
}

async function publicKey(kms: KMSClient, KeyId: string): Promise<KeyObject> {
  const { PublicKey = [] } = await kms.send(new GetPublicKeyCommand({ KeyId }));
  return createPublicKey({ key: Buffer.from(PublicKey), format: "der", type: "spki" });
}
