import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { RE2JS } from "re2js";
import { mostParts } from "../../baseline/document-parameters";
import { type CommandDocument, collectionDocuments, documentLimit } from "../../baseline/documents";
import { exampleLandscape } from "../support/landscapes";
import { repository } from "../support/repository";
import { shellCheck } from "../support/shell-check";
import { objections } from "./command-document";

const sha256 = (bytes: string | Buffer): string => createHash("sha256").update(bytes).digest("hex");

/** A tool that reads no memory, but writes what a test can compare. */
const tool = '#!/bin/bash\n[ "$1" = --help ] || seq 1 400000 >"${@: -1}"\n';

const landscape = exampleLandscape([
  "endpoints: on-demand",
  `tools:\n    - { platform: linux, key: avml, sha256: ${sha256(tool)}, memory: x86-64 }\n  endpoints: on-demand`,
]);
const { forensics } = landscape;
if (!forensics) throw new Error("the example has no forensics");
const documents = collectionDocuments(landscape, forensics, "us-east-1");
const of = (name: string): CommandDocument => {
  const found = documents[`acme-ir-${name}`];
  if (!found) throw new Error(`no document ${name}`);
  return found;
};

const bucket = "acme-ir-evidence-444444444444-eu-west-1";
const address = (host: string, key = "evidence/CASE-1/memory.lime") =>
  `https://${host}/${key}?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=ASIA%2F20261128&partNumber=1`;
const good = address(`${bucket}.s3.eu-west-1.amazonaws.com`);

describe("documents of collection", () => {
  it.each(Object.entries(documents))("are what Systems Manager takes: %s", (_, document) => {
    expect(objections(document)).toEqual([]);
  });

  it("would not be, with anything that it does not know", () => {
    const live = of("collect-live-linux");
    const [first] = live.mainSteps;
    const broken = [
      { ...live, schemaVersion: "2.3" },
      { ...live, mainSteps: [] },
      { ...live, mainSteps: [{ ...first, action: "aws:runBashScript" }] },
      { ...live, mainSteps: [{ ...first, inputs: { ...first?.inputs, timeoutSeconds: 5 } }] },
      { ...live, parameters: { "part-bytes": { type: "String" } } },
      { ...live, parameters: { urls: { type: "Text" } } },
    ];
    for (const document of broken) expect(objections(document)).not.toEqual([]);
  });

  it.each(Object.entries(documents))("leave room for as many addresses as they take: %s", (_, document) => {
    // An address that is signed with a session's token.
    const addresses = mostParts * 1900;
    expect(Buffer.byteLength(JSON.stringify(document)) + addresses).toBeLessThan(documentLimit);
  });

  it.each(Object.entries(documents))(
    "put each parameter between quotes, and none that is not declared: %s",
    (_, document) => {
      const script = document.mainSteps.flatMap(({ inputs }) => inputs.runCommand).join("\n");
      const used = [...script.matchAll(/(.)\{\{\s*(\w+)\s*\}\}(.)/g)];
      expect(used.map(([, before, , behind]) => [before, behind])).toEqual(used.map(() => ["'", "'"]));
      expect(used.map(([, , name]) => name).sort()).toEqual(Object.keys(document.parameters).sort());
    },
  );

  it("take addresses of the case's prefix in a bucket of evidence, and no others", () => {
    // As Systems Manager does.
    const pattern = RE2JS.compile(of("hand-in-linux").parameters.urls?.allowedPattern ?? "");
    const [, query = ""] = good.split("?");
    const us = good.replaceAll("eu-west-1", "us-east-1");
    for (const one of [good, `${good},${good}`, us]) expect([one, pattern.matches(one)]).toEqual([one, true]);
    for (const one of [
      "",
      `${good},`,
      Array.from({ length: mostParts + 1 }, () => good).join(","),
      good.replace("https", "http"),
      good.replace("444444444444", "999999999999"),
      good.replace("acme-ir-evidence", "acme-ir-tools"),
      good.replace("evidence/CASE-1/", "custody/CASE-1/"),
      good.replace("evidence/CASE-1/", "evidence/"),
      good.replace(".s3.eu-west-1.amazonaws.com", ".s3.eu-west-1.amazonaws.com.example.org"),
      good.replace("amazonaws.com", "amazonaws.com@example.org"),
      good.replaceAll("eu-west-1.s3.eu-west-1", "eu-west-1.s3.us-east-1"),
      `${good}'; id; '`,
      `${good}\n`,
      address("example.org"),
      `https://example.org/?${query},${good}`,
    ]) {
      expect([one, pattern.matches(one)]).toEqual([one, false]);
    }
  });

  it("take nothing by which a value could end the quotes around it", () => {
    const patterns = Object.values(documents).flatMap(({ parameters }) =>
      Object.values(parameters).map(({ allowedPattern }) => allowedPattern),
    );
    for (const pattern of new Set(patterns)) {
      const accepts = RE2JS.compile(pattern);
      fc.assert(
        fc.property(
          fc.string(),
          fc.constantFrom("'", "\n", "`", "$", '"', ";", " "),
          fc.string(),
          (a, b, c) => {
            expect(accepts.matches(`${a}${b}${c}`)).toBe(false);
            expect(accepts.matches(`${good}${b}`)).toBe(false);
          },
        ),
        { numRuns: 200 },
      );
    }
  });

  it("have defaults that they take", () => {
    for (const { parameters } of Object.values(documents)) {
      for (const { allowedPattern, default: value } of Object.values(parameters)) {
        if (value !== undefined) expect(value).toMatch(new RegExp(allowedPattern));
      }
    }
  });

  it.each(["collect-memory-linux", "collect-live-linux", "hand-in-linux"])("pass ShellCheck: %s", (name) => {
    expect(shellCheck(scriptOf(name, {}))).toEqual([]);
  });
});

