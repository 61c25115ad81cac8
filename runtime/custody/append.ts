import type { KeyObject } from "node:crypto";
import {
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { manifestsOf, piecesOf } from "../../landscape/evidence-prefixes";
import { utc } from "../shared/clock";
import { NotPossible } from "../shared/errors";
import { opened, type Sign, sealed, sha256 } from "./envelope";
import {
  addressOf,
  type CustodyRequest,
  type LookedAt,
  manifestName,
  manifestText,
  type Piece,
} from "./manifest";
import { bytesOf, digestOf, isGone } from "./objects";
import type { Head } from "./verify";

export interface Custodian {
  /** Client of S3 in a region. */
  readonly s3: (region: string) => S3Client;
  readonly documents: DynamoDBDocumentClient;
  readonly table: string;
  /** Buckets of evidence by region; manifests go into that of the home region. */
  readonly buckets: Readonly<Record<string, string>>;
  readonly homeRegion: string;
  readonly sign: Sign;
  readonly publicKey: () => Promise<KeyObject>;
  readonly clock: () => Date;
}

export interface Appended extends Head {
  readonly bucket: string;
  readonly key: string;
}

/** Turns that another writer may take before one gives up. */
const attempts = 20;

/**
 * Signs for pieces of evidence: looks whether each is there as the request says, and writes the next manifest of the
 * case. Several may write at once: a name is given once (`If-None-Match`), and whoever comes second takes the next. The
 * same request again gives another manifest that says the same; nothing is lost by it.
 *
 * @throws NotPossible for a piece that is not there, or is not what the request says; nothing is written then
 */
export async function append(custodian: Custodian, request: CustodyRequest): Promise<Appended> {
  const pieces = await lookAt(custodian, request);
  const bucket = custodian.buckets[custodian.homeRegion] ?? "";
  const s3 = custodian.s3(custodian.homeRegion);
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const head = await headOf(custodian, request.case);
    const number = (head?.number ?? 0) + 1;
    const key = `${manifestsOf(request.case)}${manifestName(number)}`;
    const body = await sealed(
      manifestText({
        case: request.case,
        actor: request.actor,
        number,
        previous: head?.sha256 ?? null,
        at: utc(custodian.clock()),
        pieces,
      }),
      custodian.sign,
    );
    const outcome = await write(s3, bucket, key, body);
    if (outcome === "written") {
      const appended = { number, sha256: sha256(body) };
      await advance(custodian, request.case, head, appended);
      return { ...appended, bucket, key };
    }
    // Another has written it, and has told the table or will; if it broke off between, this tells it.
    if (outcome === "taken") {
      const other = await manifestBytes(custodian, s3, bucket, key);
      await advance(custodian, request.case, head, { number, sha256: sha256(other) });
    }
  }
  throw new NotPossible("others write manifests of this case all the time; try again");
}

/** The last manifest of a case; undefined where there is none yet. */
export async function headOf(
  { documents, table }: Pick<Custodian, "documents" | "table">,
  caseId: string,
): Promise<Head | undefined> {
  const { Item } = await documents.send(
    new GetCommand({ TableName: table, Key: { case: caseId }, ConsistentRead: true }),
  );
  return Item && { number: Item.number as number, sha256: Item.sha256 as string };
}

async function advance(
  { documents, table }: Custodian,
  caseId: string,
  from: Head | undefined,
  to: Head,
): Promise<void> {
  try {
    await documents.send(
      new PutCommand({
        TableName: table,
        Item: { case: caseId, number: to.number, sha256: to.sha256 },
        ...(from === undefined
          ? {
              ConditionExpression: "attribute_not_exists(#case)",
              ExpressionAttributeNames: { "#case": "case" },
            }
          : {
              ConditionExpression: "#number = :number",
              ExpressionAttributeNames: { "#number": "number" },
              ExpressionAttributeValues: { ":number": from.number },
            }),
      }),
    );
  } catch (error) {
    // Whoever came between has told the table the same, or more.
    if ((error as Error).name !== "ConditionalCheckFailedException") throw error;
  }
}

