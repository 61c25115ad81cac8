import fc from "fast-check";
import { piecesOf } from "../../../landscape/evidence-prefixes";
import { manifestName } from "../../../runtime/custody/manifest";
import {
  type Problem,
  type StoredManifest,
  unsignedPieces,
  verifyCustody,
} from "../../../runtime/custody/verify";
import { bucket, type Chain, chainOf, custodyOf, keyPair } from "./chains";

const custodian = keyPair();
const thief = keyPair();

const problemsOf = async (chain: Chain): Promise<readonly Problem[]> =>
  (await verifyCustody(custodyOf(chain, custodian.publicKey))).problems;

const contents = fc.array(fc.array(fc.string({ maxLength: 30 }), { minLength: 1, maxLength: 3 }), {
  minLength: 1,
  maxLength: 6,
});

interface Tampering {
  readonly what: string;
  /** Gives the chain after it, and where the verdict must point; undefined where it does not apply. */
  readonly apply: (
    chain: Chain,
    at: number,
    texts: readonly (readonly string[])[],
  ) => Promise<{ readonly chain: Chain; readonly where: string } | undefined>;
}

const replaced = (chain: Chain, index: number, change: (one: StoredManifest) => StoredManifest[]): Chain => ({
  ...chain,
  manifests: chain.manifests.flatMap((one, position) => (position === index ? change(one) : [one])),
});

const nameAt = (index: number): string => manifestName(index + 1);

const edited = (bytes: Buffer, change: (payload: string) => string): Buffer => {
  const envelope = JSON.parse(bytes.toString()) as { payload: string };
  const payload = change(Buffer.from(envelope.payload, "base64").toString());
  return Buffer.from(JSON.stringify({ ...envelope, payload: Buffer.from(payload).toString("base64") }));
};

