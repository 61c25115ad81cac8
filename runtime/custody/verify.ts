import type { KeyObject } from "node:crypto";
import { opened, sha256 } from "./envelope";
import { addressOf, type Manifest, manifestName, manifestOf, numberOf, type Piece } from "./manifest";

/** What lies below a case's `custody/`, by its name there. */
export interface StoredManifest {
  readonly name: string;
  readonly bytes: Buffer;
  /** Versions and delete markers under this name; a manifest is written once. Left out where nothing tells. */
  readonly versions?: number;
}

/** A version of a piece as it lies in a bucket; a copy on a disk has no versions. */
export interface StoredPiece {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string;
  /** UTC, ISO 8601 to the second. */
  readonly storedAt?: string;
  /** A delete marker, which hides what is below it. */
  readonly marker?: true;
}

/** The last manifest that the custodian knows of. */
export interface Head {
  readonly number: number;
  readonly sha256: string;
}

/** One piece as it is found on reading. */
export type FoundPiece = { readonly sha256: string; readonly bytes: number } | { readonly missing: string };

export interface Custody {
  readonly caseId: string;
  readonly key: KeyObject;
  readonly manifests: readonly StoredManifest[];
  /**
   * Last manifests of which somebody knows: the custodian's table, or whoever has kept what `ir-kit custody add` prints.
   * Without any it can't be told whether the newest manifests were taken away.
   */
  readonly heads: readonly Head[];
  /** Number of the last manifest that the custodian knew of after all this was read; left out where nobody asked. */
  readonly newest?: number;
  /** Reads a piece; it may take long, and is asked for one after the other. What it throws ends the verification. */
  readonly read: (piece: Pick<Piece, "bucket" | "key" | "versionId">) => Promise<FoundPiece>;
  /** What the case has in its buckets, manifests apart; left out where nobody has looked. */
  readonly stored?: readonly StoredPiece[];
}

export interface Problem {
  /** Name of the manifest, or address of the piece. */
  readonly where: string;
  readonly problem: string;
}

export interface Verdict {
  readonly manifests: number;
  readonly pieces: number;
  readonly problems: readonly Problem[];
}

/**
 * Looks at everything that a case's custody says, and at every piece that it names.
 *
 * Each manifest is signed and names the one before, with its signature; so an edit, a removal, another order or an
 * insertion breaks either a signature or the next link, and whoever makes the chain anew needs the key. That the newest
 * are there, the head says, which is kept elsewhere.
 */
export async function verifyCustody(custody: Custody): Promise<Verdict> {
  const problems: Problem[] = [];
  const tell = (where: string, problem: string): void => {
    problems.push({ where, problem });
  };
  const byNumber = numbered(custody.manifests, tell);
  tellGaps(custody, byNumber, tell);
  const sound = followChain(custody, byNumber, tell);
  for (const { number, sha256: known } of custody.heads) {
    const stored = byNumber.get(number);
    if (stored && sha256(stored.bytes) !== known) {
      tell(stored.name, "is not the manifest that the custodian has written");
    }
  }
  const named = await lookAtPieces(custody, sound, tell);
  for (const piece of custody.stored ?? []) lookAtStored(piece, named, tell);
  return { manifests: custody.manifests.length, pieces: named.versions.size, problems };
}

/** Pieces that no manifest names: whoever put them there broke off before they were signed for, or was no collector. */
export function unsignedPieces({ key, manifests, stored = [] }: Custody): StoredPiece[] {
  const named = namedBy(manifests.flatMap((manifest) => readManifest(key, manifest, () => undefined) ?? []));
  return stored.filter((piece) => !piece.marker && !isNamed(named, piece));
}

/** What manifests name: addresses, and addresses with the version that is signed for. */
interface Named {
  readonly addresses: ReadonlySet<string>;
  readonly versions: ReadonlySet<string>;
}

const versionOf = (piece: Pick<Piece, "bucket" | "key" | "versionId">): string =>
  `${addressOf(piece)}?versionId=${piece.versionId}`;

function namedBy(manifests: readonly Manifest[]): Named {
  const pieces = manifests.flatMap(({ subject }) => subject.map(({ annotations }) => annotations));
  return { addresses: new Set(pieces.map(addressOf)), versions: new Set(pieces.map(versionOf)) };
}

const isNamed = ({ addresses, versions }: Named, { bucket, key, versionId }: StoredPiece): boolean =>
  versionId === undefined
    ? addresses.has(addressOf({ bucket, key }))
    : versions.has(versionOf({ bucket, key, versionId }));

function lookAtStored(piece: StoredPiece, named: Named, tell: Tell): void {
  const address = addressOf(piece);
  if (piece.marker) tell(address, "is hidden by a delete marker");
  else if (isNamed(named, piece)) return;
  else if (named.addresses.has(address)) {
    tell(address, `was written over: for version ${piece.versionId} nobody has signed`);
  } else {
    tell(address, "is named by no manifest: nobody has signed for it, or it is being added just now");
  }
}

