import { createHash } from "node:crypto";
import type { LambdaClient } from "@aws-sdk/client-lambda";
import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { ask } from "../shared/invoke";
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