const tamperings: readonly Tampering[] = [
  {
    what: "a manifest's text is edited",
    apply: async (chain, at) => ({
      where: nameAt(at),
      chain: replaced(chain, at, (one) => [
        { ...one, bytes: edited(one.bytes, (text) => text.replace('"anna"', '"hanna"')) },
      ]),
    }),
  },
  {
    what: "a manifest is cut short",
    apply: async (chain, at) => ({
      where: nameAt(at),
      chain: replaced(chain, at, (one) => [{ ...one, bytes: one.bytes.subarray(0, one.bytes.length / 2) }]),
    }),
  },
  {
    what: "one byte of a manifest is changed, wherever",
    apply: async (chain, at) => ({
      where: nameAt(at),
      chain: replaced(chain, at, (one) => {
        const bytes = Buffer.from(one.bytes);
        // What JSON does not care about, a link does: the bytes are hashed as they are.
        bytes[bytes.length - 1] = 0x20;
        return [{ ...one, bytes }];
      }),
    }),
  },
  {
    what: "a manifest is removed, be it the newest",
    apply: async (chain, at) => ({ where: nameAt(at), chain: replaced(chain, at, () => []) }),
  },
  {
    what: "all manifests from one on are removed",
    apply: async (chain, at) => ({
      where: nameAt(at),
      chain: { ...chain, manifests: chain.manifests.slice(0, at) },
    }),
  },
  {
    what: "two manifests change places",
    apply: async (chain, at) => {
      const other = (at + 1) % chain.manifests.length;
      const [one, two] = [chain.manifests[at], chain.manifests[other]];
      if (one === undefined || two === undefined || at === other) return undefined;
      return {
        where: nameAt(at),
        chain: replaced(
          replaced(chain, at, () => [{ ...one, bytes: two.bytes }]),
          other,
          () => [{ ...two, bytes: one.bytes }],
        ),
      };
    },
  },
  {
    what: "a manifest is inserted, and those after it are renamed",
    apply: async (chain, at) => ({
      where: nameAt(at + 1),
      chain: {
        ...chain,
        manifests: [
          ...chain.manifests.slice(0, at + 1),
          ...chain.manifests.slice(at).map((one, index) => ({ ...one, name: nameAt(at + 1 + index) })),
        ],
      },
    }),
  },
  {
    what: "a file is put among the manifests",
    apply: async (chain, at) => ({
      where: `${at}.json`,
      chain: {
        ...chain,
        manifests: [...chain.manifests, { name: `${at}.json`, bytes: Buffer.from("{}"), versions: 1 }],
      },
    }),
  },
  {
    what: "the chain from one on is made anew, with another key",
    apply: async (chain, at, texts) => {
      const forged = await chainOf(
        chain.caseId,
        texts.slice(at).map((own) => own.map((text) => `${text}!`)),
        thief.privateKey,
        { number: at + 1, previous: null },
      );
      return {
        where: nameAt(at),
        chain: {
          ...chain,
          manifests: [...chain.manifests.slice(0, at), ...forged.manifests],
          head: forged.head,
          pieces: new Map([...chain.pieces, ...forged.pieces]),
        },
      };
    },
  },
  {
    what: "a manifest of another case takes the place, signed by the custodian",
    apply: async (chain, at, texts) => {
      const other = await chainOf("CASE-2", texts, custodian.privateKey);
      const taken = other.manifests[at];
      return taken && { where: nameAt(at), chain: replaced(chain, at, () => [taken]) };
    },
  },
  {
    what: "an earlier chain of the same case takes the place, signed by the custodian",
    apply: async (chain, at) => {
      const earlier = await chainOf(chain.caseId, [["an earlier text"]], custodian.privateKey);
      const [first] = earlier.manifests;
      return first && at === 0 ? { where: nameAt(0), chain: replaced(chain, 0, () => [first]) } : undefined;
    },
  },
  {
    what: "a manifest is written once more, or hidden",
    apply: async (chain, at) => ({
      where: nameAt(at),
      chain: replaced(chain, at, (one) => [{ ...one, versions: 2 }]),
    }),
  },
  {
    what: "a piece is edited",
    apply: async (chain, at) => ({
      where: `s3://${bucket}/${piecesOf(chain.caseId)}files/${at + 1}-0`,
      chain: {
        ...chain,
        pieces: new Map([
          ...chain.pieces,
          [`${piecesOf(chain.caseId)}files/${at + 1}-0`, Buffer.from("something else, long enough")],
        ]),
      },
    }),
  },
  {
    what: "a piece is removed",
    apply: async (chain, at) => {
      const pieces = new Map(chain.pieces);
      pieces.delete(`${piecesOf(chain.caseId)}files/${at + 1}-0`);
      return {
        where: `s3://${bucket}/${piecesOf(chain.caseId)}files/${at + 1}-0`,
        chain: { ...chain, pieces },
      };
    },
  },
  {
    what: "a piece is added that nobody has signed for",
    apply: async (chain) => ({
      where: `s3://${bucket}/${piecesOf(chain.caseId)}files/planted`,
      chain: {
        ...chain,
        pieces: new Map([...chain.pieces, [`${piecesOf(chain.caseId)}files/planted`, Buffer.from("x")]]),
      },
    }),
  },
];

