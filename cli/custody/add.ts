import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import type { Landscape } from "../../landscape";
import { custodyFunctionArn } from "../../landscape/evidence-arns";
import { piecesOf } from "../../landscape/evidence-prefixes";
import { bucketName } from "../../landscape/names";
import type { Appended } from "../../runtime/custody/append";
import { safeName, signByCustodian, storePiece } from "../../runtime/custody/deposit";
import { addressOf, type CustodyRequest, longest, type Piece } from "../../runtime/custody/manifest";
import { type Custody, unsignedPieces } from "../../runtime/custody/verify";
import { utc } from "../../runtime/shared/clock";
import { forClient, type SessionCredentials } from "../assume/chain";
import { Refused, WrongUse } from "../errors";
import type { Reporter } from "../reporter";
import { line } from "../respond/report";

/** Node reads a file of up to 2 GiB whole; S3 takes 5 in one request, of which it tells the digest of the whole. */
const largestFile = 2 ** 31 - 1;

/** Looked at before anything is written, and before anybody is asked for a code. */
export function mustBeFiles(files: readonly string[]): void {
  for (const file of files) {
    const found = statSync(file, { throwIfNoEntry: false });
    if (!found?.isFile()) throw new WrongUse(`${line(file)} is no file`);
    if (found.size > largestFile) throw new WrongUse(`${line(file)} is larger than 2 GiB; split it`);
  }
}

export interface Added {
  readonly pieces: readonly Piece[];
  readonly signed: Appended;
}

interface Addition extends Pick<Piece, "what" | "source"> {
  readonly files: readonly string[];
  readonly caseId: string;
  readonly actor: string;
}

/** What is said of pieces, as long as a manifest has room for. */
export function mustBeSaid(said: Pick<Piece, "what" | "source">): void {
  for (const name of ["what", "source"] as const) {
    const { length } = said[name];
    if (length === 0 || length > longest[name]) {
      throw new WrongUse(`--${name} takes 1 to ${longest[name]} characters; found ${length}`);
    }
  }
}

/**
 * Puts files into a case's evidence and has the custodian sign for them. Where it broke off between, what was put there
 * is told of by `ir-kit custody verify` as not signed for, and `ir-kit custody sign` has it signed.
 *
 * @throws Refused where something was stored and is not signed for, with what to do
 */
export async function addFiles(
  landscape: Landscape,
  session: SessionCredentials,
  reporter: Reporter,
  { files, caseId, actor, what, source }: Addition,
): Promise<Added> {
  const s3 = new S3Client({ region: landscape.homeRegion, credentials: forClient(session) });
  const bucket = bucketName(landscape, "evidence");
  const pieces: Piece[] = [];
  try {
    for (const [index, file] of files.entries()) {
      const at = utc(new Date());
      const key = `${piecesOf(caseId)}files/${at.replaceAll(":", "")}-${index + 1}-${safeName(path.basename(file))}`;
      const stored = await reporter.step(line(file), () => storePiece(s3, bucket, key, readFileSync(file)));
      pieces.push({ ...stored, what, source, collectedAt: at });
    }
    return { pieces, signed: await signedFor(landscape, session, reporter, { case: caseId, actor, pieces }) };
  } catch (error) {
    if (pieces.length === 0) throw error;
    throw new Refused(
      `${(error as Error).message}\nStored, and perhaps not signed for: ${pieces.map(({ key }) => key).join(", ")}. ` +
        `Don't add them again: npx ir-kit custody sign --case ${caseId} --what … --source … has them signed.`,
    );
  }
}

/**
 * Has the custodian sign for what lies there and nobody has signed for, as where an earlier deposit broke off.
 *
 * @returns what was signed for, and what could not be read
 * @throws NotPossible where the custodian refuses, with its reason
 */
export async function signLeftovers(
  landscape: Landscape,
  session: SessionCredentials,
  reporter: Reporter,
  { custody, actor, what, source }: Omit<Addition, "files" | "caseId"> & { readonly custody: Custody },
): Promise<Added & { readonly skipped: readonly string[] }> {
  const leftovers = unsignedPieces(custody);
  const pieces: Piece[] = [];
  const skipped: string[] = [];
  for (const { bucket, key, versionId = "", storedAt = utc(new Date()) } of leftovers) {
    const found = await reporter.step(line(key), () => custody.read({ bucket, key, versionId }));
    if ("missing" in found) skipped.push(`${addressOf({ bucket, key })} is not there: ${found.missing}`);
    else pieces.push({ bucket, key, versionId, what, source, collectedAt: storedAt, sha256: found.sha256 });
  }
  if (pieces.length === 0) {
    throw new Refused([`nothing of ${custody.caseId} is left to be signed for`, ...skipped].join("\n"));
  }
  const request = { case: custody.caseId, actor, pieces };
  return { pieces, signed: await signedFor(landscape, session, reporter, request), skipped };
}

/** Has the custodian sign, and tells that it has. */
const signedFor = (
  landscape: Landscape,
  session: SessionCredentials,
  reporter: Reporter,
  request: CustodyRequest,
): Promise<Appended> => {
  const lambda = new LambdaClient({ region: landscape.homeRegion, credentials: forClient(session) });
  const sign = signByCustodian(lambda, custodyFunctionArn(landscape));
  return reporter.step("signed by the custodian", () => sign(request));
};