type Tell = (where: string, problem: string) => void;

function numbered(manifests: readonly StoredManifest[], tell: Tell): ReadonlyMap<number, StoredManifest> {
  const byNumber = new Map<number, StoredManifest>();
  for (const stored of manifests) {
    const number = numberOf(stored.name);
    if (number === undefined) {
      tell(stored.name, "is not the name of a manifest: somebody else has put it there");
    } else if (byNumber.has(number)) tell(stored.name, "is there twice");
    else byNumber.set(number, stored);
    if ((stored.versions ?? 1) > 1) {
      tell(stored.name, `has ${stored.versions} versions or markers, and a manifest is written once`);
    }
  }
  return byNumber;
}

/** Numbers that should be there and are not; a planted name can be very far off. */
function tellGaps(
  { heads, newest }: Custody,
  byNumber: ReadonlyMap<number, StoredManifest>,
  tell: Tell,
): void {
  const present = [...byNumber.keys()].sort((one, other) => one - other);
  const furthest = Math.max(0, ...heads.map(({ number }) => number));
  let expected = 1;
  for (const number of [...present, ...((present.at(-1) ?? 0) < furthest ? [furthest + 1] : [])]) {
    if (number > expected) {
      const many = number - expected > 1 ? `, and so is everything up to ${manifestName(number - 1)}` : "";
      tell(manifestName(expected), `is missing${many}`);
    }
    expected = number + 1;
  }
  const last = present.at(-1) ?? 0;
  // One more there may be: it was written, and the custodian broke off before it said so.
  if (newest !== undefined && last > newest + 1) {
    tell(manifestName(last), `is further than the custodian knows of: by its table ${newest} is the last`);
  }
}

/** Opens each manifest, and gives those that are one. */
function followChain(
  { key, caseId }: Custody,
  byNumber: ReadonlyMap<number, StoredManifest>,
  tell: Tell,
): Manifest[] {
  return [...byNumber]
    .sort(([one], [other]) => one - other)
    .flatMap(([number, stored]) => {
      const manifest = readManifest(key, stored, tell);
      if (manifest === undefined) return [];
      follows({ caseId, number, stored, manifest, before: byNumber.get(number - 1) }, tell);
      return [manifest];
    });
}

function readManifest(key: KeyObject, { name, bytes }: StoredManifest, tell: Tell): Manifest | undefined {
  const envelope = opened(bytes, key);
  if (!envelope.ok) {
    tell(name, envelope.why);
    return undefined;
  }
  const read = manifestOf(envelope.text);
  if ("manifest" in read) return read.manifest;
  tell(name, `is signed, and not a manifest that this ir-kit knows: ${read.wrong}`);
  return undefined;
}

interface Link {
  readonly caseId: string;
  readonly number: number;
  readonly stored: StoredManifest;
  readonly manifest: Manifest;
  readonly before: StoredManifest | undefined;
}

function follows({ caseId, number, stored, manifest: { predicate }, before }: Link, tell: Tell): void {
  const { name } = stored;
  if (predicate.case !== caseId) tell(name, `belongs to case ${predicate.case}`);
  if (predicate.number !== number) tell(name, `says that it is number ${predicate.number}`);
  const previous = number === 1 ? null : before && sha256(before.bytes);
  // Where the one before is missing, that has been told, and nothing can be compared.
  if (previous === undefined || predicate.previous === previous) return;
  tell(
    name,
    number === 1 ? "is the first and names one before" : `does not follow ${manifestName(number - 1)}`,
  );
  // What is signed and in its place is right about the one before.
  const inPlace = predicate.case === caseId && predicate.number === number;
  if (before && inPlace) tell(before.name, `is not the manifest that ${name} follows`);
}

/** Reads every piece once, and tells what is not as it was signed for; gives what is named. */
async function lookAtPieces({ read }: Custody, manifests: readonly Manifest[], tell: Tell): Promise<Named> {
  for (const { subject, predicate } of manifests) {
    for (const { annotations, digest } of subject) {
      const address = addressOf(annotations);
      const found = await read(annotations);
      const by = `manifest ${manifestName(predicate.number)}`;
      if ("missing" in found) tell(address, `is named by ${by} and is not there: ${found.missing}`);
      else if (found.sha256 !== digest.sha256) {
        tell(address, `is not what ${by} signs for: SHA-256 ${found.sha256}, signed ${digest.sha256}`);
      } else if (found.bytes !== annotations.bytes) {
        tell(address, `has ${found.bytes} bytes, and ${by} signs for ${annotations.bytes}`);
      }
    }
  }
  return namedBy(manifests);
}