describe("custody of a case", () => {
  it("holds where nobody has touched it", async () => {
    await fc.assert(
      fc.asyncProperty(contents, async (texts) => {
        const chain = await chainOf("CASE-1", texts, custodian.privateKey);
        const verdict = await verifyCustody(custodyOf(chain, custodian.publicKey));
        expect(verdict).toEqual({ manifests: texts.length, pieces: texts.flat().length, problems: [] });
      }),
    );
  });

  it.each(tamperings)("is broken, and where is told, when $what", async ({ apply }) => {
    let seen = 0;
    await fc.assert(
      fc.asyncProperty(contents, fc.nat(), async (texts, at) => {
        const chain = await chainOf("CASE-1", texts, custodian.privateKey);
        const tampered = await apply(chain, at % texts.length, texts);
        if (tampered === undefined) return;
        seen += 1;
        expect((await problemsOf(tampered.chain)).map(({ where }) => where)).toContain(tampered.where);
      }),
    );
    expect(seen).toBeGreaterThan(10);
  });

  it("holds without a head too, but for the newest, of which nobody knows then", async () => {
    const chain = await chainOf("CASE-1", [["one"], ["two"]], custodian.privateKey);
    const whole = custodyOf(chain, custodian.publicKey);
    const cut = { ...whole, manifests: chain.manifests.slice(0, 1), stored: [] };
    expect((await verifyCustody({ ...cut, heads: [] })).problems).toEqual([]);
    expect((await verifyCustody(cut)).problems).toEqual([{ where: "000002.json", problem: "is missing" }]);
  });

  it("tells of a piece that was written over or hidden, although the first version is as it was signed for", async () => {
    const chain = await chainOf("CASE-1", [["one"]], custodian.privateKey);
    const custody = custodyOf(chain, custodian.publicKey);
    const [piece] = custody.stored ?? [];
    if (!piece) throw new Error("no piece");
    const over = { ...piece, versionId: "v2" };
    const hidden = { ...piece, versionId: "v3", marker: true as const };
    const where = `s3://${bucket}/${piece.key}`;
    expect((await verifyCustody({ ...custody, stored: [hidden, over, piece] })).problems).toEqual([
      { where, problem: "is hidden by a delete marker" },
      { where, problem: "was written over: for version v2 nobody has signed" },
    ]);
    expect(unsignedPieces({ ...custody, stored: [hidden, over, piece] })).toEqual([over]);
  });

  it("tells of a table that was set back, but not of the one manifest that it may lack", async () => {
    const chain = await chainOf("CASE-1", [["one"], ["two"], ["three"]], custodian.privateKey);
    const custody = custodyOf(chain, custodian.publicKey);
    expect((await verifyCustody({ ...custody, heads: [], newest: 2 })).problems).toEqual([]);
    expect((await verifyCustody({ ...custody, heads: [], newest: 1 })).problems).toEqual([
      { where: "000003.json", problem: expect.stringContaining("by its table 1 is the last") },
    ]);
  });

  it("does not count up to a number that somebody has planted", async () => {
    const chain = await chainOf("CASE-1", [["one"]], custodian.privateKey);
    const planted = { name: "999999999999.json", bytes: Buffer.from("{}"), versions: 1 };
    const custody = custodyOf({ ...chain, manifests: [...chain.manifests, planted] }, custodian.publicKey);
    expect((await verifyCustody(custody)).problems.slice(0, 1)).toEqual([
      { where: "000002.json", problem: "is missing, and so is everything up to 999999999998.json" },
    ]);
  });

  it("is not decided where a piece can't be read", async () => {
    const chain = await chainOf("CASE-1", [["one"]], custodian.privateKey);
    const read = () => Promise.reject(new Error("ExpiredToken"));
    await expect(verifyCustody({ ...custodyOf(chain, custodian.publicKey), read })).rejects.toThrow(
      "ExpiredToken",
    );
  });

  it("knows what nobody has signed for yet", async () => {
    const chain = await chainOf("CASE-1", [["one", "two"], ["three"]], custodian.privateKey);
    expect(unsignedPieces(custodyOf(chain, custodian.publicKey))).toEqual([]);
    const cut = custodyOf({ ...chain, manifests: chain.manifests.slice(0, 1) }, custodian.publicKey);
    expect(unsignedPieces(cut)).toEqual([{ bucket, key: "evidence/CASE-1/files/2-0", versionId: "v1" }]);
    // A manifest of somebody else's names nothing.
    expect(unsignedPieces(custodyOf(chain, thief.publicKey))).toHaveLength(3);
  });

  it("of a case that nobody has signed for tells of every piece", async () => {
    const chain = await chainOf("CASE-1", [["one"]], custodian.privateKey);
    const problems = await problemsOf({ ...chain, manifests: [], head: { number: 0, sha256: "" } });
    expect(problems).toEqual([
      {
        where: `s3://${bucket}/evidence/CASE-1/files/1-0`,
        problem: "is named by no manifest: nobody has signed for it, or it is being added just now",
      },
    ]);
  });
});