const scriptOf = (name: string, values: Readonly<Record<string, string>>): string =>
  of(name)
    .mainSteps.flatMap(({ inputs }) => inputs.runCommand)
    .join("\n")
    .replaceAll(/\{\{\s*(\w+)\s*\}\}/g, (_, parameter: string) => values[parameter] ?? "");

/** Takes parts as S3 does: of a known length, by an address that was signed for their SHA-256. */
class Bucket {
  readonly parts: Buffer[] = [];
  refuses: number | undefined;
  private readonly server: Server = createServer((request, response) => void this.serve(request, response));

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  readonly url = (key: string, digest = ""): string =>
    `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/${key}?signed=${encodeURIComponent(digest)}`;

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    if (request.method === "GET") return void response.end(tool);
    const signed = new URL(request.url ?? "", "http://s3").searchParams.get("signed");
    const sound =
      request.method === "PUT" &&
      request.headers["x-amz-checksum-sha256"] === signed &&
      signed === createHash("sha256").update(body).digest("base64") &&
      // Headers that an address was not signed for.
      request.headers["content-md5"] === undefined &&
      request.headers["transfer-encoding"] === undefined &&
      Number(request.headers["content-length"]) === body.length;
    if (!sound || this.parts.length + 1 === this.refuses) {
      response.statusCode = 403;
      response.end();
      return;
    }
    this.parts.push(body);
    response.end();
  }
}

type Line = Readonly<Record<string, unknown>>;

