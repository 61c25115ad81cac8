import { createHash, randomBytes } from "node:crypto";
import type { LambdaClient } from "@aws-sdk/client-lambda";
import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { piecesOf } from "../../landscape/evidence-prefixes";
import { utc } from "../shared/clock";
import { reason } from "../shared/errors";
import { ask } from "../shared/invoke";
import { type Machine, machineArn } from "../shared/machines";
import type { Setting } from "../shared/setting";
import type { Appended } from "./append";
import { type CustodyRequest, mostPieces, type Piece } from "./manifest";

/** A name that no shell or address has to quote. */
export const safeName = (name: string): string => name.replaceAll(/[^A-Za-z0-9._-]+/g, "-");

/**
 * Written once: the same name is not taken again. S3 compares the digest with what arrives; that one comes, a bucket
 * with Object Lock wants to be told ("PutObject", Amazon S3 API reference).
 */
export async function storePiece(
  s3: S3Client,
  Bucket: string,
  Key: string,
  Body: Buffer,
): Promise<Pick<Piece, "bucket" | "key" | "versionId" | "sha256">> {
  const sha256 = createHash("sha256").update(Body).digest();
  const { VersionId = "" } = await s3.send(
    new PutObjectCommand({
      Bucket,
      Key,
      Body,
      IfNoneMatch: "*",
      ChecksumAlgorithm: "SHA256",
      ChecksumSHA256: sha256.toString("base64"),
    }),
  );
  return { bucket: Bucket, key: Key, versionId: VersionId, sha256: sha256.toString("hex") };
}

/** Has the custodian sign for pieces, and gives the manifest. */
export type SignFor = (request: CustodyRequest) => Promise<Appended>;

/** As many manifests as it takes; gives the last. */
export const signByCustodian =
  (lambda: LambdaClient, functionName: string): SignFor =>
  async ({ pieces, ...request }) => {
    const custodian = {
      functionName,
      who: "the custodian",
      // What it says no to, before it has written anything.
      refusals: /^(ContractBroken|NotPossible)$/,
    };
    let signed: Appended | undefined;
    for (let from = 0; from < pieces.length; from += mostPieces) {
      signed = await ask<Appended>(lambda, custodian, {
        ...request,
        pieces: pieces.slice(from, from + mostPieces),
      });
    }
    if (signed === undefined) throw new Error("there is nothing to be signed for");
    return signed;
  };

/** Where evidence goes: an account and region of its own. */
export interface EvidencePlace {
  readonly account: string;
  readonly region: string;
  readonly bucket: string;
  /** ARN of the key under which copies lie. */
  readonly key: string;
  readonly s3: S3Client;
  readonly sign: SignFor;
}

export interface EvidenceSetting extends Setting {
  readonly evidence: EvidencePlace;
}

/** A file of evidence before it is stored. */
export interface File {
  readonly name: string;
  readonly what: string;
  readonly body: Buffer;
}

export interface Deposited {
  readonly pieces: readonly Piece[];
  readonly manifest?: Pick<Appended, "number" | "sha256">;
  /** What went wrong, and what to do: evidence that nobody has signed for is evidence still. */
  readonly problems: readonly string[];
}

export const jsonFile = (name: string, what: string, content: unknown): File => ({
  name,
  what,
  body: Buffer.from(`${JSON.stringify(content, undefined, 2)}\n`),
});

/** Stores files below the case and has the custodian sign for them; what goes wrong is told, and stops nothing. */
export async function deposit(
  setting: EvidenceSetting,
  machine: Machine,
  files: readonly File[],
): Promise<Deposited> {
  const { evidence, clock, caseId, actor, kit } = setting;
  const collectedAt = utc(clock.now());
  // Two runs in one second must not take each other's names.
  const run = `${collectedAt.replaceAll(":", "")}-${randomBytes(3).toString("hex")}`;
  const source = machineArn(kit.partition, machine);
  const stored = await Promise.all(
    files.map(async ({ name, what, body }): Promise<Piece | string> => {
      const key = `${piecesOf(caseId)}instances/${machine.instance}/${run}-${name}`;
      try {
        const piece = await storePiece(evidence.s3, evidence.bucket, key, body);
        return { ...piece, what, source, collectedAt };
      } catch (error) {
        return `${what} was not stored: ${reason(error)}`;
      }
    }),
  );
  const pieces = stored.filter((one) => typeof one !== "string");
  const problems = stored.filter((one) => typeof one === "string");
  if (pieces.length === 0) return { pieces, problems };
  try {
    const { number, sha256 } = await evidence.sign({ case: caseId, actor, pieces });
    return { pieces, manifest: { number, sha256 }, problems };
  } catch (error) {
    const unsigned =
      `stored, and perhaps not signed for: ${reason(error)}. ` +
      `npx ir-kit custody sign --case ${caseId} --what … --source … has it signed`;
    return { pieces, problems: [...problems, unsigned] };
  }
}
