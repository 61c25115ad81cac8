import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectRetentionCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { manifestsOf, manifestsPrefix, piecesOf, piecesPrefix } from "../../../landscape/evidence-prefixes";
import { bucketName, signingKeyAliasName } from "../../../landscape/names";
import type { Verdict } from "../../../runtime/custody/verify";
import type { Keys } from "../../local-aws/clients";
import { administrator } from "../accounts";
import type { Workspace } from "../workspace";
import { describeOnOrganization, minutes } from "./fork";
import { expectNoChange } from "./no-change";
import { readPublicKey, responderKeys } from "./responder-keys";

const caseId = "CASE-7";

/** Evidence is put away, signed for, and proven; and whatever is done to it afterwards is told. */
describeOnOrganization((workspaceOf) => {
  describe("custody", () => {
    let workspace: Workspace;
    let keys: Keys;
    let s3: S3Client;
    let bucket: string;
    let head: string;

    const irKit = (...args: string[]) =>
      workspace.irKitAs(keys, {}, "custody", ...args, "--mfa-code", "123456");
    const file = (name: string, content: string): string => {
      const written = path.join(workspace.directory, name);
      writeFileSync(written, content);
      return written;
    };
    const about = ["--what", "screenshot of the console", "--source", "arn:aws:ec2:::instance/i-1"];
    const verdict = async (): Promise<{ exitCode: number | null; verdict: Verdict }> => {
      const { exitCode, stdout } = await irKit("verify", caseId, "--json");
      return { exitCode, verdict: JSON.parse(stdout) as Verdict };
    };

    const versions = async () => {
      const pages = await Promise.all(
        [piecesPrefix, manifestsPrefix].map((Prefix) =>
          s3.send(new ListObjectVersionsCommand({ Bucket: bucket, Prefix })),
        ),
      );
      return pages
        .flatMap(({ Versions = [] }) => Versions)
        .filter(({ Key = "" }) => Key.includes(`/${caseId}/`));
    };

    beforeAll(async () => {
      workspace = workspaceOf();
      keys = await responderKeys(workspace);
      const landscape = workspace.landscape();
      bucket = bucketName(landscape, "evidence");
      const owner = await administrator(workspace, landscape.accounts.forensics.id ?? "");
      s3 = new S3Client({ ...workspace.client(owner), forcePathStyle: true });
    }, minutes);

    it(
      "signs for files, one manifest after the other, and locks both",
      async () => {
        const one = file("one.txt", "one");
        const two = file("two, with a space.txt", "two");
        const first = await irKit("add", one, two, "--case", caseId, ...about);
        expect({ exitCode: first.exitCode, output: first.exitCode === 0 ? "" : first.output }).toEqual({
          exitCode: 0,
          output: "",
        });
        expect(first.stdout).toMatch(/last manifest 1:[0-9a-f]{64}\n$/);
        const second = await irKit("add", one, "--case", caseId, ...about);
        [, head = ""] = /last manifest (2:[0-9a-f]{64})\n$/.exec(second.stdout) ?? [];
        expect(head).not.toBe("");
        const written = await versions();
        expect(written).toHaveLength(5);
        for (const { Key, VersionId } of written) {
          const { Retention } = await s3.send(
            new GetObjectRetentionCommand({ Bucket: bucket, Key, VersionId }),
          );
          expect([Key, Retention?.Mode]).toEqual([Key, "GOVERNANCE"]);
        }
      },
      minutes,
    );

    it(
      "holds, as a responder sees who had no part in it",
      async () => {
        const { exitCode, stdout } = await irKit("verify", caseId);
        expect([exitCode, stdout]).toEqual([
          0,
          // Where CI is set, the verdict is coloured.
          expect.stringMatching(
            /HOLDS.* custody of CASE-7: 2 manifests, 3 pieces of evidence, each as it was signed for\n$/,
          ),
        ]);
      },
      minutes,
    );

    it(
      "holds in a copy too, without AWS, and is broken there by one byte",
      async () => {
        const { copy, publicKey } = await copyOfEvidence();
        const offline = ["--directory", copy, "--public-key", publicKey, "--head", head];
        expect((await irKit("verify", caseId, ...offline)).stdout).toContain("HOLDS");
        const piece = path.join(copy, bucket, piecesOf(caseId), "files", piecesIn[0] ?? "");
        writeFileSync(piece, `${readFileSync(piece, "utf8")}.`);
        const broken = await irKit("verify", caseId, ...offline);
        expect([broken.exitCode, broken.stdout]).toEqual([1, expect.stringContaining("signs for")]);
        const unknown = await irKit("verify", caseId, "--directory", copy);
        expect([unknown.exitCode, unknown.output]).toEqual([2, expect.stringContaining("--public-key")]);
      },
      minutes,
    );

    let piecesIn: string[] = [];

    async function copyOfEvidence(): Promise<{ copy: string; publicKey: string }> {
      // An administrator of the account may not, since the key's policy names who checks signatures.
      const { exitCode, stdout, output } = await workspace.irKitAs(
        keys,
        { AWS_PROFILE: "" },
        ...["assume", "evidence", "--account", "forensics", "--case", caseId, "--mfa-code", "123456"],
        ...["--exec", readPublicKey(workspace, signingKeyAliasName(workspace.landscape()))],
      );
      expect({ exitCode, output: exitCode === 0 ? "" : output }).toEqual({ exitCode: 0, output: "" });
      const lines = stdout.trim().match(/.{1,64}/g) ?? [];
      const publicKey = file(
        "custody.pem",
        ["-----BEGIN PUBLIC KEY-----", ...lines, "-----END PUBLIC KEY-----", ""].join("\n"),
      );
      const copy = path.join(workspace.directory, "copy");
      const written = await versions();
      for (const { Key = "" } of written) {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
        const target = path.join(copy, bucket, ...Key.split("/"));
        mkdirSync(path.dirname(target), { recursive: true });
        writeFileSync(target, (await Body?.transformToByteArray()) ?? "");
      }
      piecesIn = written
        .map(({ Key = "" }) => Key)
        .filter((key) => key.includes("/files/"))
        .map((key) => path.basename(key));
      return { copy, publicKey };
    }

    it(
      "is refused for what is not there, and writes nothing then",
      async () => {
        const missing = await irKit("add", "no-such-file", "--case", caseId, ...about);
        expect([missing.exitCode, missing.output]).toEqual([
          2,
          expect.stringContaining("no-such-file is no file"),
        ]);
        const folder = await irKit("verify", "case-7");
        expect([folder.exitCode, folder.output]).toEqual([
          2,
          expect.stringContaining('did you mean "CASE-7"?'),
        ]);
        expect((await verdict()).exitCode).toBe(0);
      },
      minutes,
    );

    it(
      "signs for what was left when a deposit broke off, and for nothing where nothing was left",
      async () => {
        const empty = await irKit("verify", "CASE-8");
        expect([empty.exitCode, empty.output]).toEqual([
          1,
          expect.stringContaining("CASE-8 has no evidence"),
        ]);
        const none = await irKit("sign", "--case", caseId, ...about);
        expect([none.exitCode, none.output]).toEqual([
          1,
          expect.stringContaining("is left to be signed for"),
        ]);
        const left = `${piecesOf(caseId)}files/left.txt`;
        await s3.send(new PutObjectCommand({ Bucket: bucket, Key: left, Body: "left" }));
        expect((await verdict()).exitCode).toBe(1);
        const signed = await irKit("sign", "--case", caseId, ...about);
        expect({ exitCode: signed.exitCode, output: signed.exitCode === 0 ? "" : signed.output }).toEqual({
          exitCode: 0,
          output: "",
        });
        expect(signed.stdout).toMatch(/left\.txt\nlast manifest 3:[0-9a-f]{64}\n$/);
        expect((await verdict()).exitCode).toBe(0);
      },
      minutes,
    );

    it(
      "tells of a file that nobody signed for, of what was written over, and of what is hidden",
      async () => {
        const planted = `${piecesOf(caseId)}files/planted.txt`;
        await s3.send(new PutObjectCommand({ Bucket: bucket, Key: planted, Body: "planted" }));
        const over = `${piecesOf(caseId)}files/left.txt`;
        await s3.send(new PutObjectCommand({ Bucket: bucket, Key: over, Body: "another" }));
        const manifest = (number: number) => `${manifestsOf(caseId)}00000${number}.json`;
        await s3.send(new PutObjectCommand({ Bucket: bucket, Key: manifest(1), Body: "{}" }));
        await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: manifest(2) }));
        const { exitCode, verdict: found } = await verdict();
        expect(exitCode).toBe(1);
        expect(found.problems).toEqual([
          { where: "000001.json", problem: expect.stringContaining("has 2 versions or markers") },
          { where: "000002.json", problem: expect.stringContaining("has 2 versions or markers") },
          { where: `s3://${bucket}/${over}`, problem: expect.stringContaining("was written over") },
          { where: `s3://${bucket}/${planted}`, problem: expect.stringContaining("is named by no manifest") },
        ]);
      },
      minutes,
    );

    it(
      "leaves what Terraform made as it is",
      () => expectNoChange(workspace, ["evidence-eu-west-1", "custody"]),
      2 * minutes,
    );
  });
});