describe("what a machine runs", () => {
  let folder: string;
  let bucket: Bucket;

  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "ir-kit-collect-"));
    mkdirSync(path.join(folder, "work"));
    bucket = new Bucket();
    await bucket.listen();
  });

  afterEach(() => {
    bucket.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const runScript = async (
    text: string,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<{ exitCode: number | null; lines: Line[] }> => {
    const script = path.join(folder, "script.sh");
    writeFileSync(script, text);
    const child = spawn("bash", [script], {
      env: { PATH: `${process.env.PATH}:/usr/sbin:/sbin`, LC_ALL: "C.UTF-8", ...environment },
      stdio: ["ignore", "pipe", "ignore"],
    });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
    const exitCode = await new Promise<number | null>((resolve) => child.on("close", resolve));
    const lines = output
      .trim()
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Line);
    return { exitCode, lines };
  };
  const partBytes = "1000000";
  const collect = (
    name: string,
    values: Readonly<Record<string, string>> = {},
    environment: Readonly<Record<string, string>> = {},
  ) =>
    runScript(
      scriptOf(name, {
        partBytes,
        folder: path.join(folder, "work"),
        toolUrl: bucket.url("tool"),
        ...values,
      }),
      environment,
    );
  const handIn = (work: string, digests: readonly string[], firstPart = "1") =>
    runScript(
      scriptOf("hand-in-linux", {
        work,
        partBytes,
        firstPart,
        urls: digests.map((digest, index) => bucket.url(`part-${index}`, digest)).join(","),
      }),
    );
  const left = () => readdirSync(path.join(folder, "work"));
  const base64 = (hex: unknown): string => Buffer.from(String(hex), "hex").toString("base64");

  const meminfo = (kilobytes: number): Record<string, string> => {
    const file = path.join(folder, "meminfo");
    writeFileSync(file, `MemTotal: ${kilobytes} kB\n`);
    return { IR_KIT_MEMINFO: file };
  };
  const wanted = () => execFileSync("seq", ["1", "400000"], { maxBuffer: 1e7 });

  it("collects memory, tells each part, and hands in what addresses were signed for", async () => {
    const { exitCode, lines } = await collect("collect-memory-linux", {}, meminfo(1000));
    const bytes = wanted();
    const parts = [0, 1, 2].map((index) => bytes.subarray(index * 1_000_000, (index + 1) * 1_000_000));
    const told = parts.map((part, index) => ({ part: index + 1, bytes: part.length, sha256: sha256(part) }));
    const work = String(lines.at(-1)?.work);
    expect([exitCode, lines]).toEqual([0, [...told, { work, bytes: bytes.length, sha256: sha256(bytes) }]]);
    // As the document takes it, where the folder is the usual one.
    expect(work.replace(path.join(folder, "work"), "/var/cache")).toMatch(
      new RegExp(of("hand-in-linux").parameters.work?.allowedPattern ?? "^$"),
    );
    const first = await handIn(work, [base64(told[0]?.sha256)]);
    expect([first.exitCode, first.lines]).toEqual([0, [told[0], { left: bytes.length - 1_000_000 }]]);
    const rest = await handIn(
      work,
      told.slice(1).map((part) => base64(part.sha256)),
      "2",
    );
    expect([rest.exitCode, rest.lines]).toEqual([0, [...told.slice(1), { left: 0 }]]);
    expect(Buffer.concat(bucket.parts).equals(bytes)).toBe(true);
    expect(left()).toEqual([]);
  });

  it("hands in nothing but the bytes that an address was signed for", async () => {
    const { lines } = await collect("collect-memory-linux", {}, meminfo(1000));
    const work = String(lines.at(-1)?.work);
    writeFileSync(path.join(work, "collected"), "something else");
    const { exitCode, lines: told } = await handIn(work, [base64(lines[0]?.sha256)]);
    expect([exitCode, told, bucket.parts]).toEqual([1, [{ failed: "part 1 was not taken" }], []]);
  });

  it("keeps what was not taken, and goes on with the part that is named", async () => {
    const { lines } = await collect("collect-memory-linux", {}, meminfo(1000));
    const work = String(lines.at(-1)?.work);
    const digests = lines.slice(0, -1).map((line) => base64(line.sha256));
    bucket.refuses = 2;
    const { exitCode, lines: told } = await handIn(work, digests);
    expect([exitCode, told.at(-1)]).toEqual([1, { failed: "part 2 was not taken" }]);
    bucket.refuses = undefined;
    expect((await handIn(work, digests.slice(1), "2")).exitCode).toBe(0);
    expect(Buffer.concat(bucket.parts).equals(wanted())).toBe(true);
    expect(left()).toEqual([]);
    const again = await handIn(work, digests);
    expect([again.exitCode, again.lines]).toEqual([1, [{ failed: `there is nothing in ${work}` }]]);
  });

  it.each<[string, Readonly<Record<string, string>>, () => Record<string, string>, RegExp]>([
    ["without room for it", {}, () => meminfo(1e13), /kB left and memory has/],
    ["of which a part is missing", {}, () => meminfo(10_000), /the tool gave less than there is memory/],
    ["where the folder is not there", { folder: "/nowhere" }, () => meminfo(1000), /can't be written to/],
  ])("collects no memory %s, and says why", async (_, values, environment, why) => {
    const { exitCode, lines } = await collect("collect-memory-linux", values, environment());
    expect([exitCode, lines.at(-1)]).toEqual([1, { failed: expect.stringMatching(why) }]);
    expect(left()).toEqual([]);
  });

  it("runs no tool but the one that is pinned, and none where none is", async () => {
    const text = scriptOf("collect-memory-linux", {
      partBytes,
      folder: path.join(folder, "work"),
      toolUrl: bucket.url("tool"),
    });
    const pinned = sha256(tool);
    expect(text).toContain(`IR_KIT_SHA256_X86_64='${pinned}'`);
    const other = await runScript(text.replaceAll(pinned, sha256("another")), meminfo(1000));
    expect([other.exitCode, other.lines]).toEqual([
      1,
      [{ failed: "the tool is not the one that is pinned" }],
    ]);
    const none = await runScript(text.replaceAll(pinned, ""), meminfo(1000));
    expect([none.exitCode, none.lines]).toEqual([
      1,
      [{ failed: expect.stringMatching(/^no tool is pinned for x86_64|aarch64/) }],
    ]);
    expect(left()).toEqual([]);
  });

  it("reads a program once, however many processes run it", () => {
    const proc = path.join(folder, "proc");
    const files = { one: path.join(folder, "one"), other: path.join(folder, "other") };
    for (const [name, file] of Object.entries(files)) writeFileSync(file, name);
    for (const [id, file] of [
      ["1", files.one],
      ["2", files.other],
      ["3", files.one],
      ["4", path.join(folder, "gone")],
    ] as const) {
      mkdirSync(path.join(proc, id), { recursive: true });
      symlinkSync(file, path.join(proc, id, "exe"));
    }
    const reads = path.join(folder, "reads");
    const script = `set -euo pipefail
      sha256sum() { echo read >>"${reads}"; command sha256sum "$@"; }
      . "${path.join(repository, "documents", "collect-live.sh")}"
      programs`;
    const told = execFileSync("bash", ["-c", script], {
      encoding: "utf8",
      env: { ...process.env, IR_KIT_PROC: proc },
    });
    const [one, other] = [sha256(Buffer.from("one")), sha256(Buffer.from("other"))];
    expect(told.split("\n")).toEqual([
      `1\t${one}\t${files.one}`,
      `2\t${other}\t${files.other}`,
      `3\t${one}\t${files.one}`,
      `4\t\t${path.join(folder, "gone")}`,
      "",
    ]);
    expect(readFileSync(reads, "utf8").trim().split("\n")).toHaveLength(2);
  });

  it("tells what a running machine knows of itself, this one", async () => {
    const { exitCode, lines } = await collect("collect-live-linux", { partBytes: "5000000000" });
    expect([exitCode, lines.filter(({ failed }) => failed)]).toEqual([0, []]);
    const work = String(lines.at(-1)?.work);
    expect(readdirSync(work)).toEqual(["collected"]);
    const packed = path.join(work, "collected");
    expect(lines.at(-1)?.sha256).toBe(sha256(readFileSync(packed)));
    execFileSync("tar", ["--extract", "--gzip", "--file", packed, "--directory", folder]);
    const tells = (name: string) => readFileSync(path.join(folder, "live", `${name}.txt`), "utf8");
    expect(tells("processes")).toContain("script.sh");
    expect(tells("programs")).toContain(sha256(readFileSync(process.execPath)));
    expect(tells("mounts")).toContain("/proc");
    // What this machine lacks is told, and is no file.
    const missing = lines.flatMap((line) => (typeof line.missing === "string" ? [line.missing] : []));
    for (const command of missing)
      expect(() => execFileSync("which", [command], { stdio: "ignore" })).toThrow();
  });
});
