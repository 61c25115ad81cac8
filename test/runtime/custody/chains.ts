import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { piecesOf } from "../../../landscape/evidence-prefixes";
import { type Sign, sealed, sha256 } from "../../../runtime/custody/envelope";
import { manifestName, manifestText } from "../../../runtime/custody/manifest";
import type { Custody, Head, StoredManifest } from "../../../runtime/custody/verify";

export interface Chain {
  readonly caseId: string;
  readonly manifests: readonly StoredManifest[];
  readonly head: Head;
  /** Pieces by the key of their objects. */
  readonly pieces: ReadonlyMap<string, Buffer>;
}

export const bucket = "acme-ir-evidence-444444444444-eu-west-1";

export const keyPair = () => generateKeyPairSync("ec", { namedCurve: "P-256" });

/** Signs as KMS does. */
export const signer =
  (key: KeyObject): Sign =>
  async (bytes) => ({
    keyid: "arn:aws:kms:eu-west-1:444444444444:key/test",
    signature: sign("sha256", bytes, { key, dsaEncoding: "der" }),
  });

/** A chain as the custodian writes it: for each number, the pieces' contents. */
export async function chainOf(
  caseId: string,
  contents: readonly (readonly string[])[],
  privateKey: KeyObject,
  from: { readonly number: number; readonly previous: string | null } = { number: 1, previous: null },
): Promise<Chain> {
  const manifests: StoredManifest[] = [];
  const pieces = new Map<string, Buffer>();
  let { number, previous } = from;
  for (const texts of contents) {
    const bytes = await sealed(
      manifestText({
        case: caseId,
        actor: "anna",
        number,
        previous,
        at: "2026-11-28T03:00:00Z",
        pieces: texts.map((text, index) => {
          const key = `${piecesOf(caseId)}files/${number}-${index}`;
          const body = Buffer.from(text);
          pieces.set(key, body);
          return {
            bucket,
            key,
            versionId: "v1",
            sha256: sha256(body),
            bytes: body.length,
            digestBy: "s3" as const,
            what: "a file",
            source: "a laptop",
            collectedAt: "2026-11-28T02:59:00Z",
          };
        }),
      }),
      signer(privateKey),
    );
    manifests.push({ name: manifestName(number), bytes, versions: 1 });
    previous = sha256(bytes);
    number += 1;
  }
  return { caseId, manifests, head: { number: number - 1, sha256: previous ?? "" }, pieces };
}

/** What a verifier is given of a chain. */
export const custodyOf = (chain: Chain, key: KeyObject): Custody => ({
  caseId: chain.caseId,
  key,
  manifests: chain.manifests,
  heads: chain.head.number === 0 ? [] : [chain.head],
  newest: chain.head.number,
  stored: [...chain.pieces.keys()].map((name) => ({ bucket, key: name, versionId: "v1" })),
  read: async ({ key: name }) => {
    const body = chain.pieces.get(name);
    return body ? { sha256: sha256(body), bytes: body.length } : { missing: "NoSuchKey" };
  },
});
