import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { ListObjectVersionsCommand, S3Client } from "@aws-sdk/client-s3";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { manifestsOf, piecesOf } from "../../landscape/evidence-prefixes";
import { evidenceRegions, type Forensics, type Landscape } from "../../landscape/model";
import { bucketName, custodyName, signingKeyAliasName } from "../../landscape/names";
import { headOf } from "../../runtime/custody/append";
import { addressOf, type Piece } from "../../runtime/custody/manifest";
import { bytesOf, digestOf, isGone, publicKeyOf } from "../../runtime/custody/objects";
import type { Custody, FoundPiece, Head, StoredManifest, StoredPiece } from "../../runtime/custody/verify";
import { utc } from "../../runtime/shared/clock";
import { forClient, type SessionCredentials } from "../assume/chain";
import { Refused } from "../errors";

interface Version {
  readonly key: string;
  readonly versionId: string;
  readonly at: number;
  /** A marker hides what is below it. */
  readonly marker: boolean;
}

/**
 * Custody of a case as AWS has it, read with a session of the task evidence in the forensics account.
 *
 * What is signed later must not look as if it were missing, nor what is signed as if nobody had: so the head is read
 * first, then pieces, then manifests, and the head once more.
 *
 * @param kept the last manifest as somebody has kept it, beside the custodian's own
 */
export async function caseCustody(
  landscape: Landscape,
  forensics: Forensics,
  caseId: string,
  session: SessionCredentials,
  kept?: Head,
): Promise<Custody> {
  const credentials = forClient(session);
  const home = { region: landscape.homeRegion, credentials };
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient(home));
  const lastKnown = () => headOf({ documents, table: custodyName(landscape) }, caseId);
  const clients = new Map<string, S3Client>();
  const clientOf = (region: string): S3Client => {
    const client = clients.get(region) ?? new S3Client({ region, credentials });
    clients.set(region, client);
    return client;
  };
  const key = await publicKeyOf(new KMSClient(home), signingKeyAliasName(landscape));
  const head = await lastKnown();
  const stored: StoredPiece[] = [];
  for (const region of evidenceRegions(landscape, forensics)) {
    const bucket = bucketName(landscape, "evidence", region);
    const versions = await versionsBelow(clientOf(region), bucket, piecesOf(caseId));
    stored.push(...versions.map((version) => storedPiece(bucket, version)));
  }
  const manifests = await manifestsBelow(
    clientOf(landscape.homeRegion),
    bucketName(landscape, "evidence"),
    manifestsOf(caseId),
  );
  return {
    caseId,
    key,
    manifests,
    heads: [...(head ? [head] : []), ...(kept ? [kept] : [])],
    newest: (await lastKnown())?.number ?? 0,
    stored,
    read: (piece) => readPiece(clientOf(regionOf(piece.bucket) ?? landscape.homeRegion), piece),
  };
}

/** A bucket's name ends with its region: one that the landscape names no longer still has what it had. */
const regionOf = (bucket: string): string | undefined => /-\d{12}-([a-z0-9-]+)$/.exec(bucket)?.[1];

const storedPiece = (bucket: string, { key, versionId, at, marker }: Version): StoredPiece => ({
  bucket,
  key,
  versionId,
  storedAt: utc(new Date(at)),
  ...(marker && { marker }),
});

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

/** Each as it was first written: what came later is told of as a version too many. */
async function manifestsBelow(s3: S3Client, bucket: string, prefix: string): Promise<StoredManifest[]> {
  const byKey = new Map<string, Version[]>();
  for (const version of await versionsBelow(s3, bucket, prefix)) {
    byKey.set(version.key, [...(byKey.get(version.key) ?? []), version]);
  }
  return Promise.all(
    [...byKey].map(async ([key, versions]) => {
      // The list begins with the newest.
      const first = versions.filter(({ marker }) => !marker).reduceRight(earlier, undefined);
      const bytes = first ? await bytesOf(s3, { bucket, key, versionId: first.versionId }) : Buffer.alloc(0);
      return { name: key.slice(prefix.length), bytes, versions: versions.length };
    }),
  );
}

const earlier = (found: Version | undefined, next: Version): Version =>
  found === undefined || next.at < found.at ? next : found;

/** @throws Refused where a piece can't be read: that says nothing about whether it is as it was */
async function readPiece(
  s3: S3Client,
  piece: Pick<Piece, "bucket" | "key" | "versionId">,
): Promise<FoundPiece> {
  try {
    return await digestOf(s3, piece);
  } catch (error) {
    const { name, message } = error as Error;
    if (isGone(error)) return { missing: name };
    throw new Refused(
      `${addressOf(piece)} could not be read, and so custody neither holds nor is broken: ${name}: ${message}\n` +
        "A session lasts an hour: what takes longer to read is verified in a copy (--directory).",
    );
  }
}
