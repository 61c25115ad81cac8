import { type Static, Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { caseIdPattern } from "../../landscape/tasks";
import { timeSchema } from "../shared/contracts";

/**
 * What the custodian signs for: which pieces of evidence a case has, whence, since when, by whom, and which manifest
 * came before. A statement as in-toto has it: subjects with digests, and a predicate about them. Source:
 * in-toto/attestation, "spec/v1/statement.md".
 */
const closed = { additionalProperties: false } as const;
const digest = Type.String({ pattern: "^[0-9a-f]{64}$" });
const text = (maxLength: number) => Type.String({ minLength: 1, maxLength });

/** A piece as an object in a bucket of evidence: this version, and no later one. */
const piece = {
  bucket: Type.String({ pattern: "^[a-z0-9.-]{3,63}$" }),
  key: text(1024),
  versionId: text(1024),
};

/** Characters. */
export const longest = { what: 200, source: 2048 } as const;

const about = {
  /** What it is, such as `console output`. */
  what: text(longest.what),
  /** What it was taken from: an ARN, where there is one. */
  source: text(longest.source),
  collectedAt: timeSchema,
};

/** Pieces of one manifest: what a request to a function can hold, and what it can look at in its time. */
export const mostPieces = 200;

export const custodyRequestSchema = Type.Object(
  {
    case: Type.String({ pattern: caseIdPattern.source }),
    /** Who has it recorded, as the caller says; who called, CloudTrail knows. */
    actor: text(300),
    pieces: Type.Array(Type.Object({ ...piece, ...about, sha256: digest }, closed), {
      minItems: 1,
      maxItems: mostPieces,
    }),
  },
  closed,
);
export type CustodyRequest = Static<typeof custodyRequestSchema>;
export type Piece = CustodyRequest["pieces"][number];

/**
 * Who has computed the digest that is signed: S3 as the piece arrived, the custodian by reading it, or only whoever
 * collected it, where neither could. Whoever verifies computes it in any case.
 */
const digestBySchema = Type.Union([Type.Literal("s3"), Type.Literal("custodian"), Type.Literal("collector")]);
export type DigestBy = Static<typeof digestBySchema>;

export const predicateType = "urn:aws-ir-kit:custody:1";

const manifestSchema = Type.Object(
  {
    _type: Type.Literal("https://in-toto.io/Statement/v1"),
    subject: Type.Array(
      Type.Object(
        {
          name: text(2048),
          digest: Type.Object({ sha256: digest }, closed),
          annotations: Type.Object(
            { ...piece, ...about, bytes: Type.Integer({ minimum: 0 }), digestBy: digestBySchema },
            closed,
          ),
        },
        closed,
      ),
    ),
    predicateType: Type.Literal(predicateType),
    predicate: Type.Object(
      {
        case: Type.String({ pattern: caseIdPattern.source }),
        /** Counts from 1 in a case. */
        number: Type.Integer({ minimum: 1 }),
        /** SHA-256 of the manifest before, with its signature; null for the first. */
        previous: Type.Union([digest, Type.Null()]),
        recordedAt: timeSchema,
        recordedBy: text(300),
      },
      closed,
    ),
  },
  closed,
);
export type Manifest = Static<typeof manifestSchema>;

/** A manifest's text, or what of it is wrong. */
export function manifestOf(text: string): { readonly manifest: Manifest } | { readonly wrong: string } {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return { wrong: "is not JSON" };
  }
  const first = Value.Errors(manifestSchema, read).First();
  return first ? { wrong: `${first.path || "/"} ${first.message}` } : { manifest: read as Manifest };
}

/** A piece as the custodian has found it. */
export type LookedAt = Piece & { readonly bytes: number; readonly digestBy: DigestBy };

export interface NewManifest extends Pick<CustodyRequest, "case" | "actor"> {
  readonly number: number;
  readonly previous: string | null;
  /** UTC, ISO 8601 to the second. */
  readonly at: string;
  readonly pieces: readonly LookedAt[];
}

export const manifestText = (given: NewManifest): string => {
  const manifest: Manifest = {
    _type: "https://in-toto.io/Statement/v1",
    subject: given.pieces.map(({ sha256, ...annotations }) => ({
      name: addressOf(annotations),
      digest: { sha256 },
      annotations,
    })),
    predicateType,
    predicate: {
      case: given.case,
      number: given.number,
      previous: given.previous,
      recordedAt: given.at,
      recordedBy: given.actor,
    },
  };
  return JSON.stringify(manifest);
};

export const addressOf = ({ bucket, key }: Pick<Piece, "bucket" | "key">): string => `s3://${bucket}/${key}`;

/** Padded, so that the order of texts is that of numbers. */
export const manifestName = (number: number): string => `${String(number).padStart(6, "0")}.json`;

/** The number that a manifest's name says; undefined for any other name. */
export const numberOf = (name: string): number | undefined => {
  const number = Number(/^(\d{6,})\.json$/.exec(name)?.[1]);
  return Number.isInteger(number) && manifestName(number) === name ? number : undefined;
};
