import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { manifestsOf, piecesOf } from "../../../landscape/evidence-prefixes";
import { append, type Custodian } from "../../../runtime/custody/append";
import { sha256 } from "../../../runtime/custody/envelope";
import { type CustodyRequest, manifestName } from "../../../runtime/custody/manifest";
import { type Head, verifyCustody } from "../../../runtime/custody/verify";
import { bucket, keyPair, signer } from "./chains";

const { publicKey, privateKey } = keyPair();
const prefix = manifestsOf("CASE-1");

const named = (name: string): Error => Object.assign(new Error(name), { name });

/** A bucket and a table as far as the custodian uses them: a name is given once, the head only if it is as it was. */
class Stage {
  readonly objects = new Map<string, Buffer>();
  head: Head | undefined;
  /** Called before each request; may throw what AWS would. */
  before: (command: object) => void = () => undefined;

  readonly s3 = {
    send: async (command: object) => {
      await turn();
      this.before(command);
      if (command instanceof PutObjectCommand) return this.put(command.input);
      if (command instanceof HeadObjectCommand) return this.look(String(command.input.Key));
      if (command instanceof GetObjectCommand) {
        const body = this.objects.get(String(command.input.Key));
        if (!body) throw named("NoSuchKey");
        return {
          Body: Object.assign(Readable.from([body]), { transformToByteArray: async () => body }),
        };
      }
      throw new Error("unexpected");
    },
  } as unknown as S3Client;

  readonly documents = {
    send: async (command: object) => {
      await turn();
      this.before(command);
      if (command instanceof GetCommand) return { Item: this.head && { ...this.head } };
      if (!(command instanceof PutCommand)) throw new Error("unexpected");
      const { Item, ExpressionAttributeValues } = command.input;
      if ((ExpressionAttributeValues?.[":number"] ?? undefined) !== this.head?.number) {
        throw named("ConditionalCheckFailedException");
      }
      this.head = { number: Item?.number as number, sha256: Item?.sha256 as string };
      return {};
    },
  } as unknown as DynamoDBDocumentClient;

  private put({ Key = "", Body, IfNoneMatch }: PutObjectCommand["input"]) {
    expect(IfNoneMatch).toBe("*");
    if (this.objects.has(Key)) throw named("PreconditionFailed");
    this.objects.set(Key, Body as Buffer);
    return {};
  }

  private look(key: string) {
    const body = this.objects.get(key);
    if (!body) throw named("NotFound");
    return { ContentLength: body.length, ChecksumSHA256: createHash("sha256").update(body).digest("base64") };
  }

  readonly custodian = (more: Partial<Custodian> = {}): Custodian => ({
    s3: () => this.s3,
    documents: this.documents,
    table: "acme-ir-custody",
    buckets: { "eu-west-1": bucket },
    homeRegion: "eu-west-1",
    sign: signer(privateKey),
    publicKey: async () => publicKey,
    clock: () => new Date("2026-11-28T03:00:00Z"),
    ...more,
  });

  piece(name: string): CustodyRequest["pieces"][number] {
    const key = `${piecesOf("CASE-1")}files/${name}`;
    const body = Buffer.from(name);
    this.objects.set(key, body);
    return {
      bucket,
      key,
      versionId: "v1",
      sha256: sha256(body),
      what: "a file",
      source: "a laptop",
      collectedAt: "2026-11-28T02:59:00Z",
    };
  }

  readonly ask = (...pieces: CustodyRequest["pieces"]): CustodyRequest => ({
    case: "CASE-1",
    actor: "anna",
    pieces,
  });