/** Two that meet are told so (409), and neither has written then; whoever comes later, that it is taken (412). */
async function write(
  s3: S3Client,
  Bucket: string,
  Key: string,
  Body: Buffer,
): Promise<"written" | "taken" | "met"> {
  try {
    await s3.send(
      new PutObjectCommand({
        Bucket,
        Key,
        Body,
        IfNoneMatch: "*",
        ContentType: "application/json",
        ChecksumAlgorithm: "SHA256",
      }),
    );
    return "written";
  } catch (error) {
    const { name } = error as Error;
    if (name === "PreconditionFailed") return "taken";
    if (name === "ConditionalRequestConflict") return "met";
    throw error;
  }
}

/** @throws NotPossible for what the custodian has not signed: nothing is chained to it */
async function manifestBytes(
  { publicKey }: Custodian,
  s3: S3Client,
  bucket: string,
  key: string,
): Promise<Buffer> {
  const bytes = await bytesOf(s3, { bucket, key });
  const envelope = opened(bytes, await publicKey());
  if (!envelope.ok) throw new NotPossible(`${addressOf({ bucket, key })} ${envelope.why}`);
  return bytes;
}

/** Bytes that one request may have the custodian read where S3 knows no digest, within a function's time. */
const mostRead = 1024 ** 3;

/** Each piece as S3 has it: in a bucket of evidence, below the case, this version, with this digest. */
async function lookAt(custodian: Custodian, request: CustodyRequest): Promise<LookedAt[]> {
  const found: LookedAt[] = [];
  let left = mostRead;
  for (const piece of request.pieces) {
    const s3 = clientOf(custodian, request.case, piece);
    const { ContentLength: bytes = 0, ...head } = await headOfPiece(s3, piece);
    const known = wholeDigest(head);
    const read = known === undefined && bytes <= left;
    if (read) left -= bytes;
    const digest = read ? (await digestOf(s3, piece)).sha256 : known;
    if (digest !== undefined && digest !== piece.sha256) {
      throw new NotPossible(
        `${addressOf(piece)} is not what was said: it has SHA-256 ${digest}, the request ${piece.sha256}`,
      );
    }
    found.push({ ...piece, bytes, digestBy: read ? "custodian" : known ? "s3" : "collector" });
  }
  return found;
}

function clientOf({ buckets, s3 }: Custodian, caseId: string, piece: Piece): S3Client {
  const region = Object.keys(buckets).find((one) => buckets[one] === piece.bucket);
  const address = addressOf(piece);
  if (region === undefined) throw new NotPossible(`${address} is in no bucket of evidence`);
  const prefix = piecesOf(caseId);
  if (!piece.key.startsWith(prefix)) {
    throw new NotPossible(`${address} is not evidence of ${caseId}: that lies below ${prefix}`);
  }
  return s3(region);
}

async function headOfPiece(
  s3: S3Client,
  { bucket, key, versionId }: Piece,
): Promise<HeadObjectCommandOutput> {
  try {
    return await s3.send(
      new HeadObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId, ChecksumMode: "ENABLED" }),
    );
  } catch (error) {
    if (!isGone(error)) throw error;
    throw new NotPossible(
      `${addressOf({ bucket, key })}, version ${versionId}, is not there: ${(error as Error).name}`,
    );
  }
}

/** The checksum of an upload in parts is one of parts' checksums ("Checking object integrity"): it says nothing here. */
function wholeDigest({ ChecksumSHA256, ChecksumType }: Partial<HeadObjectCommandOutput>): string | undefined {
  if (!ChecksumSHA256 || ChecksumType === "COMPOSITE" || /-\d+$/.test(ChecksumSHA256)) return undefined;
  return Buffer.from(ChecksumSHA256, "base64").toString("hex");
}
