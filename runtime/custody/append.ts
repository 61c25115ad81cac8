import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { utc } from "../shared/clock";
import { NotPossible } from "../shared/errors";
import { type Sign, sealed, sha256 } from "./envelope";
import { addressOf, type CustodyRequest, manifestName, manifestText, type Piece } from "./manifest";
import type { Head } from "./verify";

export interface Custodian {
  /** Client of S3 in a region. */
  readonly s3: (region: string) => S3Client;
  readonly documents: DynamoDBDocumentClient;
  readonly table: string;
  /** Buckets of evidence by region; manifests go into that of the home region. */
  readonly buckets: Readonly<Record<string, string>>;
  readonly homeRegion: string;
  readonly custodyPrefix: string;
  readonly sign: Sign;
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
  const pieces = await Promise.all(request.pieces.map((piece) => looked(custodian, request.case, piece)));
  const bucket = homeBucket(custodian);
  const s3 = custodian.s3(custodian.homeRegion);
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const head = await headOf(custodian, request.case);
    const number = (head?.number ?? 0) + 1;
    const key = `${request.case}/${custodian.custodyPrefix}${manifestName(number)}`;
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
    if (await written(s3, bucket, key, body)) {
      const appended = { number, sha256: sha256(body) };
      await advance(custodian, request.case, head, appended);
      return { ...appended, bucket, key };
    }
    // Another has written it, and has told the table or will; if it broke off between, this tells it.
    const other = await bytesOf(s3, bucket, key);
    await advance(custodian, request.case, head, { number, sha256: sha256(other) });
  }
  throw new NotPossible("others write manifests of this case all the time; try again");
}

const homeBucket = ({ buckets, homeRegion }: Custodian): string => buckets[homeRegion] ?? "";

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

async function written(s3: S3Client, Bucket: string, Key: string, Body: Buffer): Promise<boolean> {
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
    return true;
  } catch (error) {
    // Two that write at the same time: the first is told that it is there, or both that they meet.
    if (/^(PreconditionFailed|ConditionalRequestConflict)$/.test((error as Error).name)) return false;
    throw error;
  }
}

async function bytesOf(s3: S3Client, Bucket: string, Key: string): Promise<Buffer> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}

/** A piece as S3 has it: in a bucket of evidence, below the case, this version, with this digest. */
async function looked(
  custodian: Custodian,
  caseId: string,
  piece: Piece,
): Promise<Piece & { readonly bytes: number }> {
  const { bucket, key, versionId } = piece;
  const address = addressOf(piece);
  const region = Object.keys(custodian.buckets).find((one) => custodian.buckets[one] === bucket);
  if (region === undefined) throw new NotPossible(`${address} is in no bucket of evidence`);
  const prefix = `${caseId}/`;
  if (!key.startsWith(prefix) || key.startsWith(`${prefix}${custodian.custodyPrefix}`)) {
    throw new NotPossible(`${address} is not evidence of ${caseId}: that lies below ${prefix}`);
  }
  const found = await custodian
    .s3(region)
    .send(new HeadObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId, ChecksumMode: "ENABLED" }))
    .catch((error: Error) => {
      if (/^(NotFound|NoSuchKey|NoSuchVersion|BadRequest|400|403|404)$/.test(error.name)) {
        throw new NotPossible(`${address}, version ${versionId}, is not there: ${error.name}`);
      }
      throw error;
    });
  const stored = found.ChecksumSHA256 && Buffer.from(found.ChecksumSHA256, "base64").toString("hex");
  // The checksum of an upload in parts is one of parts' checksums ("Checking object integrity"): it says nothing here.
  const whole = found.ChecksumType !== "COMPOSITE" && !/-\d+$/.test(found.ChecksumSHA256 ?? "");
  if (stored && whole && stored !== piece.sha256) {
    throw new NotPossible(
      `${address} is not what was said: S3 has SHA-256 ${stored}, the request ${piece.sha256}`,
    );
  }
  return { ...piece, bytes: found.ContentLength ?? 0 };
}
