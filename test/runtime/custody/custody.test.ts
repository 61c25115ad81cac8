import fc from "fast-check";
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
      where: `s3://${bucket}/${chain.caseId}/files/${at + 1}-0`,
      chain: {
        ...chain,
        pieces: new Map([
          ...chain.pieces,
          [`${chain.caseId}/files/${at + 1}-0`, Buffer.from("something else, long enough")],
        ]),
      },
    }),
  },
  {
    what: "a piece is removed",
    apply: async (chain, at) => {
      const pieces = new Map(chain.pieces);
      pieces.delete(`${chain.caseId}/files/${at + 1}-0`);
      return { where: `s3://${bucket}/${chain.caseId}/files/${at + 1}-0`, chain: { ...chain, pieces } };
    },
  },
  {
    what: "a piece is added that nobody has signed for",
    apply: async (chain) => ({
      where: `s3://${bucket}/${chain.caseId}/files/planted`,
      chain: {
        ...chain,
        pieces: new Map([...chain.pieces, [`${chain.caseId}/files/planted`, Buffer.from("x")]]),
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
    const { head, ...withoutHead } = custodyOf(chain, custodian.publicKey);
    expect(head).toBeDefined();
    const cut = { ...withoutHead, manifests: chain.manifests.slice(0, 1), stored: [] };
    expect((await verifyCustody(cut)).problems).toEqual([]);
    expect((await verifyCustody({ ...cut, head: chain.head })).problems).toEqual([
      { where: "000002.json", problem: "is missing" },
    ]);
  });

  it("knows what nobody has signed for yet", async () => {
    const chain = await chainOf("CASE-1", [["one", "two"], ["three"]], custodian.privateKey);
    expect(unsignedPieces(custodyOf(chain, custodian.publicKey))).toEqual([]);
    const cut = custodyOf({ ...chain, manifests: chain.manifests.slice(0, 1) }, custodian.publicKey);
    expect(unsignedPieces(cut)).toEqual([{ bucket, key: "CASE-1/files/2-0" }]);
    // A manifest of somebody else's names nothing.
    expect(unsignedPieces(custodyOf(chain, thief.publicKey))).toHaveLength(3);
  });

  it("of a case that nobody has signed for tells of every piece", async () => {
    const chain = await chainOf("CASE-1", [["one"]], custodian.privateKey);
    const problems = await problemsOf({ ...chain, manifests: [], head: { number: 0, sha256: "" } });
    expect(problems).toEqual([
      {
        where: `s3://${bucket}/CASE-1/files/1-0`,
        problem: "is named by no manifest: nobody has signed for it",
      },
    ]);
  });
});