  async verdict() {
    const manifests = [...this.objects].flatMap(([key, bytes]) =>
      key.startsWith(prefix) ? [{ name: key.slice(prefix.length), bytes }] : [],
    );
    return verifyCustody({
      caseId: "CASE-1",
      key: publicKey,
      manifests,
      heads: this.head ? [this.head] : [],
      read: async ({ key }) => {
        const body = this.objects.get(key);
        return body ? { sha256: sha256(body), bytes: body.length } : { missing: "NoSuchKey" };
      },
    });
  }
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe("the custodian", () => {
  it("signs one manifest after the other, and says which is the last", async () => {
    const stage = new Stage();
    const first = await append(stage.custodian(), stage.ask(stage.piece("one"), stage.piece("two")));
    const second = await append(stage.custodian(), stage.ask(stage.piece("three")));
    expect([first.number, second.number]).toEqual([1, 2]);
    expect(stage.head).toEqual({ number: 2, sha256: second.sha256 });
    expect(await stage.verdict()).toEqual({ manifests: 2, pieces: 3, problems: [] });
  });

  it("gives each of many that ask at once a manifest of its own, none twice and none left out", async () => {
    const stage = new Stage();
    const asked = Array.from({ length: 12 }, (_, index) => stage.ask(stage.piece(`piece ${index}`)));
    const appended = await Promise.all(asked.map((request) => append(stage.custodian(), request)));
    expect(appended.map(({ number }) => number).sort((a, b) => a - b)).toEqual(
      asked.map((_, index) => index + 1),
    );
    expect(await stage.verdict()).toEqual({ manifests: 12, pieces: 12, problems: [] });
  });

  it("goes on where one broke off between manifest and table", async () => {
    const stage = new Stage();
    const request = stage.ask(stage.piece("one"));
    stage.before = (command) => {
      if (command instanceof PutCommand) throw named("ProvisionedThroughputExceededException");
    };
    await expect(append(stage.custodian(), request)).rejects.toThrow("ProvisionedThroughput");
    stage.before = () => undefined;
    expect(stage.objects.has(`${prefix}${manifestName(1)}`)).toBe(true);
    expect((await append(stage.custodian(), request)).number).toBe(2);
    expect(await stage.verdict()).toEqual({ manifests: 2, pieces: 1, problems: [] });
  });

  it.each([
    ["that is not there", { key: "evidence/CASE-1/files/none" }, "is not there"],
    ["that is something else", { sha256: "0".repeat(64) }, "is not what was said"],
    ["of another case", { key: "evidence/CASE-2/files/one" }, "is not evidence of CASE-1"],
    ["that is a manifest", { key: "custody/CASE-1/000001.json" }, "is not evidence of CASE-1"],
    ["in another bucket", { bucket: "somewhere-else" }, "is in no bucket of evidence"],
  ])("signs for no piece %s, and writes nothing", async (_, change, message) => {
    const stage = new Stage();
    const good = stage.piece("one");
    const before = stage.objects.size;
    await expect(
      append(stage.custodian(), stage.ask(stage.piece("one"), { ...good, ...change })),
    ).rejects.toMatchObject({ name: "NotPossible", message: expect.stringContaining(message) });
    expect([stage.objects.size, stage.head]).toEqual([before, undefined]);
  });

  /** S3 that knows no digest of the whole, as of an upload in parts. */
  const inParts = (stage: Stage, ContentLength: number): Custodian =>
    stage.custodian({
      s3: () =>
        ({
          send: async (command: object) =>
            command instanceof HeadObjectCommand
              ? { ContentLength, ChecksumSHA256: "b3RoZXI=-2", ChecksumType: "COMPOSITE" }
              : stage.s3.send(command as never),
        }) as unknown as S3Client,
    });

  const digestedBy = (stage: Stage): unknown => {
    const { payload } = JSON.parse(String(stage.objects.get(`${prefix}000001.json`))) as { payload: string };
    const { subject } = JSON.parse(Buffer.from(payload, "base64").toString()) as {
      subject: { annotations: { digestBy: string } }[];
    };
    return subject.map(({ annotations }) => annotations.digestBy);
  };

  it("reads what S3 knows no digest of, and refuses what is something else", async () => {
    const stage = new Stage();
    const piece = stage.piece("one");
    await expect(append(inParts(stage, 3), stage.ask({ ...piece, sha256: "0".repeat(64) }))).rejects.toThrow(
      "is not what was said",
    );
    expect((await append(inParts(stage, 3), stage.ask(piece))).number).toBe(1);
    expect(digestedBy(stage)).toEqual(["custodian"]);
  });

  it("says in the manifest that it has not checked what is too large to be read", async () => {
    const stage = new Stage();
    await append(inParts(stage, 2 ** 31), stage.ask(stage.piece("one")));
    expect(digestedBy(stage)).toEqual(["collector"]);
  });

  it("chains nothing to a manifest that it has not signed", async () => {
    const stage = new Stage();
    const piece = stage.piece("one");
    stage.objects.set(`${prefix}000001.json`, Buffer.from("{}"));
    await expect(append(stage.custodian(), stage.ask(piece))).rejects.toMatchObject({
      name: "NotPossible",
      message: expect.stringContaining("is no signed envelope"),
    });
    expect(stage.head).toBeUndefined();
  });

  it("tries again where two meet, of which neither has written", async () => {
    const stage = new Stage();
    const request = stage.ask(stage.piece("one"));
    let met = 0;
    stage.before = (command) => {
      if (command instanceof PutObjectCommand && met++ < 2) throw named("ConditionalRequestConflict");
    };
    expect((await append(stage.custodian(), request)).number).toBe(1);
    expect((await stage.verdict()).problems).toEqual([]);
  });

  it("takes a fault for a fault, and not for a piece that is not there", async () => {
    const stage = new Stage();
    const request = stage.ask(stage.piece("one"));
    stage.before = (command) => {
      if (command instanceof HeadObjectCommand) throw named("Forbidden");
    };
    await expect(append(stage.custodian(), request)).rejects.toMatchObject({ name: "Forbidden" });
  });
});
